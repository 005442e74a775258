import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Authority, clientAuth, type Identity } from '../../../test/authority.ts';
import { keySigner } from '../../../test/key-signer.ts';
import { at, type Conduct, sendMessage } from '../../../test/tls-server/conduct.ts';
import { message } from '../../../test/tls-server/messages.ts';
import { serveConduct } from '../../../test/tls-server/server.ts';
import type { CredentialSigner } from '../connector.ts';
import { tokenConnector } from '../token-connector.ts';
import { HeldSecrets } from './held-secrets.ts';

it('secrets held together are zeroed together, and not asked for afterwards', () => {
  const held = new HeldSecrets();
  const secrets = [held.hold(Buffer.from('one')), held.hold(Buffer.from('two'))];
  expect(() => held.demand()).not.toThrow();
  expect(String(secrets[1])).toBe('two');
  held.wipe();
  expect(secrets).toEqual([Buffer.alloc(3), Buffer.alloc(3)]);
  expect(() => held.demand()).toThrow('gone');
});

let root: Authority;
let server: Identity;
let client: Identity;
beforeAll(async () => {
  root = await Authority.root();
  server = await root.issue({ ip: ['127.0.0.1'] });
  client = await root.issue({ purposes: [clientAuth] });
});

const held = vi.spyOn(HeldSecrets.prototype, 'hold');
afterEach(() => held.mockClear());

/** All secrets that connections held since the last test, as they are now. */
const secrets = () => held.mock.calls.map(([secret]) => Buffer.from(secret));
const allZero = () => secrets().every((secret) => secret.every((octet) => octet === 0));

function connect(port: number, sign: CredentialSigner['sign'], signal?: AbortSignal) {
  const signer = { ...keySigner(client.key), sign };
  const anchors = [root.identity.der];
  return tokenConnector.connect(
    { host: '127.0.0.1', port },
    {
      trust: { kind: 'anchors', anchors, origin: 'explicit', hostnameVerification: true },
      credential: { kind: 'keystore', chain: [client.der], signer },
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      connectMs: 10_000,
      tlsMs: 10_000,
      signal,
    },
  );
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('the secrets of a handshake over %s', (version) => {
  const asking: Conduct = { version, asksForCertificate: true };
  const signs: CredentialSigner['sign'] = (...question) => keySigner(client.key).sign(...question);

  it('are zeroed with the connection', async () => {
    await using scripted = await serveConduct(server, () => asking);
    const connection = await connect(scripted.port, signs);
    expect(secrets().some((secret) => secret.some((octet) => octet !== 0))).toBe(true);
    connection.close();
    expect(allZero()).toBe(true);
  });

  it('are zeroed when the server proves to be another', async () => {
    const outgoing = at('Finished', ({ bytes }) => [
      sendMessage(message('Finished', Buffer.alloc(bytes.length - 4, 1))),
    ]);
    await using scripted = await serveConduct(server, () => ({ ...asking, outgoing }));
    await expect(connect(scripted.port, signs)).rejects.toMatchObject({ code: 'TLS-01' });
    expect([secrets().length > 3, allZero()]).toEqual([true, true]);
  });

  it('are zeroed when the key does not sign', async () => {
    await using scripted = await serveConduct(server, () => asking);
    const refusing = () => Promise.reject(new Error('pulled'));
    await expect(connect(scripted.port, refusing)).rejects.toThrow();
    expect([secrets().length > 1, allZero()]).toEqual([true, true]);
  });

  it('are zeroed, and nothing is sent, when the key signs after all was given up', async () => {
    await using scripted = await serveConduct(server, () => asking);
    const { promise: touched, resolve: touch } = Promise.withResolvers<void>();
    const giving = new AbortController();
    const late: CredentialSigner['sign'] = async (...question) => {
      giving.abort();
      await touched;
      return signs(...question);
    };
    const attempt = connect(scripted.port, late, giving.signal);
    await expect(attempt).rejects.toMatchObject({ code: 'CANCEL-01' });
    touch();
    await scripted.over();
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect([secrets().length > 1, allZero()]).toEqual([true, true]);
    expect(scripted.last().stopped).not.toBeNull();
  });
});
