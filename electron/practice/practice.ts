import { failureNames } from '../pki/cmc/status.ts';
import type { PracticeAuthority } from './authority.ts';
import type { DigestAlgorithm } from './digest-challenge.ts';
import type { CsrattrsShape } from './wishes.ts';

/** How a practice server is started. */
export interface PracticeOptions {
  /** 0 = a free port. */
  readonly port: number;
  /** Folder for the CA's files (created); root and issuing CA are made anew when it is empty. */
  readonly dir: string;
  /** Send base64 without line breaks (some clients read nothing else). */
  readonly unwrapped: boolean;
  /** Refuse enrollment without a valid channel binding, and say so in csrattrs. */
  readonly requirePop: boolean;
  /** Answer the first POST for every public key with 202 and this Retry-After (seconds, at most 7 days); null = issue at once. */
  readonly pendingSeconds: number | null;
  /** Answer every POST for a certificate, but not Full PKI Requests, with 202 until a file `approve` lies in `dir`. */
  readonly approval: boolean;
  /** Serial numbers (hex) the CRL of the issuing CA lists as revoked. */
  readonly revoked: readonly string[];
  /**
   * Where the CA stands between its root and a new one of the same name: `in-progress` shows the old server
   * certificate, offers both roots and their links, and issues under the new one; `finished` knows the new only.
   */
  readonly rollover: 'in-progress' | 'finished' | null;
  /** The server shows the certificate of a registration authority (id-kp-cmcRA) for another name. */
  readonly cmcRa: boolean;
  /** What csrattrs answers; null: what requirePop and the label ask. */
  readonly csrattrs: CsrattrsShape | null;
  /** How names are chosen: `request` certifies those of the request, the others as docs/practice-server.md says. */
  readonly mode: PracticeMode;
  /** What a client without a certificate is asked for. */
  readonly httpAuth: HttpAuthOffer;
  /** The Digest algorithms offered, in this order, all in one answer. */
  readonly digest: readonly DigestAlgorithm[];
  /** What Digest protects (RFC 7616 §3.4): method and target, or the body too. */
  readonly digestQop: 'auth' | 'auth-int';
  /** Highest TLS version offered. */
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  /** Named faults; each misbehaves in one documented way. */
  readonly faults: readonly PracticeFault[];
}

/** The HTTP authentication the server offers and takes. */
export type HttpAuthOffer = 'basic' | 'digest' | 'both';

/** Where the names of a certificate come from, as real servers do it. */
export const practiceModes = ['request', 'client', 'ra'] as const;

export type PracticeMode = (typeof practiceModes)[number];

/** Refusals of RFC 5272 §6.1.4, each as a fault: `cmc-badRequest` refuses every Full PKI Request with it. */
const cmcRefusals = failureNames.map((name) => `cmc-${name}` as const);

/** Ways to misbehave, for tests and training; docs/practice-server.md describes each. */
export const practiceFaults = [
  'garbage-cacerts',
  'garbage-enroll',
  'oversized-body',
  'certificate-for-another-key',
  'certificate-first',
  'certificate-middle',
  'certificate-last',
  'two-certificates',
  'no-certificate',
  'unique-keys',
  'html-error',
  'hang-after-post',
  'close-after-post',
  'wrong-name',
  'unknown-ca',
  'expired-server-certificate',
  'revoked-server-certificate',
  'no-crls',
  'plain-http',
  'redirect',
  'redirect-loop',
  'redirect-http',
  'redirect-other-origin',
  'busy',
  'too-many-requests',
  'key-after-certificate',
  'odd-multipart',
  'traditional-key',
  'key-of-another-pair',
  'key-in-clear',
  'key-for-another-recipient',
  'key-in-encrypted-data',
  'key-unsigned',
  'key-signed-by-stranger',
  'rollover-forged',
  'rollover-expired',
  'rollover-unproven',
  'cmc-unsigned',
  'cmc-forged',
  'cmc-unmarked-signer',
  'cmc-wrong-nonce',
  'cmc-wrong-transaction',
  'cmc-older-status',
  'cmc-certs-only',
  'digest-md5-bare',
  'digest-stale',
  'digest-closes',
  'digest-nextnonce',
  'digest-quoting',
  'challenges-apart',
  'created',
  'chunked',
  'close-delimited',
  'two-byte-writes',
  'pem-armour',
  'no-cte',
  'strict',
  'quota',
  ...cmcRefusals,
] as const;

export type PracticeFault = (typeof practiceFaults)[number];

/** True for the name of a fault. */
export function isPracticeFault(name: string): name is PracticeFault {
  return (practiceFaults as readonly string[]).includes(name);
}

/** True for the name of a mode. */
export function isPracticeMode(name: string): name is PracticeMode {
  return (practiceModes as readonly string[]).includes(name);
}

/** What a trainee needs to know; also the JSON line of `est-station practice --json`. */
export interface PracticeFacts {
  readonly schemaVersion: 1;
  /** `https://127.0.0.1:PORT/.well-known/est` */
  readonly url: string;
  /** `127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Path of the root certificate, PEM. */
  readonly caCertificate: string;
  /** SHA-256 of the root's DER, upper-case hex. */
  readonly caFingerprint: string;
  readonly username: string;
  readonly password: string;
  /** Names the key below in requests for an encrypted key; hex. */
  readonly keyEncryptionKeyId: string;
  /** AES-256 key that wraps generated keys for whoever asks for it by its name; hex. */
  readonly keyEncryptionKey: string;
}

export interface PracticeServer {
  readonly facts: PracticeFacts;
  /** The CA, with its keys: whoever holds the server in this process may issue what it would. */
  readonly authority: PracticeAuthority;
  /** One entry per request seen, oldest first, the latest 10 000; never a credential. */
  readonly log: readonly PracticeLogEntry[];
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

export interface PracticeLogEntry {
  readonly method: string;
  readonly path: string;
  /** HTTP status; 0 when a fault left the request without an answer. */
  readonly status: number;
  /** `TLSv1.2`, `TLSv1.3` or `none`. */
  readonly tls: string;
  readonly pop: 'absent' | 'valid' | 'wrong';
  /** What the client showed, also where nothing was asked for. */
  readonly authenticatedBy: 'none' | 'basic' | 'digest' | 'tls' | 'refused';
}
