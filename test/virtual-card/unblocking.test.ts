import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import { makeKeyPair } from '../../electron/pki/key-pair.ts';
import { makeOpensslAuthority } from '../openssl-certificates.ts';
import { CardReader, noVirtualCard } from './card-reader.ts';
import { countingLauncher } from './counting-launcher.ts';
import { PivCard } from './piv-card.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const reason = noVirtualCard();
const [pin, puk] = ['123456', '12345678'];

test.skipIf(reason !== null)(
  `a PIV card has no SO PIN: the card is not asked, its PIN changes, and its PUK works elsewhere ${reason ?? ''}`,
  { timeout: 120_000 },
  async () => {
    const authority = await makeOpensslAuthority();
    const { privateKey, publicKey } = await makeKeyPair('prime256v1');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const certificate = await authority.issue(spki, '/CN=officer');
    const card = new PivCard({ pin, puk, credentials: { '9a': { key: privateKey, certificate } } });
    const reader = await CardReader.start();
    const { launcher, running } = countingLauncher(reader.env);
    const bridge = createTokenBridge(launcher);
    try {
      await reader.insert(card);
      const { module } = reader;
      await expect.poll(() => bridge.listTokens(module), { timeout: 20_000 }).toHaveLength(1);
      const target = { module, selector: { label: 'officer' } };
      const soPin = secret(puk);
      const refused = { code: 'PIN-12', params: { token: expect.stringContaining('officer') } };
      await expect(
        bridge.resetPin({ ...target, soPin, newPin: secret('654321') }),
      ).rejects.toMatchObject(refused);
      const so = { ...target, who: 'so', oldPin: secret(puk), newPin: secret('87654321') } as const;
      await expect(bridge.changePin(so)).rejects.toMatchObject(refused);
      expect(card).toMatchObject({ pinsReceived: 0, triesLeft: 3, pukTriesLeft: 3 });

      const change = { who: 'user', oldPin: secret(pin), newPin: secret('222222') } as const;
      await bridge.changePin({ ...target, ...change });
      // OpenSC resets the card when a process leaves it, in the middle of what another one does.
      await bridge.close();
      await expect.poll(() => running.count, { timeout: 10_000 }).toBe(0);
      const tool = ['--unblock-pin', '--auth-id', '01', '--puk', puk, '--new-pin', '333333'];
      await promisify(execFile)('pkcs15-tool', tool, { env: { ...process.env, ...reader.env } });
      const opened = await bridge.openToken({ ...target, pin: secret('333333') });
      await opened.close();
      expect(card).toMatchObject({ pinsReceived: 2, triesLeft: 3, pukTriesLeft: 3 });
    } finally {
      await bridge.close();
      await reader.close();
      await authority.cleanup();
    }
  },
);
