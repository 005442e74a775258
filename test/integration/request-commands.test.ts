import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  document,
  type Finished,
  type PracticeProcess,
  runCommand,
  startPracticeCommand,
} from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';

describe('the commands at a server that gives a template', () => {
  let folder: string;
  let practice: PracticeProcess;
  let profile: string;

  const station = (...args: string[]): Promise<Finished> =>
    runCommand([...args, '--profile', profile, '--json'], {
      EST_STATION_HOME: join(folder, 'home'),
      EST_STATION_PIN: 'software passphrase',
      EST_STATION_PASSWORD: practice.facts.password,
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-template-'));
    practice = await startPracticeCommand(
      join(folder, 'practice'),
      '--csrattrs',
      'template',
      '--mode',
      'ra',
    );
    const { endpoint, caFingerprint, username } = practice.facts;
    profile = join(folder, 'profile.json');
    await writeFile(
      profile,
      JSON.stringify({
        server: { endpoint },
        trust: { caRootFingerprint: caFingerprint },
        keystore: { kind: 'software', path: join(folder, 'keys') },
        httpAuthentication: { scheme: 'basic', username },
        request: { subject: 'CN=GW-1,O=EST Practice' },
      }),
    );
    await station('bootstrap');
  });

  afterAll(async () => {
    await practice.stop();
    await discardFolder(folder);
  });

  test('show the three columns, fill the template in, and ask for a new name', async () => {
    const shown = document(await station('csrattrs'));
    expect(shown).toMatchObject({ template: true, missing: [], key: { parameter: 'secp384r1' } });
    expect(shown.plan).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          about: 'key',
          asked: 'EC secp384r1',
          profile: 'EC prime256v1',
          sent: 'EC prime256v1',
          verdict: 'kept',
        }),
      ]),
    );
    const open = document(await station('csrattrs', '--follow-server'));
    expect(open.missing).toEqual(['DNS']);

    const refused = await station('enroll', '--follow-server');
    expect(refused.code).toBe(3);
    expect(document(refused)).toMatchObject({ error: { code: 'PROFILE-10' } });
    const enrolled = await station('enroll', '--follow-server', '--fill', 'DNS=gw.example');
    expect(enrolled).toMatchObject({ code: 0 });
    expect(document(enrolled)).toMatchObject({
      state: 'done',
      certificate: {
        subject: expect.stringMatching(/^UID=ra-[0-9a-f]{8},CN=GW-1,O=EST Practice$/),
        publicKey: 'EC P-384',
        subjectAltNames: ['DNS:gw.example'],
      },
    });

    const renamed = await station('reenroll', '--subject', 'CN=GW-2,O=EST Practice');
    expect(renamed).toMatchObject({ code: 0 });
    expect(document(renamed)).toMatchObject({
      certificate: { subject: 'CN=GW-2,O=EST Practice', subjectAltNames: ['DNS:gw.example'] },
    });
  });

  test.each(['nonsense', ''])(
    'refuse the new subject "%s" before anything is begun',
    async (name) => {
      const refused = await station('reenroll', '--rekey', '--subject', name);
      expect(refused.code).toBe(3);
      expect(document(refused)).not.toHaveProperty('enrollmentId');
    },
  );

  test.each([
    ['bootstrap', '--fingerprint', '0011'],
    ['trust', '--confirm', 'zz'],
    ['trust', '--remove', '00'],
  ])('%s refuses %s %s, which is no fingerprint', async (...args) => {
    const refused = await station(...args);
    expect(refused.code).toBe(2);
    expect(document(refused)).toMatchObject({ error: { code: 'USAGE-01' } });
  });

  test.each([
    ['--fill', 'nonsense'],
    ['--fill', '=x'],
  ])('refuse %s %s', async (...option) => {
    expect(await station('csrattrs', ...option)).toMatchObject({ code: 2 });
  });
});

test.each([
  ['--csrattrs', 'nonsense'],
  ['--mode', 'nonsense'],
  ['--fault', 'nonsense'],
])('practice refuses %s %s, and tells the choice', async (...option) => {
  const ended = await runCommand(['practice', '--dir', join(tmpdir(), 'unused'), ...option], {});
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('choose from ');
});
