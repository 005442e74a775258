import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTokenBridge, type TokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import { readCertificate } from '../../electron/pki/certificate.ts';
import { makeKeyPair } from '../../electron/pki/key-pair.ts';
import { verifySignature } from '../../electron/pki/signature.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../openssl-certificates.ts';
import { CardReader, noVirtualCard } from './card-reader.ts';
import { countingLauncher } from './counting-launcher.ts';
import { PivCard, type PivCredential } from './piv-card.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const reason = noVirtualCard();
const full = process.env.EST_STATION_FULL === '1';
const pin = '123456';
const data = secret('to be signed');
const authentication = 'Certificate for PIV Authentication';
const signing = 'Certificate for Digital Signature';
const signDeadline = 8_000;
/** The card is gone, its session with it, or the module hangs on it. */
const lost = /^(?:TOKEN-03|PIN-08|MODULE-05)$/;

describe.skipIf(reason !== null)(
  `a PIV card through OpenSC ${reason ?? ''}`,
  { timeout: 90_000 },
  () => {
    let authority: OpensslAuthority;
    let credentials: Record<'9a' | '9c', PivCredential>;
    let reader: CardReader;
    let card: PivCard;
    let bridge: TokenBridge;
    let running: { readonly count: number };

    beforeAll(async () => {
      authority = await makeOpensslAuthority();
      const issue = async (set: 'prime256v1' | '2048', name: string) => {
        const { privateKey, publicKey } = await makeKeyPair(set);
        const spki = publicKey.export({ type: 'spki', format: 'der' });
        return { key: privateKey, certificate: await authority.issue(spki, `/CN=${name}`) };
      };
      credentials = {
        '9a': await issue('prime256v1', 'officer'),
        '9c': await issue('2048', 'officer, signing'),
      };
      reader = await CardReader.start();
      const counted = countingLauncher(reader.env);
      running = counted.running;
      bridge = createTokenBridge(counted.launcher, { deadlines: { sign: signDeadline } });
    });

    beforeEach(async () => {
      card = new PivCard({ pin, puk: '12345678', credentials });
      await insert();
    });

    afterEach(async () => {
      reader.pull();
      await expect.poll(() => tokens(), { timeout: 20_000 }).toEqual([]);
      await bridge.close();
      await expect.poll(() => running.count, { timeout: 10_000 }).toBe(0);
    });

    afterAll(async () => {
      await bridge?.close();
      await reader?.close();
      await authority?.cleanup();
    });

    const tokens = () => bridge.listTokens(reader.module);
    /** pcscd looks at its readers now and then only. */
    async function insert(): Promise<void> {
      await reader.insert(card);
      await expect.poll(() => tokens(), { timeout: 20_000 }).toHaveLength(1);
    }
    const pinState = async () => (await tokens()).map(({ pinState }) => pinState);
    const open = (
      given: string,
      more: { finalTryConfirmed?: boolean; pinForUse?: () => Promise<Uint8Array> } = {},
    ) =>
      bridge.openToken({
        module: reader.module,
        selector: { label: 'officer' },
        pin: secret(given),
        ...more,
      });

    test.runIf(full)(
      'counts its PINs down: each is sent once, the last one only when that is wanted',
      async () => {
        expect(await pinState()).toEqual(['ok']);
        await expect(open('000000')).rejects.toMatchObject({ code: 'PIN-01' });
        expect(card).toMatchObject({ pinsReceived: 1, triesLeft: 2 });
        await expect(open('000000')).rejects.toMatchObject({ code: 'PIN-01' });
        expect(card).toMatchObject({ pinsReceived: 2, triesLeft: 1 });
        expect(await pinState()).toEqual(['final']);
        await expect(open('000000')).rejects.toMatchObject({ code: 'PIN-03' });
        expect(card).toMatchObject({ pinsReceived: 2, triesLeft: 1 });
        const last = open('000000', { finalTryConfirmed: true });
        await expect(last).rejects.toMatchObject({ code: 'PIN-02' });
        expect(card).toMatchObject({ pinsReceived: 3, triesLeft: 0 });
        expect(await pinState()).toEqual(['locked']);
        await expect(open(pin)).rejects.toMatchObject({ code: 'PIN-02' });
        expect(card.pinsReceived).toBe(3);
      },
    );

    test.runIf(full)(
      'opens with the right PIN at the last try, and counts from the start again',
      async () => {
        card.triesLeft = 1;
        const keystore = await open(pin, { finalTryConfirmed: true });
        expect(keystore.token.pinState).toBe('final');
        await keystore.close();
        expect(await pinState()).toEqual(['ok']);
        expect(card).toMatchObject({ pinsReceived: 1, triesLeft: 3 });
      },
    );

    test.runIf(full)(
      'signs with the key that wants the PIN once, and with the one that wants it each time',
      async () => {
        let asked = 0;
        const keystore = await open(pin, {
          pinForUse: async () => {
            asked += 1;
            return secret(pin);
          },
        });
        const verified = async (alias: string, algorithm: SignatureAlgorithm) => {
          const signature = await keystore.sign(alias, algorithm, data);
          const entry = (await keystore.entries()).find((one) => one.alias === alias);
          const { spki } = readCertificate(entry?.certificate ?? Buffer.alloc(0));
          return verifySignature(spki, algorithm, data, signature);
        };
        expect(await verified(authentication, 'SHA256WITHECDSA')).toBe(true);
        expect(await verified(authentication, 'SHA256WITHECDSA')).toBe(true);
        expect({ asked, pins: card.pinsReceived }).toEqual({ asked: 0, pins: 1 });
        expect(await verified(signing, 'SHA256WITHRSA')).toBe(true);
        expect(await verified(signing, 'SHA256WITHRSAANDMGF1')).toBe(true);
        expect({ asked, pins: card.pinsReceived }).toEqual({ asked: 2, pins: 3 });
        expect(card.signatures).toEqual({ '9a': 2, '9c': 2 });
        await keystore.close();
      },
    );

    test('a card pulled in the middle of a signature is told within the deadline, and serves again', async () => {
      const keystore = await open(pin);
      card.beforeSignature = () => reader.pull();
      const began = performance.now();
      const attempt = keystore.sign(authentication, 'SHA256WITHECDSA', data);
      await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(lost) });
      expect(performance.now() - began).toBeLessThan(signDeadline + 5_000);
      await expect(keystore.sign(authentication, 'SHA256WITHECDSA', data)).rejects.toMatchObject({
        code: expect.stringMatching(lost),
      });
      await keystore.close();
      card.beforeSignature = () => undefined;
      await insert();
      const again = await open(pin);
      await expect(again.sign(authentication, 'SHA256WITHECDSA', data)).resolves.toBeDefined();
      await again.close();
      expect(card.pinsReceived).toBe(2);
    });

    test.runIf(full)(
      'a card pulled during a session is told at the next use; reinserted it wants its PIN again',
      async () => {
        const keystore = await open(pin);
        reader.pull();
        const use = () => keystore.sign(authentication, 'SHA256WITHECDSA', data);
        await expect(use()).rejects.toMatchObject({ code: expect.stringMatching(lost) });
        await insert();
        await expect(use()).rejects.toMatchObject({ code: expect.stringMatching(lost) });
        expect(card).toMatchObject({ pinsReceived: 1, signatures: { '9a': 0, '9c': 0 } });
        await keystore.close();
      },
    );

    test('a PIN longer than the card takes costs no try', async () => {
      await expect(open('123456789')).rejects.toMatchObject({ code: 'PIN-04' });
      expect(card).toMatchObject({ pinsReceived: 0, triesLeft: 3 });
    });
  },
);
