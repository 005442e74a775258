import type { Notice } from '../../shared/notices.ts';
import type { ChannelBindingKind, Limits } from '../../shared/profile.ts';
import type { RequestWishes } from '../../shared/request-plan.ts';
import type {
  ClientCredential,
  ConnectionFacts,
  Connector,
  ProxyRoute,
  ServerTrust,
} from '../tls/connector.ts';

/** How the client authenticates over HTTP. The password is bytes, so that its owner can zero it. */
export type HttpAuthentication =
  | { readonly scheme: 'none' }
  | {
      readonly scheme: 'basic' | 'digest';
      readonly username: string;
      /** UTF-8; read when a challenge is answered, never kept. */
      readonly password: Uint8Array;
    };

export interface ExchangeOptions {
  readonly connector: Connector;
  readonly host: string;
  readonly port: number;
  readonly label: string | null;
  readonly trust: ServerTrust;
  readonly credential: ClientCredential | null;
  /** Null or absent: straight to the server. */
  readonly proxy?: ProxyRoute | null | undefined;
  /** What becomes of redirects to another origin: never, questions only, or requests too by a person's word. */
  readonly otherOrigins?: 'never' | 'questions' | 'requests';
  readonly authentication: HttpAuthentication;
  /** Take 201 with the answer of 200 for it. */
  readonly acceptCreated?: boolean;
  readonly minTls: 'TLSv1.2' | 'TLSv1.3';
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
}

/** What the server's /csrattrs says, as far as the station uses it (RFC 7030 §4.5.2, RFC 9908). */
export interface CsrAttributes extends RequestWishes {
  /** The answer's DER, or null when the server has none (204, 404). */
  readonly der: Buffer | null;
  /** Object identifiers in the order given, dotted. */
  readonly oids: readonly string[];
  /** Signature algorithm OID the server asks for, if it names one. */
  readonly signatureAlgorithm: string | null;
  /** What is odd about the answer; it counts all the same. */
  readonly warnings: readonly Notice[];
}

/** Certificates of /cacerts, DER, unordered as the server sent them, without duplicates. */
export interface CaCertificates {
  readonly certificates: readonly Buffer[];
  /** Tolerated oddities of the answer: notice('ANSWER-TOLERATED', { detail }). */
  readonly warnings: readonly Notice[];
}

/** CRLs of /crls, DER, in the order sent. */
export interface RevocationLists {
  readonly crls: readonly Buffer[];
  /** Tolerated oddities of the answer: notice('ANSWER-TOLERATED', { detail }). */
  readonly warnings: readonly Notice[];
}

export type EnrollAnswer =
  | {
      readonly kind: 'issued';
      /** Every certificate of the answer, DER. */
      readonly certificates: readonly Buffer[];
      readonly warnings: readonly Notice[];
    }
  | {
      /** RFC 7030 §4.2.3: 202, ask again with the same request. */
      readonly kind: 'pending';
      /** Seconds, at most 7 days; null when the server named none. */
      readonly retryAfterSeconds: number | null;
    };

/** A private key that a server generated, as it came: the receiver zeroes `der`. */
export interface DeliveredKeyData {
  /** `clear`: PrivateKeyInfo or what stands in its place; `enveloped`: CMS. */
  readonly form: 'clear' | 'enveloped';
  readonly der: Buffer;
}

export type ServerKeygenAnswer =
  | (Extract<EnrollAnswer, { kind: 'issued' }> & { readonly key: DeliveredKeyData })
  | Extract<EnrollAnswer, { kind: 'pending' }>;

/** Answer to a Full PKI Request: a PKIResponse (CMC, DER) not yet believed, certificates alone, or a wait. */
export type FullCmcAnswer =
  | { readonly kind: 'response'; readonly der: Buffer; readonly warnings: readonly Notice[] }
  | EnrollAnswer;

/**
 * Makes the request (PKCS#10, or CMC for fullcmc; DER) for the connection it will travel on.
 * Called after the connection is up and authentication is settled, immediately before the POST;
 * called again only if the connection had to be replaced while proof of possession is on.
 */
export type MakeRequest = (binding: Buffer | null) => Promise<Uint8Array>;

/** One conversation with an EST server over one TLS connection (reopened when the server closed it). */
export interface EstExchange {
  /** Facts of the present connection. */
  readonly facts: ConnectionFacts;
  /** What the latest answer of a verified server says the time is (RFC 9110 §6.6.1), or null. */
  readonly serverDate: Date | null;
  /** RFC 7030 §4.1. */
  cacerts(): Promise<CaCertificates>;
  /** RFC 7030 §4.5. */
  csrattrs(): Promise<CsrAttributes>;
  /** RFC 8295. @throws StationError SERVER-02 when the server has no /crls */
  crls(): Promise<RevocationLists>;
  /** Finds out whether and how the server wants HTTP authentication, before anything is bound to the connection. */
  settleAuthentication(
    operation: 'simpleenroll' | 'simplereenroll' | 'serverkeygen' | 'fullcmc',
  ): Promise<void>;
  /**
   * RFC 7030 §4.2. `binding` names the channel binding the request must carry, or null.
   */
  enroll(
    operation: 'simpleenroll' | 'simplereenroll',
    binding: ChannelBindingKind | null,
    makeRequest: MakeRequest,
  ): Promise<EnrollAnswer>;
  /**
   * RFC 7030 §4.4. `binding` as with `enroll`.
   */
  serverkeygen(
    binding: ChannelBindingKind | null,
    makeRequest: MakeRequest,
  ): Promise<ServerKeygenAnswer>;
  /**
   * RFC 7030 §4.3, also when the CMC response comes with an error status. `binding` as with `enroll`.
   */
  fullcmc(binding: ChannelBindingKind | null, makeRequest: MakeRequest): Promise<FullCmcAnswer>;
  close(): void;
}
