import {
  type KeyAlgorithm,
  type Profile,
  parameterSets,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './profile.ts';
import type { PlanLine, PlanQuestion, RequestWishes } from './request-plan.ts';

type KeyChoice = Pick<Profile['request'], 'keyAlgorithm' | 'keyParameterSet'>;

/** Security strength in bits (NIST SP 800-57 part 1, table 2); RSA 4096 lies between two rows. */
const strengths: Readonly<Record<Profile['request']['keyParameterSet'], number>> = {
  '2048': 112,
  '3072': 128,
  '4096': 152,
  prime256v1: 128,
  secp384r1: 192,
  secp521r1: 256,
  ed25519: 128,
};

/** The key: never weaker than the profile without consent, stronger only where the profile allows. */
export function planKey(question: PlanQuestion): { line: PlanLine; request: Profile['request'] } {
  const { wishes, request, keyFixed } = question;
  const profile = `${request.keyAlgorithm} ${request.keyParameterSet}`;
  const line = { about: 'key', oid: '', profile } as const;
  const asked = wishes.key === null ? '' : `${wishes.key.algorithm} ${wishes.key.parameter}`.trim();
  const wish = wishes.key === null ? null : knownKey(wishes.key);
  const content =
    wishes.key === null ||
    asked === profile ||
    (wishes.key.parameter === '' && wishes.key.algorithm === request.keyAlgorithm);
  if (content) return { line: { ...line, asked, sent: profile, verdict: 'same' }, request };
  const stronger =
    wish !== null && strengths[wish.keyParameterSet] > strengths[request.keyParameterSet];
  const follow = question.consent || (stronger && request.followServer === 'stronger');
  if (wish === null || keyFixed || !follow) {
    return { line: { ...line, asked, sent: profile, verdict: 'kept' }, request };
  }
  const sent = `${wish.keyAlgorithm} ${wish.keyParameterSet}`;
  return { line: { ...line, asked, sent, verdict: 'followed' }, request: { ...request, ...wish } };
}

/** The wish as a profile would say it; null for what the station cannot make. */
function knownKey({ algorithm, parameter }: NonNullable<RequestWishes['key']>): KeyChoice | null {
  const wanted = parameter === '' ? defaultSets[algorithm] : parameter;
  const set = parameterSets[algorithm].find((name) => name === wanted);
  if (set === undefined) return null;
  return { keyAlgorithm: algorithm, keyParameterSet: set };
}

const defaultSets = { EC: 'prime256v1', RSA: '3072', EdDSA: 'ed25519' } as const;

/** The signature algorithm, which must fit the key. */
export function planSignature(
  { request, wishes, consent }: PlanQuestion,
  { keyAlgorithm, keyParameterSet }: KeyChoice,
): { line: PlanLine; algorithm: SignatureAlgorithm } {
  const wish = wishes.signatureName;
  const own = request.signatureAlgorithm;
  const fallback = fits(own, keyAlgorithm) ? own : signatureFor(keyAlgorithm, keyParameterSet);
  const stronger = wish !== null && hashBits(wish) > hashBits(fallback);
  const usable = wish !== null && wish !== fallback && fits(wish, keyAlgorithm);
  const follow = usable && (consent || (stronger && request.followServer === 'stronger'));
  const algorithm = follow ? wish : fallback;
  const content = wish === null || wish === own;
  const verdict = follow ? 'followed' : content ? 'same' : 'kept';
  return {
    algorithm,
    line: {
      about: 'signature',
      oid: '',
      asked: wish ?? '',
      profile: own,
      sent: algorithm,
      verdict,
    },
  };
}

function fits(signature: SignatureAlgorithm, key: KeyAlgorithm): boolean {
  const fitting: readonly SignatureAlgorithm[] = signatureAlgorithms[key];
  return fitting.includes(signature);
}

/** RFC 8032 §5.1: Ed25519 hashes with SHA-512. */
function hashBits(signature: SignatureAlgorithm): number {
  return signature === 'ED25519' ? 512 : Number(signature.slice(3, 6));
}

/** RFC 5758 §3.2: the hash goes with the size of the curve. */
function signatureFor(key: KeyAlgorithm, set: KeyChoice['keyParameterSet']): SignatureAlgorithm {
  if (key === 'RSA') return 'SHA256WITHRSA';
  if (key === 'EdDSA') return 'ED25519';
  if (set === 'secp521r1') return 'SHA512WITHECDSA';
  return set === 'secp384r1' ? 'SHA384WITHECDSA' : 'SHA256WITHECDSA';
}
