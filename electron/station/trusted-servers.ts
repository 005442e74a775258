import type { CommandOutput } from '../../shared/contract/commands.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { normaliseFingerprint, type Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { readCertificate, summariseCertificate } from '../pki/certificate.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import type { TrustAnchor } from '../store/store.ts';
import { certificatesOfFile } from './certificate-file.ts';
import type { StationPorts } from './ports.ts';

type TrustedServer = CommandOutput<'trust.list'>[number];

/** Every server with an explicit anchor or a saved profile, and both databases of RFC 7030 §3.6 for it. */
export async function trustedServers({ store }: StationPorts): Promise<TrustedServer[]> {
  const profiles = Map.groupBy(await store.profiles.list(), serverKey);
  const names = new Set([...(await store.trust.servers()), ...profiles.keys()]);
  return await Promise.all(
    [...names].toSorted().map(async (server) => ({
      ...trustStateOf(server, await store.trust.anchors(server)),
      profiles: (profiles.get(server) ?? []).map(implicitOf),
    })),
  );
}

/** The anchors of a server as the contract tells them. */
export function trustStateOf(
  server: string,
  anchors: readonly TrustAnchor[],
): CommandOutput<'trust.show'> {
  return {
    server,
    anchors: anchors.map(
      ({ der, kind, source, confirmedBy, confirmedAt, successorOf }) =>
        ({
          certificate: summariseCertificate(der),
          kind,
          source,
          confirmedBy,
          confirmedAt,
          successorOf,
        }) as const,
    ),
  };
}

/** What a profile brings along; a root that cannot be read is told where the profile is used. */
function implicitOf({ name, trust }: Profile): TrustedServer['profiles'][number] {
  const pem = trust.caRootCertificate;
  return { name, root: pem === null ? null : summaryOf(pem), fingerprint: trust.caRootFingerprint };
}

function summaryOf(pem: string) {
  try {
    const [root] = certificatesFromPem(pem);
    return root ? summariseCertificate(root) : null;
  } catch {
    return null;
  }
}

/**
 * Stops trusting an anchor; what succeeded it stays trusted on its own.
 * @param told SHA-256 of its DER, hex, with or without separators.
 * @throws StationError TRUST-12 when the server has no such anchor.
 */
export async function removeAnchor(
  ports: StationPorts,
  server: string,
  told: string,
): Promise<void> {
  const fingerprint = normaliseFingerprint(told);
  if (!(await ports.store.trust.remove(server, fingerprint))) {
    throw new StationError('TRUST-12', { server, fingerprint });
  }
  await record(ports, 'trust.removed', fingerprint, { server });
}

/**
 * Makes a CA certificate out of a file (PEM or DER) an explicit anchor, by the word of a person who knows where the
 * file comes from. Asks no server.
 * @param told SHA-256 of the certificate that is meant: the file may hold several.
 * @throws StationError CERT-06 for a file without a certificate, TRUST-11 when none has this fingerprint, or when it
 *   is no CA certificate or not valid now.
 */
export async function importAnchor(
  ports: StationPorts,
  profile: { readonly server: Pick<Profile['server'], 'endpoint' | 'label'> },
  content: Uint8Array,
  told: string,
): Promise<void> {
  const fingerprint = normaliseFingerprint(told);
  const server = serverKey(profile);
  const at = ports.clock.now();
  const found = certificatesOfFile(content)
    .map(readCertificate)
    .find((certificate) => certificate.fingerprint === fingerprint);
  if (!found) throw refused(`the file holds none with the fingerprint ${fingerprint}`);
  if (!found.isCa) throw refused('it is no CA certificate (basicConstraints)');
  if (at < found.notBefore || at > found.notAfter) {
    const { notBefore, notAfter } = found;
    throw refused(`it is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}`);
  }
  await ports.store.trust.add(server, {
    der: found.der,
    fingerprint,
    kind: 'explicit',
    source: 'file',
    confirmedBy: ports.operator,
    confirmedAt: at.toISOString(),
    successorOf: null,
  });
  await record(ports, 'trust.confirmed', fingerprint, { server, source: 'file' });
}

function refused(detail: string): StationError {
  return new StationError('TRUST-11', { detail });
}

async function record(
  { store, clock, operator }: StationPorts,
  what: 'trust.removed' | 'trust.confirmed',
  certificate: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  const at = clock.now().toISOString();
  await store.audit.append({ at, who: operator, what, token: null, certificate, details });
}
