import type { ErrorCode } from './errors/catalogue.ts';
import type { ChannelBindingKind } from './profile.ts';

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
  /** The server lists challengePassword in its csrattrs (RFC 7030 §4.5.2); undefined when not known yet. */
  readonly serverAsksForPop?: boolean;
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
/** TLS client authentication with a key on a token is not offered yet, with or without proof of possession. */
const tokenTlsKey: PopFinding = {
  code: 'POP-07',
  severity: 'block',
  clause: 'RFC 7030 §3.3.2',
  waysOut: ['use-http-authentication', 'use-software-tls-key'],
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

/**
 * The one policy on proof of possession: what the wizard shows is what the station enforces.
 * Pure; RFC 7030 §3.5 with the restriction of the reference system.
 */
export function popVerdict(question: PopQuestion): PopVerdict {
  const { popEnabled, channelBinding, tlsClientKey, tokenChannelBinding } = question;
  if (!popEnabled) {
    const findings = [
      ...(tlsClientKey === 'pkcs11' ? [tokenTlsKey] : []),
      ...(question.serverAsksForPop === true ? [serverAsks] : []),
    ];
    return {
      allowed: findings.length === 0,
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      binding: null,
      findings,
    };
  }
  const findings: PopFinding[] = [];
  const tokenKey = tlsClientKey === 'pkcs11';
  if (tokenKey)
    findings.push(...(tokenChannelBinding ? [beyondReference, tokenTlsKey] : [restriction]));
  findings.push(channelBinding === 'tls-unique' ? tls13Off : exporterWithoutRfc);
  return {
    allowed: !findings.some((finding) => finding.severity === 'block'),
    minTls: 'TLSv1.2',
    maxTls: channelBinding === 'tls-unique' ? 'TLSv1.2' : 'TLSv1.3',
    binding: channelBinding,
    findings,
  };
}
