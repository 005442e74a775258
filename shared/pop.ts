import type { ErrorCode } from './errors/catalogue.ts';
import type { ChannelBindingKind, Profile } from './profile.ts';

/** Where the private key of TLS client authentication lives. */
export type TlsClientKey = 'none' | 'software' | 'pkcs11';

/** What the proof-of-possession policy looks at. */
export interface PopQuestion {
  readonly popEnabled: boolean;
  readonly channelBinding: ChannelBindingKind;
  readonly tlsClientKey: TlsClientKey;
  /** The profile's explicit consent to go beyond the reference system. */
  readonly tokenChannelBinding: boolean;
  readonly httpScheme: 'none' | 'basic' | 'digest';
  /** The profile refuses tls-unique over a connection without the extended master secret. */
  readonly requireExtendedMasterSecret: boolean;
  /** The server lists challengePassword in its csrattrs (RFC 7030 §4.5.2); undefined when not known yet. */
  readonly serverAsksForPop?: boolean;
}

/** Where the profile's TLS client key lives. */
export function tlsClientKey({
  tlsClientAuthentication: { enabled, keystore },
}: Pick<Profile, 'tlsClientAuthentication'>): TlsClientKey {
  return enabled && keystore !== null ? keystore.kind : 'none';
}

/** What the policy is asked for a profile; what the server wishes is left out where it is not known. */
export function popQuestion(profile: Profile, serverAsksForPop?: boolean): PopQuestion {
  const { proofOfPossession, httpAuthentication } = profile;
  return {
    popEnabled: proofOfPossession.enabled,
    channelBinding: proofOfPossession.channelBinding,
    tokenChannelBinding: proofOfPossession.tokenChannelBinding,
    requireExtendedMasterSecret: proofOfPossession.requireExtendedMasterSecret,
    tlsClientKey: tlsClientKey(profile),
    httpScheme: httpAuthentication.scheme,
    ...(serverAsksForPop === undefined ? {} : { serverAsksForPop }),
  };
}

export type Severity = 'info' | 'warning' | 'block';

/** What a person can choose to get past a finding; the wizard turns each into a choice. */
export type PopWayOut =
  | 'turn-pop-off'
  | 'turn-pop-on'
  | 'use-software-tls-key'
  | 'use-http-authentication'
  | 'allow-token-channel-binding';

export interface PopFinding {
  readonly code: ErrorCode & `POP-${string}`;
  readonly severity: Severity;
  readonly clause: string;
  readonly waysOut: readonly PopWayOut[];
}

/** The verdict: what may be done, over which TLS versions, and what a person should know. */
export interface PopVerdict {
  readonly allowed: boolean;
  readonly minTls: 'TLSv1.2' | 'TLSv1.3';
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  /** The value to put into the request, or null for no proof of possession. */
  readonly binding: ChannelBindingKind | null;
  readonly findings: readonly PopFinding[];
}

const restriction: PopFinding = {
  code: 'POP-01',
  severity: 'block',
  clause: 'RFC 7030 §3.5',
  waysOut: [
    'use-http-authentication',
    'use-software-tls-key',
    'turn-pop-off',
    'allow-token-channel-binding',
  ],
};
const beyondReference: PopFinding = {
  code: 'POP-02',
  severity: 'warning',
  clause: 'RFC 5929 §3',
  waysOut: ['turn-pop-off'],
};
const tls13Off: PopFinding = {
  code: 'POP-03',
  severity: 'info',
  clause: 'RFC 8446 §C.5',
  waysOut: [],
};
const exporterWithoutRfc: PopFinding = {
  code: 'POP-04',
  severity: 'warning',
  clause: 'RFC 9266 §2',
  waysOut: [],
};
const serverAsks: PopFinding = {
  code: 'POP-05',
  severity: 'block',
  clause: 'RFC 7030 §4.5.2',
  waysOut: ['turn-pop-on'],
};

/** A server may end the connection with its 401; every further one costs the token a signature. */
const signsAgain: PopFinding = {
  code: 'POP-09',
  severity: 'info',
  clause: 'RFC 9112 §9.6',
  waysOut: [],
};
const noExtendedMasterSecret: PopFinding = {
  code: 'POP-08',
  severity: 'warning',
  clause: 'RFC 7627 §1',
  waysOut: ['turn-pop-off'],
};

/**
 * The one policy on proof of possession: what the wizard shows is what the station enforces.
 * Pure; RFC 7030 §3.5 with the restriction of the reference system.
 */
export function popVerdict(question: PopQuestion): PopVerdict {
  const { popEnabled, channelBinding } = question;
  const findings = [
    ...(popEnabled ? bindingFindings(question) : []),
    ...(!popEnabled && question.serverAsksForPop === true ? [serverAsks] : []),
    ...(question.tlsClientKey === 'pkcs11' && question.httpScheme !== 'none' ? [signsAgain] : []),
  ];
  return {
    allowed: !findings.some((finding) => finding.severity === 'block'),
    minTls: 'TLSv1.2',
    maxTls: popEnabled && channelBinding === 'tls-unique' ? 'TLSv1.2' : 'TLSv1.3',
    binding: popEnabled ? channelBinding : null,
    findings,
  };
}

function bindingFindings({
  channelBinding,
  tlsClientKey,
  tokenChannelBinding,
}: PopQuestion): PopFinding[] {
  const byToken = tokenChannelBinding ? beyondReference : restriction;
  return [
    ...(tlsClientKey === 'pkcs11' ? [byToken] : []),
    channelBinding === 'tls-unique' ? tls13Off : exporterWithoutRfc,
  ];
}

/** What the policy looks at once a connection is there. */
export interface BoundConnection {
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  /** RFC 7627; null where the TLS library does not tell. */
  readonly extendedMasterSecret: boolean | null;
}

/**
 * What the connection adds to the verdict. Without the extended master secret a value of TLS 1.2 can be the same on
 * two connections (RFC 7627 §1): on a full handshake without renegotiation tls-unique still names one, so this is
 * told, or refused where the profile wants it; RFC 9266 §4.2 gives no exporter without it.
 */
export function connectionFinding(
  { popEnabled, channelBinding, requireExtendedMasterSecret }: PopQuestion,
  { protocol, extendedMasterSecret }: BoundConnection,
): PopFinding | null {
  if (!popEnabled || protocol === 'TLSv1.3' || extendedMasterSecret === true) return null;
  if (channelBinding === 'tls-exporter' || requireExtendedMasterSecret) {
    return { ...noExtendedMasterSecret, severity: 'block' };
  }
  return extendedMasterSecret === null ? null : noExtendedMasterSecret;
}
