import { planKey, planSignature } from './key-plan.ts';
import { planNames, planSubject } from './name-plan.ts';
import type { KeyAlgorithm, Profile, SignatureAlgorithm } from './profile.ts';

/** One attribute of the subject a server's template wants. */
export interface WishedAttribute {
  /** Keyword such as `CN`, or a dotted OID. */
  readonly type: string;
  /** As it stands in the text of a name (RFC 4514 §2.4); null where the client fills it in. */
  readonly value: string | null;
}

/** One extension a server wishes to find in a request; never the SubjectAltName. */
export interface WishedExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** base64 of the extension's value, DER; null where the server names the extension alone. */
  readonly value: string | null;
  /** The value in words or hexadecimal digits; empty without a value. */
  readonly text: string;
}

/** What a server asks of a request, after reading (RFC 7030 §4.5.2, RFC 9908 §3). */
export interface RequestWishes {
  readonly asksForPop: boolean;
  /** `parameter` is empty where the server names the algorithm alone. */
  readonly key: { readonly algorithm: KeyAlgorithm; readonly parameter: string } | null;
  readonly signatureName: SignatureAlgorithm | null;
  /** The server gave a template (RFC 9908 §3.4), and it alone counts (§4). */
  readonly template: boolean;
  /** Relative distinguished names in the order of DER; null where the server says nothing of the subject. */
  readonly subject: readonly (readonly WishedAttribute[])[] | null;
  /** `DNS:…`, or `DNS:` alone where the client fills it in; null where no SubjectAltName is asked for. */
  readonly subjectAltNames: readonly string[] | null;
  /** base64 of the SubjectAltName's value, DER, where the server gives all of it; null otherwise. */
  readonly subjectAltNameValue: string | null;
  readonly extensions: readonly WishedExtension[];
  /** Object identifiers the station does not understand, or that a template overrides. */
  readonly unknown: readonly string[];
}

/** One attribute of the profile's subject, as `WishedAttribute`. */
export interface SubjectPart {
  readonly type: string;
  readonly value: string;
}

/** What the plan looks at. */
export interface PlanQuestion {
  readonly request: Profile['request'];
  /** The profile's subject, taken apart; in the order of DER. */
  readonly subject: readonly SubjectPart[];
  readonly wishes: RequestWishes;
  /** Values a person gave for placeholders: `serialNumber`, `DNS`. */
  readonly fill: Readonly<Record<string, string>>;
  /** A person agreed to what the server asks. */
  readonly consent: boolean;
  /** The key is there already: a renewal with the same key, or a request that is repeated. */
  readonly keyFixed: boolean;
  /** Names are copied from the present certificate (RFC 7030 §4.2.2). */
  readonly namesFixed: boolean;
}

export type PlanVerdict =
  /** Nothing asked, or the same on both sides. */
  | 'same'
  /** Sent as the server asks. */
  | 'followed'
  /** The server asks for something else; the profile's way is kept. */
  | 'kept'
  /** Nothing is sent for it: not understood, or no value was given. */
  | 'left-out';

/** One line of the comparison: what the server asks, what the profile says, what will be sent. */
export interface PlanLine {
  readonly about: 'subject' | 'subjectAltNames' | 'key' | 'signature' | 'extension' | 'other';
  /** Dotted OID for `extension` and `other`; empty otherwise. */
  readonly oid: string;
  /** Empty: the server asks for nothing special. */
  readonly asked: string;
  readonly profile: string;
  readonly sent: string;
  readonly verdict: PlanVerdict;
}

export interface RequestPlan {
  /** The profile's request as it will be carried out. */
  readonly request: Profile['request'];
  /** Extensions beside the SubjectAltName that will stand in the request. */
  readonly extensions: readonly WishedExtension[];
  readonly lines: readonly PlanLine[];
  /** Placeholders nobody has filled: `serialNumber`, `DNS`. Such a request cannot be made. */
  readonly missing: readonly string[];
}

/**
 * Holds the server's wishes against the profile and says what will be sent. Nothing becomes weaker than the profile,
 * and no name is taken from the server, unless a person agreed or `request.followServer` allows it. Pure.
 */
export function planRequest(question: PlanQuestion): RequestPlan {
  const subject = planSubject(question);
  const names = planNames(question);
  const key = planKey(question);
  const signature = planSignature(question, key.request);
  const extensions = planExtensions(question);
  return {
    request: {
      ...key.request,
      subject: subject.line.sent,
      subjectAltNames: names.sent,
      signatureAlgorithm: signature.algorithm,
    },
    extensions: [...names.extensions, ...extensions.sent],
    lines: [
      subject.line,
      names.line,
      key.line,
      signature.line,
      ...extensions.lines,
      ...question.wishes.unknown.map(notUnderstood),
    ],
    missing: [...subject.missing, ...names.missing],
  };
}

/** An extension whose value the server gives goes into the request; one it names alone has no value to send. */
function planExtensions({ wishes, request }: PlanQuestion) {
  const refused = request.followServer === 'never';
  const sent = refused ? [] : wishes.extensions.filter(given);
  const lines = wishes.extensions.map((wish): PlanLine => {
    const line = {
      about: 'extension',
      oid: wish.oid,
      asked: wish.text || '…',
      profile: '',
    } as const;
    if (sent.includes(wish)) return { ...line, sent: wish.text, verdict: 'followed' };
    return { ...line, sent: '', verdict: wish.value === null ? 'left-out' : 'kept' };
  });
  return { sent, lines };
}

function notUnderstood(oid: string): PlanLine {
  return { about: 'other', oid, asked: oid, profile: '', sent: '', verdict: 'left-out' };
}

/** An extension stands in a request once; the first with a value counts. */
function given(
  { oid, value }: WishedExtension,
  index: number,
  all: readonly WishedExtension[],
): boolean {
  return value !== null && all.findIndex((one) => one.oid === oid && one.value !== null) === index;
}
