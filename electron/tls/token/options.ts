import type { KeystoreCredential, SignatureScheme } from '../connector.ts';
import type { CipherSuite } from './cipher-suites.ts';
import type { GroupName } from './key-exchange.ts';

export type Version = 'TLSv1.2' | 'TLSv1.3';

/** What a TLS client offers and demands. */
export interface TlsClientOptions {
  readonly minTls: Version;
  readonly maxTls: Version;
  /** DNS name for SNI, without a final dot; null sends none (RFC 6066 §3). */
  readonly serverName: string | null;
  /** In order of preference; empty sends no ALPN. */
  readonly applicationProtocols: readonly string[];
  /** In order of preference; TLS 1.3 sends a key of the first. */
  readonly groups: readonly GroupName[];
  /** What the server may sign with, in order of preference. */
  readonly schemes: readonly SignatureScheme[];
  /** Refuses TLS 1.2 without RFC 7627; else its absence is only told. */
  readonly requireExtendedMasterSecret: boolean;
  readonly credential: KeystoreCredential | null;
  /**
   * Called with the server's chain (its own certificate first, DER) once it has proven its key and
   * before anything of the client leaves. Throws when the server must not be talked to.
   */
  judge(chain: readonly Buffer[]): void;
}

/** What both sides agreed on. */
export interface Negotiated {
  readonly version: Version;
  readonly suite: CipherSuite;
  readonly group: GroupName;
  readonly applicationProtocol: string | null;
  /** The server's own certificate first, DER. */
  readonly serverChain: readonly Buffer[];
  readonly serverScheme: SignatureScheme;
  /** Null when the client did not sign. */
  readonly clientScheme: SignatureScheme | null;
  /** RFC 7627; TLS 1.3 always has it. */
  readonly extendedMasterSecret: boolean;
}
