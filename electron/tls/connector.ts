import type { KeyObject } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ChannelBindingKind } from '../../shared/profile.ts';

export interface ConnectTarget {
  /** DNS name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** An HTTP proxy (CONNECT) on the way to the server; Basic authentication when `username` is given. */
export interface ProxyRoute extends ConnectTarget {
  readonly username: string | null;
  /** UTF-8; its owner zeroes it. */
  readonly password: Uint8Array | null;
}

/** CRLs the server's chain is held against (RFC 5280 §6.3). */
export interface ServerRevocation {
  /** DER; those out of date, or signed by nobody under the anchors, do not count. */
  readonly crls: readonly Uint8Array[];
  /** Refuse a server about which they say nothing. */
  readonly required: boolean;
}

/** Whom the connection believes. */
export type ServerTrust =
  | {
      readonly kind: 'anchors';
      /** Trust anchors, DER. Only these count; the platform's store never does. */
      readonly anchors: readonly Uint8Array[];
      /** RFC 7030 §3.6: with explicit anchors id-kp-cmcRA may stand in for the name. */
      readonly origin: 'explicit' | 'implicit';
      readonly hostnameVerification: boolean;
      /** What is known of revoked certificates; absent: revocation is not looked up. */
      readonly revocation?: ServerRevocation | undefined;
    }
  /** RFC 7030 §4.1.1: nothing is believed; only /cacerts may travel over such a connection. */
  | { readonly kind: 'provisional' };

/** Signature schemes of TLS that this station makes and believes (RFC 8446 §4.2.3; no SHA-1). */
export const signatureSchemes = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'ed25519',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
] as const;
export type SignatureScheme = (typeof signatureSchemes)[number];

/** Signs with a private key that stays in its keystore. */
export interface CredentialSigner {
  /** What the key and its keystore can make; a card without PSS cannot be used with TLS 1.3. */
  readonly schemes: readonly SignatureScheme[];
  /**
   * Hashes and signs `message`.
   * @returns ECDSA as DER SEQUENCE{r,s} (RFC 8446 §4.2.3), RSA and Ed25519 as octets.
   * @throws StationError TOKEN-…, PIN-…, MODULE-…
   */
  sign(scheme: SignatureScheme, message: Uint8Array): Promise<Uint8Array>;
  /**
   * Settles with a person what the one signature of a handshake asks of one, before anything is connected: a server
   * does not wait for it. Absent when the key asks for nothing.
   * @throws StationError PIN-…
   */
  prepare?(): Promise<PreparedSignature>;
}

/** A signature for which a person was asked already. */
export interface PreparedSignature {
  /** As `CredentialSigner.sign`. */
  sign(scheme: SignatureScheme, message: Uint8Array): Promise<Uint8Array>;
  /** Forgets the answer if it was not used. */
  release(): void;
}

/** The client's certificate and the key that signs CertificateVerify. */
export type ClientCredential = SoftwareCredential | KeystoreCredential;

/** The key is in this process; only the node connector takes it. */
export interface SoftwareCredential {
  readonly kind: 'software';
  /** The client certificate first, then its issuers, DER. */
  readonly chain: readonly Uint8Array[];
  readonly key: KeyObject;
}

/** The key stays where it is and signs from there; only the token connector takes it. */
export interface KeystoreCredential {
  readonly kind: 'keystore';
  /** The client certificate first, then its issuers, DER. */
  readonly chain: readonly Uint8Array[];
  readonly signer: CredentialSigner;
}

export interface ConnectOptions {
  readonly trust: ServerTrust;
  readonly credential: ClientCredential | null;
  /** Null or absent: straight to the server. */
  readonly proxy?: ProxyRoute | null | undefined;
  readonly minTls: 'TLSv1.2' | 'TLSv1.3';
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  /** Milliseconds for TCP and for the TLS handshake. */
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What was negotiated, for evidence. */
export interface ConnectionFacts {
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly cipherSuite: string;
  /** The server's certificate first, then what it sent or what was built from it, DER. */
  readonly serverChain: readonly Buffer[];
  /** RFC 7627; null on TLS 1.3, which always has it, and when the TLS library does not tell. */
  readonly extendedMasterSecret: boolean | null;
  /** How the server was identified. */
  readonly identifiedBy: 'name' | 'cmcRA' | 'chain-only' | 'nothing';
}

/** One TLS connection; never resumed, never renegotiated. */
export interface Connection {
  /**
   * Plain bytes in both directions; may be given to node:http. It fails with StationErrors only:
   * NET-04, or TLS-03 when a TLS 1.3 server refuses the client certificate after the handshake.
   */
  readonly stream: Duplex;
  readonly facts: ConnectionFacts;
  /**
   * The channel binding of this connection (RFC 5929 §3 tls-unique, RFC 9266 tls-exporter).
   * @throws StationError POP-06 when this connection has none of that kind.
   */
  channelBinding(kind: ChannelBindingKind): Buffer;
  close(): void;
}

/** Opens TLS connections. Implementations are interchangeable; no type of theirs leaks out. */
export interface Connector {
  /**
   * The client certificate is not sent before the server has been judged.
   * @throws StationError NET-… (TCP), TLS-… (handshake), TRUST-… (who the server is), CANCEL-01.
   */
  connect(target: ConnectTarget, options: ConnectOptions): Promise<Connection>;
}
