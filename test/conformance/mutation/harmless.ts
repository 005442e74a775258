import type { Mutation } from './mutations.ts';

/** A change that a client may overlook, with the reason why nothing is lost by it. */
interface Harmless {
  readonly reason: string;
  matches(mutation: Mutation): boolean;
}

/** Every change that was let pass, reviewed one by one. */
export const harmless: readonly Harmless[] = [
  {
    reason:
      'The version in the header of the first record is not protected and means nothing: servers of TLS 1.2 may write 3.1 there (RFC 5246 §E.1), TLS 1.3 ignores it (RFC 8446 §5.1).',
    matches: ({ kind, place, offset }) =>
      kind === 'wire flip' && place === 'record 1' && offset === 2,
  },
  {
    reason:
      'change_cipher_spec means nothing in TLS 1.3; it may be absent, repeated or elsewhere in the handshake (RFC 8446 §5, §D.4).',
    matches: ({ version, kind, place }) =>
      version === 'TLSv1.3' &&
      place === 'ChangeCipherSpec' &&
      (kind === 'duplicate' || kind === 'drop' || kind === 'swap'),
  },
];
