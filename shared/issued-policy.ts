import type { NoticeCode } from './notices.ts';
import type { Profile } from './profile.ts';

/** What a request or a certificate says, in words that can be compared. */
export interface CertifiedFeatures {
  /** For people (RFC 4514). */
  readonly subject: string;
  /** For the comparison: string types, case and spaces do not count (RFC 5280 §7.1). */
  readonly comparableSubject: string;
  readonly subjectAltNames: readonly string[];
  /** Null when the extension is absent. */
  readonly keyUsage: readonly string[] | null;
  /** Dotted OIDs; null when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** Every other extension that can be asked for. */
  readonly extensions: readonly { readonly oid: string; readonly value: string }[];
}

export type IssuedPolicy = Profile['issued'];
export type Judgement = IssuedPolicy['subject'];

/** One way in which the certificate is not what was asked for. */
export interface IssuedDifference {
  readonly code: NoticeCode & `ISSUED-${string}`;
  readonly asked: string;
  readonly issued: string;
  readonly judgement: Exclude<Judgement, 'accept'>;
}

export interface IssuedValidity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface Found {
  readonly code: IssuedDifference['code'];
  readonly asked: string;
  readonly issued: string;
  readonly judgement: Judgement;
}

/**
 * How an issued certificate differs from its request, judged by the profile (RFC 7030 §4.2.1: a CA may issue other
 * values than asked for). Differences the profile accepts are left out. Pure.
 */
export function issuedDifferences(
  asked: CertifiedFeatures,
  issued: CertifiedFeatures & IssuedValidity,
  policy: IssuedPolicy,
  at: Date,
): IssuedDifference[] {
  const found: readonly (Found | null)[] = [
    subject(asked, issued, policy.subject),
    alternativeNames(asked, issued, policy.subjectAltNames),
    keyUsage(asked, issued, policy.keyUsage),
    purposes(asked, issued, policy.extendedKeyUsage),
    ...asked.extensions.map((wanted) => extension(wanted, issued, policy.extensions)),
    validity(issued, policy, at),
  ];
  return found.flatMap((one) =>
    one === null || one.judgement === 'accept' ? [] : [{ ...one, judgement: one.judgement }],
  );
}

function subject(
  asked: CertifiedFeatures,
  issued: CertifiedFeatures,
  judgement: Judgement,
): Found | null {
  if (asked.comparableSubject === issued.comparableSubject) return null;
  return { code: 'ISSUED-SUBJECT', asked: asked.subject, issued: issued.subject, judgement };
}

function alternativeNames(
  { subjectAltNames: asked }: CertifiedFeatures,
  { subjectAltNames: issued }: CertifiedFeatures,
  judgement: Judgement,
): Found | null {
  if (sameMembers(asked.map(caseless), issued.map(caseless))) return null;
  return { code: 'ISSUED-NAMES', asked: words(asked), issued: words(issued), judgement };
}

/** Without a wish, a key that may not sign is still worth a word: nothing else can be done with it here. */
function keyUsage(
  { keyUsage: asked }: CertifiedFeatures,
  { keyUsage: issued }: CertifiedFeatures,
  judgement: Judgement,
): Found | null {
  const content =
    asked === null
      ? issued === null || issued.some((usage) => signing.has(usage))
      : issued !== null && sameMembers(asked, issued);
  if (content) return null;
  return { code: 'ISSUED-KEY-USAGE', asked: words(asked), issued: words(issued), judgement };
}

const signing: ReadonlySet<string> = new Set(['digitalSignature', 'nonRepudiation']);

/** A certificate without the extension, or with anyExtendedKeyUsage, is good for every purpose (RFC 5280 §4.2.1.12). */
function purposes(
  { extendedKeyUsage: asked }: CertifiedFeatures,
  { extendedKeyUsage: issued }: CertifiedFeatures,
  judgement: Judgement,
): Found | null {
  if (asked === null || issued === null || issued.includes(anyPurpose)) return null;
  if (asked.every((purpose) => issued.includes(purpose))) return null;
  return { code: 'ISSUED-PURPOSES', asked: words(asked), issued: words(issued), judgement };
}

const anyPurpose = '2.5.29.37.0';

function extension(
  wanted: CertifiedFeatures['extensions'][number],
  { extensions }: CertifiedFeatures,
  judgement: Judgement,
): Found | null {
  const given = extensions.find(({ oid }) => oid === wanted.oid);
  if (given?.value === wanted.value) return null;
  const asked = `${wanted.oid} ${wanted.value}`;
  return { code: 'ISSUED-EXTENSION', asked, issued: given?.value ?? '-', judgement };
}

const dayMs = 24 * 3600 * 1000;

function validity(
  { notBefore, notAfter }: IssuedValidity,
  { minValidityDays, maxValidityDays, validity: judgement }: IssuedPolicy,
  at: Date,
): Found | null {
  const whole = (notAfter.getTime() - notBefore.getTime()) / dayMs;
  const left = (notAfter.getTime() - at.getTime()) / dayMs;
  const tooLong = maxValidityDays !== null && whole > maxValidityDays;
  if (!tooLong && left >= minValidityDays) return null;
  return {
    code: 'ISSUED-VALIDITY',
    asked: `${minValidityDays} – ${maxValidityDays ?? '∞'} d`,
    issued: `${notBefore.toISOString()} – ${notAfter.toISOString()}`,
    judgement,
  };
}

/** RFC 4343: names of domains do not tell upper from lower case. */
function caseless(name: string): string {
  return name.startsWith('DNS:') ? name.toLowerCase() : name;
}

function words(values: readonly string[] | null): string {
  return values === null || values.length === 0 ? '-' : values.join(', ');
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}
