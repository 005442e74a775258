import type { Profile } from './profile.ts';
import type {
  PlanLine,
  PlanQuestion,
  PlanVerdict,
  SubjectPart,
  WishedAttribute,
  WishedExtension,
} from './request-plan.ts';

function mayFollow({ consent, request }: PlanQuestion): boolean {
  return consent || request.followServer === 'stronger';
}

interface SubjectOutcome {
  readonly line: PlanLine;
  readonly missing: readonly string[];
}

/** The subject: the template filled in where that is agreed, else the profile's. */
export function planSubject(question: PlanQuestion): SubjectOutcome {
  const { wishes, request, subject, fill, namesFixed } = question;
  const profile = request.subject;
  const line = { about: 'subject', oid: '', profile } as const;
  const asked = wishes.subject === null ? '' : nameText(wishes.subject);
  if (wishes.subject === null || wishes.subject.length === 0 || namesFixed) {
    return { line: { ...line, asked, sent: profile, verdict: 'same' }, missing: [] };
  }
  const left = [...subject];
  const missing: string[] = [];
  let differs = false;
  const filled = wishes.subject.map((rdn) =>
    rdn.map(({ type, value }) => {
      const own = takePart(left, type, value);
      const given =
        value === null ? (fill[type] === undefined ? null : escapedValue(fill[type])) : value;
      const chosen = given ?? own;
      if (chosen === null) missing.push(type);
      if (chosen !== own) differs = true;
      return { type, value: chosen };
    }),
  );
  if (!differs && left.length === 0 && missing.length === 0) {
    return { line: { ...line, asked, sent: profile, verdict: 'same' }, missing: [] };
  }
  if (!mayFollow(question) && !namesAreGiven(wishes.subject, fill)) {
    return { line: { ...line, asked, sent: profile, verdict: 'kept' }, missing: [] };
  }
  return { line: { ...line, asked, sent: nameText(filled), verdict: 'followed' }, missing };
}

/** Who fills in the template's placeholders by hand has agreed to the template. */
function namesAreGiven(
  subject: readonly (readonly WishedAttribute[])[],
  fill: PlanQuestion['fill'],
): boolean {
  return subject.flat().some(({ type, value }) => value === null && fill[type] !== undefined);
}

/** Takes the profile's attribute that fits best: the same value, else the first of the type. */
function takePart(left: SubjectPart[], type: string, value: string | null): string | null {
  const same = left.findIndex((part) => part.type === type && part.value === value);
  const index = same >= 0 ? same : left.findIndex((part) => part.type === type);
  return index < 0 ? null : (left.splice(index, 1)[0]?.value ?? null);
}

/** The text of a name, most specific first (RFC 4514 §2.1); an open value is written `…`. */
function nameText(rdns: readonly (readonly WishedAttribute[])[]): string {
  return [...rdns]
    .reverse()
    .map((rdn) => rdn.map(({ type, value }) => `${type}=${value ?? '…'}`).join('+'))
    .join(',');
}

/** RFC 4514 §2.4. */
function escapedValue(value: string): string {
  return value
    .replace(/[",+;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}

interface NamesOutcome {
  readonly line: PlanLine;
  readonly sent: Profile['request']['subjectAltNames'];
  readonly missing: readonly string[];
  /** The SubjectAltName as the server gave it, where it holds names of other kinds. */
  readonly extensions: readonly WishedExtension[];
}

const subjectAltName = '2.5.29.17';

/** The alternative names, in the same way. */
export function planNames(question: PlanQuestion): NamesOutcome {
  const { wishes, request, fill, namesFixed } = question;
  const own = request.subjectAltNames;
  const line = { about: 'subjectAltNames', oid: '', profile: own.join(', ') } as const;
  const wished = wishes.subjectAltNames ?? [];
  const asked = wished.map((name) => (open(name) ? `${name}…` : name)).join(', ');
  const keep = (verdict: PlanVerdict): NamesOutcome => ({
    line: { ...line, asked, sent: own.join(', '), verdict },
    sent: own,
    missing: [],
    extensions: [],
  });
  if (namesFixed || wishes.subjectAltNames === null) return keep('same');
  // An extension named alone leaves all of it to the client (RFC 9908 §3.4).
  if (wished.length === 0) return keep(own.length === 0 ? 'left-out' : 'same');
  const left = [...own];
  const missing: string[] = [];
  const filled = wished.map((name) => {
    const kind = name.slice(0, name.indexOf(':'));
    const fit = left.find((own) => own.startsWith(name) && (open(name) || own === name));
    const mine = fit === undefined ? undefined : left.splice(left.indexOf(fit), 1)[0];
    if (!open(name)) return name;
    const given = fill[kind] === undefined ? mine : `${kind}:${fill[kind]}`;
    if (given === undefined) missing.push(kind);
    return given ?? name;
  });
  const same = left.length === 0 && filled.every((name) => own.includes(name));
  if (same) return keep('same');
  const given = wished.some((name) => open(name) && fill[name.slice(0, -1)] !== undefined);
  const writable = filled.every((name) => /^(?:DNS|IP|email|URI):/.test(name));
  const whole = wishes.subjectAltNameValue;
  if (!writable && whole !== null && own.length === 0 && mayFollow(question)) {
    const extension = { oid: subjectAltName, critical: false, value: whole, text: asked };
    return {
      ...keep('followed'),
      line: { ...line, asked, sent: asked, verdict: 'followed' },
      extensions: [extension],
    };
  }
  if (!writable || !(mayFollow(question) || given)) return keep('kept');
  const sent = [...filled, ...left];
  return {
    line: { ...line, asked, sent: sent.join(', '), verdict: 'followed' },
    sent,
    missing,
    extensions: [],
  };
}

/** A name the client fills in. */
function open(name: string): boolean {
  return name.endsWith(':');
}
