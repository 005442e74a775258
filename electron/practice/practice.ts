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
  /** Answer the first POST of every request with 202 and this Retry-After (seconds); null = issue at once. */
  readonly pendingSeconds: number | null;
  /** Highest TLS version offered. */
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  /** Named faults; each misbehaves in one documented way. */
  readonly faults: readonly PracticeFault[];
}

/** Ways to misbehave, for tests and training. */
export const practiceFaults = [
  'garbage-cacerts',
  'garbage-enroll',
  'oversized-body',
  'certificate-for-another-key',
  'wrong-name',
  'html-error',
  'hang-after-post',
  'close-after-post',
] as const;

export type PracticeFault = (typeof practiceFaults)[number];

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
}

export interface PracticeServer {
  readonly facts: PracticeFacts;
  /** One entry per request seen, for tests: method, path, whether a PoP value was checked. */
  readonly log: readonly PracticeLogEntry[];
  close(): Promise<void>;
}

export interface PracticeLogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly tls: string;
  readonly pop: 'absent' | 'valid' | 'wrong';
  readonly authenticatedBy: 'none' | 'basic' | 'tls' | 'refused';
}
