import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSoftwareKeystoreForWork } from '../../electron/keystore/software/first-use.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { mintTlsClientCredential } from '../../electron/practice/server.ts';
import type { Station } from '../../electron/station/station.ts';
import type { TlsClientKey } from '../../shared/pop.ts';
import { officerAlias, run, TokenTlsBench } from '../token-tls-bench.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
type Version = (typeof versions)[number];
type Proof = 'off' | 'tls-unique' | 'tls-exporter';

/** One enrollment: how the station signs in, what binds the request, what the server speaks. */
interface Case {
  readonly key: TlsClientKey;
  /** The profile allows a token's TLS key beside proof of possession. */
  readonly consent: boolean;
  readonly proof: Proof;
  readonly scheme: 'none' | 'basic' | 'digest';
  readonly version: Version;
}

const keys: readonly Pick<Case, 'key' | 'consent'>[] = [
  { key: 'none', consent: false },
  { key: 'software', consent: false },
  { key: 'pkcs11', consent: false },
  { key: 'pkcs11', consent: true },
];
const proofs: readonly Proof[] = ['off', 'tls-unique', 'tls-exporter'];
const schemes = ['none', 'basic', 'digest'] as const;

/** tls-unique keeps to TLS 1.2 with either server: the one that offers 1.3 as well shows that it does. */
const all: readonly Case[] = keys.flatMap((key) =>
  proofs.flatMap((proof) =>
    schemes.flatMap((scheme) => versions.map((version) => ({ ...key, proof, scheme, version }))),
  ),
);

const full = process.env.EST_STATION_FULL === '1';
/** In the short run digest stands for basic too, and the server offers TLS 1.3; nothing else is left out. */
const cases = full
  ? all
  : all.filter(({ scheme, version }) => scheme !== 'basic' && version === 'TLSv1.3');

describe(`proof of possession, ${cases.length} of ${all.length} combinations`, () => {
  let bench: TokenTlsBench;
  let stations: Readonly<Record<Version, Station>>;
  let servers: Readonly<Record<Version, PracticeServer>>;
  let softwareKey: string;
  let keystore: string;

  beforeAll(async () => {
    bench = await TokenTlsBench.make();
    servers = {
      'TLSv1.2': await bench.serve({ maxTls: 'TLSv1.2' }),
      'TLSv1.3': await bench.serve({ maxTls: 'TLSv1.3' }),
    };
    stations = {
      'TLSv1.2': await bench.station(undefined, servers['TLSv1.2']),
      'TLSv1.3': await bench.station(undefined, servers['TLSv1.3']),
    };
    keystore = join(bench.folder, 'keys');
    softwareKey = join(bench.folder, 'tls-key');
    const { keyPem, chainPem } = mintTlsClientCredential(bench.practice, 'RA station');
    const passphrase = Buffer.from('passphrase');
    const opened = await openSoftwareKeystoreForWork({ path: softwareKey, passphrase });
    await opened.importKeyPair(officerAlias, createPrivateKey(keyPem));
    await opened.storeCertificate(
      officerAlias,
      certificatesFromPem(chainPem)[0] ?? Buffer.alloc(0),
    );
    await opened.close();
  });
  afterAll(() => bench.close());

  const tlsClientAuthentication = (key: TlsClientKey) => {
    if (key === 'none') return {};
    if (key === 'pkcs11') return bench.byOfficer;
    const software = { kind: 'software', path: softwareKey } as const;
    return { enabled: true, keystore: software, alias: officerAlias };
  };

  /** Who the server says signed in; a certificate alone is enough for it. */
  const signedInBy = ({ key, scheme }: Case) => (key === 'none' ? scheme : 'tls');

  test.each(cases)(
    'TLS key $key (consent $consent), proof $proof, HTTP $scheme, server up to $version',
    async (one) => {
      const { key, consent, proof, scheme, version } = one;
      const server = servers[version];
      const before = server.log.length;
      const { username } = server.facts;
      const record = await run(stations[version], {
        operation: 'enroll',
        profile: bench.profile(
          {
            keystore: { kind: 'software', path: keystore },
            httpAuthentication: { scheme, username },
            tlsClientAuthentication: tlsClientAuthentication(key),
            proofOfPossession: {
              enabled: proof !== 'off',
              tokenChannelBinding: consent,
              ...(proof === 'off' ? {} : { channelBinding: proof }),
            },
          },
          server,
        ),
      });
      const posts = server.log.slice(before).filter(({ status }) => status === 200);
      if (key === 'pkcs11' && proof !== 'off' && !consent) {
        expect(record).toMatchObject({ state: 'failed', error: { code: 'POP-01' } });
        expect(server.log).toHaveLength(before);
      } else if (key === 'none' && scheme === 'none') {
        expect(record).toMatchObject({ state: 'refused', error: { code: 'SERVER-16' } });
      } else {
        expect(record).toMatchObject({ state: 'done', error: null });
        expect(posts.at(-1)).toMatchObject({
          path: /simpleenroll$/,
          authenticatedBy: signedInBy(one),
          // The server compares with its own view of the connection, and knows nothing of ours.
          pop: proof === 'off' ? 'absent' : 'valid',
          tls: proof === 'tls-unique' ? 'TLSv1.2' : version,
        });
      }
    },
  );
});
