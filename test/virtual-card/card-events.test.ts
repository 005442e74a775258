import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeKeyPair } from '../../electron/pki/key-pair.ts';
import { startCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../openssl-certificates.ts';
import { CardReader, noVirtualCard } from './card-reader.ts';
import { PivCard } from './piv-card.ts';

const reason = noVirtualCard();

interface Told {
  readonly event: string;
  readonly token?: { readonly label: string; readonly pinState: string };
}

describe.skipIf(reason !== null)(`tokens --watch ${reason ?? ''}`, () => {
  let reader: CardReader;
  let authority: OpensslAuthority;
  let home: string;

  beforeAll(async () => {
    reader = await CardReader.start();
    authority = await makeOpensslAuthority();
    home = await mkdtemp(join(tmpdir(), 'est-watch-'));
  });
  afterAll(async () => {
    await reader?.close();
    await authority?.cleanup();
    await discardFolder(home);
  });

  test('tells a card that comes, loses PIN tries and goes', { timeout: 120_000 }, async () => {
    const { privateKey: key, publicKey } = await makeKeyPair('prime256v1');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const certificate = await authority.issue(spki, '/CN=officer');
    const card = new PivCard({
      pin: '123456',
      puk: '12345678',
      credentials: { '9a': { key, certificate } },
    });
    const watch = startCommand(['tokens', '--module', reader.module, '--watch', '--json'], {
      ...reader.env,
      EST_STATION_HOME: home,
    });
    onTestFinished(() => void watch.kill('SIGKILL'));
    if (watch.stdout === null) throw new Error('no output');
    const told: string[] = [];
    createInterface(watch.stdout).on('line', (line) => {
      const { event, token }: Told = JSON.parse(line);
      told.push(`${event} ${token?.label} ${token?.pinState}`);
    });
    const last = () => told.at(-1);
    await reader.insert(card);
    await expect.poll(last, { timeout: 30_000 }).toMatch(/^(?:arrived|present) officer ok$/);
    card.triesLeft = 1;
    await expect.poll(last, { timeout: 30_000 }).toBe('changed officer final');
    card.triesLeft = 0;
    await expect.poll(last, { timeout: 30_000 }).toBe('changed officer locked');
    reader.pull();
    await expect.poll(last, { timeout: 30_000 }).toBe('removed officer locked');
    card.triesLeft = 3;
    await reader.insert(card);
    await expect.poll(last, { timeout: 30_000 }).toBe('arrived officer ok');
    expect(card.pinsReceived).toBe(0);
    watch.kill('SIGINT');
    expect(await once(watch, 'exit')).toEqual([0, null]);
  });
});
