import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import { mintTlsClientCredential } from '../../electron/practice/server.ts';
import type { Station } from '../../electron/station/station.ts';
import type { Profile, ProfileInput } from '../../shared/profile.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';
import { CardReader, noVirtualCard } from './card-reader.ts';
import { PivCard, type PivCredential } from './piv-card.ts';

const reason = noVirtualCard();
const full = process.env.EST_STATION_FULL === '1';
const authentication = 'Certificate for PIV Authentication';
const signing = 'Certificate for Digital Signature';
const bound = { enabled: true, tokenChannelBinding: true };

describe.skipIf(reason !== null)(
  `an officer’s PIV card ${reason ?? ''}`,
  { timeout: 60_000 },
  () => {
    let bench: TokenTlsBench;
    let reader: CardReader;
    let card: PivCard;
    let bridge: TokenBridge;
    let station: Station;

    beforeAll(async () => {
      bench = await TokenTlsBench.make();
      reader = await CardReader.start();
      const env = { ...bench.softHsm.env, ...reader.env };
      bridge = createTokenBridge(nodeProcessLauncher({ env }), { deadlines: { sign: 8_000 } });
      station = await bench.station(() => ({ tokens: bridge }));
      const minted = (name: string): PivCredential => {
        const { keyPem, chainPem } = mintTlsClientCredential(bench.practice, name);
        const [certificate] = certificatesFromPem(chainPem);
        return { key: createPrivateKey(keyPem), certificate: certificate ?? Buffer.alloc(0) };
      };
      const credentials = { '9a': minted('RA officer'), '9c': minted('RA officer, signing') };
      card = new PivCard({ pin: bench.officer.pin, puk: '12345678', credentials });
      await reader.insert(card);
    });

    beforeEach(async () => {
      await seen();
      bench.asked.length = 0;
      card.pinsReceived = 0;
    });

    afterAll(async () => {
      await bench?.close();
      await bridge?.close();
      await reader?.close();
    });

    const cards = () => bridge.listTokens(reader.module);
    /** pcscd looks at its readers now and then only. */
    const seen = () => expect.poll(cards, { timeout: 20_000 }).toHaveLength(1);

    const profile = (alias: string, change: ProfileInput['proofOfPossession'] = {}): Profile =>
      bench.profile({
        proofOfPossession: { ...bound, ...change },
        tlsClientAuthentication: {
          enabled: true,
          keystore: { kind: 'pkcs11', module: reader.module, token: { label: 'RA officer' } },
          alias,
        },
      });

    test.runIf(full).each([
      ['tls-unique', 'TLSv1.2'],
      ['tls-exporter', 'TLSv1.3'],
    ] as const)(
      'signs in with its authentication key, bound by %s',
      async (channelBinding, tls) => {
        const order = {
          profile: profile(authentication, { channelBinding }),
          operation: 'enroll',
        } as const;
        const record = await run(station, order);
        expect(record).toMatchObject({
          error: null,
          state: 'done',
          keystore: { token: /^device/ },
        });
        expect(bench.practice.log.at(-1)).toMatchObject({
          authenticatedBy: 'tls',
          pop: 'valid',
          tls,
        });
        expect(bench.asked).toEqual(['token-pin', 'tls-token-pin']);
        expect(card.pinsReceived).toBe(1);
      },
    );

    test('asks for the PIN at each use of its signature key', async () => {
      const before = card.signatures['9c'];
      const record = await run(station, { profile: profile(signing), operation: 'enroll' });
      expect(record).toMatchObject({ error: null, state: 'done' });
      expect(bench.practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', pop: 'valid' });
      const uses = card.signatures['9c'] - before;
      expect(uses).toBeGreaterThan(0);
      expect(bench.asked.filter((purpose) => purpose === 'tls-token-pin')).toHaveLength(1 + uses);
      expect(card.pinsReceived).toBe(1 + uses);
    });

    test.runIf(full)(
      'pulled in the middle of signing in ends the run in words; inserted again, the next one works',
      async () => {
        card.beforeSignature = () => reader.pull();
        const order = { profile: profile(authentication), operation: 'enroll' } as const;
        const record = await run(station, order);
        expect(record).toMatchObject({ state: 'failed' });
        expect(record.error?.code).toMatch(/^(?:TOKEN-03|MODULE-05)$/);
        expect(card.pinsReceived).toBe(1);
        card.beforeSignature = () => undefined;
        await reader.insert(card);
        await seen();
        expect(await run(station, order)).toMatchObject({ error: null, state: 'done' });
        expect(card).toMatchObject({ pinsReceived: 2, triesLeft: 3 });
      },
    );

    test.runIf(full)('that is not there is named before any PIN is asked for', async () => {
      reader.pull();
      await expect.poll(cards, { timeout: 20_000 }).toEqual([]);
      const record = await run(station, { profile: profile(authentication), operation: 'enroll' });
      expect(record).toMatchObject({ state: 'failed', error: { code: 'TOKEN-01' } });
      expect(card.pinsReceived).toBe(0);
      await reader.insert(card);
    });
  },
);
