import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { readCertificate } from '../pki/certificate.ts';
import { validatePath } from '../pki/path.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { findNewRoots } from '../pki/rollover.ts';
import { openAuthority } from './authority.ts';
import type { PracticeOptions } from './practice.ts';
import { openRollover } from './rollover.ts';
import { startPractice } from './server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-rollover-'));
});
afterAll(() => discardFolder(folder));

async function rollover(faults: PracticeOptions['faults'] = []) {
  const dir = await mkdtemp(join(folder, 'ca-'));
  const former = await openAuthority(dir);
  const opened = await openRollover(dir, former, faults);
  const newRoot = opened.successor.root.certificate.raw;
  const judge = () =>
    findNewRoots({
      bag: [newRoot, ...opened.links],
      anchors: [former.root.certificate.raw],
      at: new Date(),
    });
  return { dir, former, opened, newRoot, judge };
}

describe('a practice CA that changes its root', () => {
  it('proves the new root with the old, under the same names and with new keys', async () => {
    const { former, opened, newRoot, judge } = await rollover();
    expect(judge()).toMatchObject([{ proven: true, root: newRoot }]);
    const [before, after] = [former.root, opened.successor.root].map(({ certificate }) =>
      readCertificate(certificate.raw),
    );
    expect(after?.subjectDer).toEqual(before?.subjectDer);
    expect(after?.spki).not.toEqual(before?.spki);
    const { issuing } = opened.successor;
    expect(issuing.name).toEqual(former.issuing.name);
    const question = {
      certificate: issuing.certificate.raw,
      at: new Date(),
      purpose: 'any',
    } as const;
    expect(validatePath({ ...question, intermediates: [], anchors: [newRoot] })).toMatchObject({
      valid: true,
    });
  });

  it('keeps the new root across restarts', async () => {
    const { dir, former, newRoot } = await rollover();
    const again = await openRollover(dir, former, []);
    expect(again.successor.root.certificate.raw).toEqual(newRoot);
  });

  it.each([
    ['rollover-forged', 'the signature of'],
    ['rollover-expired', 'was valid until'],
    ['rollover-unproven', 'NewWithOld is missing'],
  ] as const)('can fail to prove it: %s', async (fault, detail) => {
    const { judge } = await rollover([fault]);
    expect(judge()).toMatchObject([{ proven: false, detail: expect.stringContaining(detail) }]);
  });

  it('names the root its own certificate leads to', async () => {
    const dir = await mkdtemp(join(folder, 'server-'));
    const fingerprints: string[] = [];
    for (const phase of [null, 'in-progress', 'finished'] as const) {
      const server = await startPractice({ dir, rollover: phase });
      const { caCertificate, caFingerprint } = server.facts;
      await server.close();
      const [root = Buffer.alloc(0)] = certificatesFromPem(await readFile(caCertificate, 'utf8'));
      const digest = createHash('sha256').update(root).digest('hex').toUpperCase();
      expect(digest).toBe(caFingerprint);
      fingerprints.push(caFingerprint);
    }
    const [before, during, after] = fingerprints;
    expect(during).toBe(before);
    expect(after).not.toBe(before);
  });
});
