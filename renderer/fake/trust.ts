import type { CommandArgument, CommandOutput } from '../../shared/contract/commands.ts';
import type { CertificateSummary } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import { normaliseFingerprint } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { issuing, newRoot, root } from './certificates.ts';
import { rootFingerprint, type Scenario } from './scenario.ts';

type TrustedServer = CommandOutput<'trust.list'>[number];
type Anchor = TrustedServer['anchors'][number];

const server = 'est.plant4.example:8443';

function anchorOf(certificate: CertificateSummary, facts: Partial<Anchor> = {}): Anchor {
  return {
    certificate,
    kind: 'explicit',
    source: 'operator',
    confirmedBy: 'engineer-3',
    confirmedAt: '2026-01-12T08:30:00Z',
    successorOf: null,
    ...facts,
  };
}

/** Servers a station has come to trust: an old root and its successor, a profile's root, a long name. */
function several(): TrustedServer[] {
  const successor = anchorOf(newRoot, {
    source: 'rollover',
    confirmedBy: `SHA-256 ${root.fingerprint}`,
    confirmedAt: '2026-10-02T06:12:00Z',
    successorOf: root.fingerprint,
  });
  const names = Array.from({ length: 24 }, (_, place) => `est-${place + 1}.line.example:443`);
  return [
    { server, anchors: [anchorOf(root), successor], profiles: [] },
    {
      server: 'registration.manufacturing-devices.halden-works.example:8443/gateways-class-3',
      anchors: [],
      profiles: [{ name: 'Gateways, Plant 4, class 3', root, fingerprint: null }],
    },
    ...names.map((name) => ({
      server: name,
      anchors: [anchorOf(root, { source: 'file' })],
      profiles: [],
    })),
  ];
}

/** Who is trusted, and how the fake server's root comes to be. */
export function trusting({ expected, trusted, servers, offersNewRoot }: Scenario) {
  let known: TrustedServer[] = servers
    ? several()
    : trusted
      ? [{ server, anchors: [anchorOf(root)], profiles: [] }]
      : [];
  const anchorsOf = (name: string) => known.find((one) => one.server === name)?.anchors ?? [];
  const add = (name: string, anchor: Anchor) => {
    const others = known.filter((one) => one.server !== name);
    const anchors = [...anchorsOf(name), anchor];
    known = [...others, { server: name, anchors, profiles: [] }];
    return { server: name, anchors };
  };
  const state = (): CommandOutput<'trust.show'> => ({ server, anchors: anchorsOf(server) });
  return {
    'trust.show': state,
    'trust.list': () => known,
    'trust.fetch': () => ({
      offerId: 'offer-1',
      server,
      root,
      groups: root.fingerprint.match(/.{4}/g) ?? [],
      expected,
      otherCertificates: [],
    }),
    'trust.confirm': ({ fingerprint }: { fingerprint: string }) => {
      const told = normaliseFingerprint(fingerprint);
      if (told === rootFingerprint) return add(server, anchorOf(root));
      throw new StationError('TRUST-04', { expected: told, sent: rootFingerprint });
    },
    'trust.decline': () => ({}),
    'trust.refresh': (): CommandOutput<'trust.refresh'> => ({
      state: state(),
      offered: [
        { certificate: root, standing: 'trusted' },
        { certificate: issuing, standing: 'below' },
        ...(offersNewRoot ? [{ certificate: newRoot, standing: 'unproven' as const }] : []),
      ],
      warnings: offersNewRoot
        ? [
            notice('ROLLOVER-UNPROVEN', {
              subject: newRoot.subject,
              fingerprint: newRoot.fingerprint,
              detail: 'no link certificate',
            }),
          ]
        : [],
    }),
    'trust.confirmOffered': ({ fingerprint }: { fingerprint: string }) => {
      const told = normaliseFingerprint(fingerprint);
      if (told !== newRoot.fingerprint) {
        throw new StationError('TRUST-10', { server, fingerprint: told });
      }
      return add(server, anchorOf(newRoot, { successorOf: root.fingerprint }));
    },
    'trust.remove': (gone: { server: string; fingerprint: string }) => {
      known = known.map((one) =>
        one.server === gone.server
          ? {
              ...one,
              anchors: one.anchors.filter(
                ({ certificate }) => certificate.fingerprint !== gone.fingerprint,
              ),
            }
          : one,
      );
      return {};
    },
    'trust.readFile': ({ content }: { content: Uint8Array }) => {
      if (new TextDecoder().decode(content).includes('CERTIFICATE')) return [newRoot];
      throw new StationError('CERT-06', { detail: 'it holds no certificate' });
    },
    'trust.import': (input: CommandArgument<'trust.import'>) =>
      add(serverKey(input), anchorOf(newRoot, { source: 'file', confirmedBy: 'Operator 12' })),
  };
}
