import { describe, expect, it } from 'vitest';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  type Keys,
  rsaKeys,
} from '../../../test/certificate-draft.ts';
import { keySigner } from '../../../test/key-signer.ts';
import { type OpensslServer, startOpenssl, versionOption } from '../../../test/openssl-server.ts';
import { certificateToPem } from '../../pki/pem.ts';
import type { Connection, ConnectOptions, SignatureScheme } from '../connector.ts';
import { tokenConnector } from '../token-connector.ts';

const root = { subject: 'CN=Root', keys: ecKeys() };
const rootDer = certify({ ...root, extensions: caExtensions() });
const rootPem = { pem: certificateToPem(rootDer) };

function issue(subject: string, keys: Keys) {
  const extensions = [alternativeNames('IP:127.0.0.1')];
  const der = certify({ subject, keys, issuer: root, extensions });
  const keyPem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { der, pem: certificateToPem(der), keyPem, key: keys.privateKey };
}

const identities = {
  'P-256': issue('CN=p256', ecKeys()),
  'P-384': issue('CN=p384', ecKeys('secp384r1')),
  'P-521': issue('CN=p521', ecKeys('secp521r1')),
  RSA: issue('CN=rsa', rsaKeys()),
};
type Kind = keyof typeof identities;

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
type Version = (typeof versions)[number];

function connect(
  { port }: OpensslServer,
  change: Partial<ConnectOptions> = {},
): Promise<Connection> {
  return tokenConnector.connect(
    { host: '127.0.0.1', port },
    {
      trust: {
        kind: 'anchors',
        anchors: [rootDer],
        origin: 'explicit',
        hostnameVerification: true,
      },
      credential: null,
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      connectMs: 10_000,
      tlsMs: 10_000,
      ...change,
    },
  );
}

function credential(kind: Kind, schemes?: readonly SignatureScheme[]) {
  const { der, key } = identities[kind];
  return { kind: 'keystore' as const, chain: [der, rootDer], signer: keySigner(key, schemes) };
}

/** Reads until `text` was sent. */
async function hears({ stream }: Connection, text: string): Promise<void> {
  let heard = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    heard += String(chunk);
    if (heard.includes(text)) return;
  }
  throw new Error(`the stream ended with ${JSON.stringify(heard)}`);
}

/** Both sides hear each other. */
async function converse(server: OpensslServer, connection: Connection, word: string) {
  connection.stream.write(`to the server: ${word}\n`);
  await server.says(new RegExp(`^to the server: ${word}$`));
  server.type(`to the client: ${word}\n`);
  await hears(connection, `to the client: ${word}\n`);
}

describe.each(versions)('openssl s_server over %s', (version: Version) => {
  it.each(Object.keys(identities) as Kind[])('with a key on %s is understood', async (kind) => {
    await using server = await startOpenssl(identities[kind], rootPem, versionOption[version]);
    const connection = await connect(server);
    expect(connection.facts.protocol).toBe(version);
    await converse(server, connection, 'word');
    connection.close();
  });

  it.each<[Kind, string]>([
    ['P-256', 'ECDSA'],
    ['P-384', 'ECDSA'],
    ['P-521', 'ECDSA'],
    ['RSA', 'RSA-PSS'],
  ])('accepts a client with a key on %s', async (kind, type) => {
    const options = [...versionOption[version], '-Verify', '3', '-verify_return_error'];
    await using server = await startOpenssl(identities['P-256'], rootPem, options);
    const connection = await connect(server, { credential: credential(kind) });
    await converse(server, connection, 'word');
    expect(await server.says(/^Peer signature type: /)).toBe(`Peer signature type: ${type}`);
    expect(await server.says(/^subject=/)).toMatch(new RegExp(kind.replace('-', ''), 'i'));
    connection.close();
  });

  it('may ask for a certificate that the client does not have', async () => {
    const options = [...versionOption[version], '-verify', '3'];
    await using server = await startOpenssl(identities['P-256'], rootPem, options);
    const connection = await connect(server);
    await converse(server, connection, 'word');
    connection.close();
  });

  it('may cut everything into small records', async () => {
    const cut = ['-max_send_frag', '512', '-split_send_frag', '512'];
    const options = [...versionOption[version], ...cut];
    await using server = await startOpenssl(identities.RSA, rootPem, options);
    const connection = await connect(server);
    await converse(server, connection, 'word'.repeat(700));
    connection.close();
  });

  it('agrees on groups other than the favourite', async () => {
    for (const group of ['P-256', 'P-384', 'P-521']) {
      const options = [...versionOption[version], '-groups', group];
      await using server = await startOpenssl(identities['P-256'], rootPem, options);
      const connection = await connect(server);
      await converse(server, connection, 'word');
      connection.close();
    }
  });

  it.each(['128', '256'])('agrees on AES-%s', async (strength) => {
    const named = `AES_${strength}_GCM_SHA${strength === '128' ? 256 : 384}`;
    const suites =
      version === 'TLSv1.2'
        ? ['-cipher', `ECDHE-ECDSA-${named.replace('_', '').replaceAll('_', '-')}`]
        : ['-ciphersuites', `TLS_${named}`];
    const options = [...versionOption[version], ...suites];
    await using server = await startOpenssl(identities['P-256'], rootPem, options);
    const connection = await connect(server);
    expect(connection.facts.cipherSuite).toContain(named);
    await converse(server, connection, 'word');
    connection.close();
  });

  it('sees an orderly end', async () => {
    await using server = await startOpenssl(identities['P-256'], rootPem, versionOption[version]);
    const connection = await connect(server);
    connection.stream.end('last words\n');
    await server.says(/^last words$/);
    await server.says(/^DONE$/);
    for await (const chunk of connection.stream) expect(chunk).toBeUndefined();
    expect(connection.stream.errored).toBeNull();
  });
});

describe('openssl s_server over TLS 1.2', () => {
  it('accepts a client whose card knows PKCS#1 v1.5 only', async () => {
    const options = ['-Verify', '3', '-verify_return_error'];
    await using server = await startOpenssl(identities['P-256'], rootPem, options);
    const credentials = credential('RSA', ['rsa_pkcs1_sha256']);
    const connection = await connect(server, { credential: credentials });
    // TLS 1.3 wants PSS, so 1.2 was offered alone.
    expect(connection.facts.protocol).toBe('TLSv1.2');
    await converse(server, connection, 'word');
    expect(await server.says(/^Peer signature type: /)).toBe('Peer signature type: RSA');
    connection.close();
    await expect(
      connect(server, { credential: credentials, minTls: 'TLSv1.3' }),
    ).rejects.toMatchObject({ code: 'TLS-05' });
  });
});

describe('openssl s_server over TLS 1.3', () => {
  const options = versionOption['TLSv1.3'];

  it('may change keys, and ask the client to', async () => {
    await using server = await startOpenssl(identities['P-256'], rootPem, options);
    const connection = await connect(server);
    await converse(server, connection, 'before');
    for (const command of ['k', 'K', 'K']) {
      server.type(`${command}\n`);
      await converse(server, connection, `after ${command} ${Math.random()}`);
    }
    connection.close();
  });

  it('may pad its records', async () => {
    await using server = await startOpenssl(identities['P-256'], rootPem, [
      ...options,
      ...['-record_padding', '1024'],
    ]);
    const connection = await connect(server);
    await converse(server, connection, 'word');
    connection.close();
  });

  it('exports the same value', async () => {
    const label = 'EXPORTER-Channel-Binding';
    await using server = await startOpenssl(identities['P-256'], rootPem, [
      ...options,
      ...['-keymatexport', label, '-keymatexportlen', '32'],
    ]);
    const connection = await connect(server);
    const line = await server.says(/^ *Keying material: /);
    const ours = connection.channelBinding('tls-exporter').toString('hex');
    expect(line.replace(/^.*: /, '').toLowerCase()).toBe(ours);
    connection.close();
  });
});
