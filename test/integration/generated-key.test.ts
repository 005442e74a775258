import { expect, onTestFinished, test } from 'vitest';
import { Station } from '../../electron/station/station.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { commandStation, practiceServer } from '../command-bench.ts';
import { document, runCommand } from '../command-line.ts';
import { enrolled, RequestBench } from '../request-bench.ts';
import { makeSoftHsm } from '../softhsm.ts';

test('a generated key is lost, and said to be, when the keystore does not take it', async () => {
  const bench = await RequestBench.open();
  const { ports } = bench.station;
  const stubborn = new Station({
    ...ports,
    openSoftwareKeystore: async (request) => {
      const opened = await ports.openSoftwareKeystore(request);
      return Object.assign(opened, {
        importKeyPair: () => Promise.reject(new StationError('TOKEN-05', { mechanism: 'none' })),
      });
    },
  });
  const order = { profile: bench.profile(), operation: 'serverkeygen' } as const;
  const record = await stubborn.ended(await stubborn.start(order));
  expect(record).toMatchObject({ state: 'issued-not-stored', error: { code: 'KEY-04' } });
  expect(record.certificate?.pem).toContain('BEGIN CERTIFICATE');
});

test('a generated key leaves no trace in journal, audit and record', async () => {
  const bench = await RequestBench.open();
  const record = await bench.run({ profile: bench.profile(), operation: 'serverkeygen' });
  const { journal, audit } = bench.station.ports.store;
  const told = JSON.stringify([
    record,
    await journal.read({ enrollmentId: record.enrollmentId, limit: 100 }),
    await audit.read({ limit: 10 }),
  ]);
  const keystore = await bench.openKeys();
  const { d = '' } = keystore.privateKey(enrolled).export({ format: 'jwk' });
  await keystore.close();
  const scalar = Buffer.from(d, 'base64url');
  expect(scalar).toHaveLength(32);
  expect(told).not.toContain('PRIVATE KEY');
  // Base64 of the scalar inside DER begins at any of three offsets.
  const texts = [0, 1, 2].map((skip) => scalar.subarray(skip, skip + 27).toString('base64'));
  for (const text of [...texts, scalar.toString('hex')]) {
    expect(told.toLowerCase()).not.toContain(text.toLowerCase());
  }
});

test('a generated key comes to a token by the command line', async () => {
  const softHsm = await makeSoftHsm();
  onTestFinished(() => softHsm.cleanup());
  const { serial, pin } = await softHsm.makeToken({ label: 'cli', pin: '271828' });
  const practice = await practiceServer();
  const { facts } = practice;
  const change: Partial<ProfileInput> = {
    keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial } },
    serverKeyGeneration: { encryption: 'symmetric', keyEncryptionKeyId: facts.keyEncryptionKeyId },
  };
  const station = await commandStation(practice, change);
  const env = {
    ...station.env,
    ...softHsm.env,
    EST_STATION_PIN: pin,
    EST_STATION_KEK: facts.keyEncryptionKey,
  };
  const args = ['serverkeygen', '--profile', station.file, '--subject', 'CN=GW-2'];
  const finished = await runCommand([...args, '--json'], env);
  expect(finished.code).toBe(0);
  expect(finished.stdout + finished.stderr).not.toContain(facts.keyEncryptionKey);
  expect(document(finished)).toMatchObject({
    operation: 'serverkeygen',
    state: 'done',
    certificate: { subject: 'CN=GW-2' },
    keystore: { generatedThere: false },
    warnings: [{ code: 'KEY-IMPORTED' }],
  });
  const wrong = await runCommand(args, { ...env, EST_STATION_KEK: 'no digits' });
  expect(wrong.code).toBe(2);
}, 120_000);
