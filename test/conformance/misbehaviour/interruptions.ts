import {
  type Action,
  type Conduct,
  honestly,
  type Outgoing,
  sendAlert,
} from '../../tls-server/conduct.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** Every message of a server that asks for a client certificate, in order. */
export const flights = {
  'TLSv1.2': [
    'ServerHello',
    'Certificate',
    'ServerKeyExchange',
    'CertificateRequest',
    'ServerHelloDone',
    'ChangeCipherSpec',
    'Finished',
  ],
  'TLSv1.3': [
    'ServerHello',
    'EncryptedExtensions',
    'CertificateRequest',
    'Certificate',
    'CertificateVerify',
    'Finished',
  ],
} as const satisfies Record<Conduct['version'], readonly Outgoing['name'][]>;

/** Does something in place of a message, and says nothing from then on. */
function instead(
  version: Conduct['version'],
  name: Outgoing['name'],
  actions: readonly Action[],
): Conduct {
  let silent = false;
  return {
    version,
    asksForCertificate: true,
    outgoing(message) {
      if (message.name === 'ServerHello') silent = false;
      if (silent) return [];
      if (message.name !== name) return [honestly(message)];
      silent = true;
      return actions;
    },
  };
}

const codesOfAlerts = ['TLS-01', 'TLS-02', 'TLS-03', 'NET-04'];
const unknownAlert = 'an alert nobody knows';
const interruptions = [
  ['handshake_failure', [sendAlert(40)], codesOfAlerts],
  ['internal_error', [sendAlert(80)], codesOfAlerts],
  ['protocol_version', [sendAlert(70)], codesOfAlerts],
  [unknownAlert, [sendAlert(233)], codesOfAlerts],
  ['close_notify and the end', [sendAlert(0), { kind: 'end' }], codesOfAlerts],
  ['the end of the connection', [{ kind: 'end' }], ['NET-04']],
] as const satisfies readonly (readonly [string, readonly Action[], readonly string[]])[];

/** An alert or the end in place of each message, and silence. */
export const interrupted: readonly Misbehaviour[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (version) =>
    flights[version].flatMap((name): Misbehaviour[] => [
      ...interruptions.map(
        ([what, actions, codes]): Misbehaviour => ({
          name: `${version}: ${what} in place of ${name}`,
          conduct: instead(version, name, actions),
          verdict: 'refused',
          codes,
          ...(what === unknownAlert
            ? { nodeDiffers: 'OpenSSL waits for more after an alert it does not know' }
            : {}),
        }),
      ),
      {
        name: `${version}: silence in place of ${name}`,
        conduct: instead(version, name, []),
        verdict: 'refused',
        codes: ['TLS-04'],
        tlsMs: 300,
      },
    ]),
);
