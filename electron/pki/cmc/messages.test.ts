import { execFile } from 'node:child_process';
import { randomBytes, sign } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { StationError } from '../../../shared/errors/station-error.ts';
import { Authority, clientAuth, cmcRa, type Identity } from '../../../test/authority.ts';
import { discardFolder } from '../../../test/discard-folder.ts';
import { sequence } from '../der-writer.ts';
import { controlSequence, recipientNonce, transactionId } from './controls.ts';
import { readFullRequest, writeFullRequest } from './full-request.ts';
import {
  type FullResponseInput,
  isFullResponse,
  type ResponseDemands,
  readFullResponse,
  writeFullResponse,
} from './full-response.ts';
import { contentTypes } from './identifiers.ts';
import type { CmsSigner } from './signed-data.ts';
import { type CmcStatus, failureNames, statusInfoV2 } from './status.ts';

const run = promisify(execFile);
const id = Buffer.from('0102030405', 'hex');
const nonce = Buffer.from('the nonce');
const pkcs10 = sequence(Buffer.from('020100', 'hex'));

let root: Authority;
let marked: Identity;

beforeAll(async () => {
  root = await Authority.root();
  marked = await root.issue({ commonName: 'RA', purposes: [cmcRa] });
});

const signerOf = ({ der, key }: Identity): CmsSigner => ({
  chain: [der],
  signatureAlgorithm: 'SHA256WITHECDSA',
  sign: async (data) => sign('sha256', data, key),
});

const success: CmcStatus = { status: 'success', text: null, failure: null, pending: null };

const response = (
  signer: CmsSigner | null,
  change: Partial<FullResponseInput> = {},
): Promise<Buffer> =>
  writeFullResponse(
    {
      status: success,
      olderStatus: false,
      parts: [1],
      transactionId: id,
      recipientNonce: nonce,
      senderNonce: Buffer.from('theirs'),
      certificates: [],
      ...change,
    },
    signer,
  );

const demands = (change: Partial<ResponseDemands> = {}): ResponseDemands => ({
  transactionId: id,
  senderNonce: nonce,
  anchors: [root.identity.der],
  caCertificates: [],
  at: new Date(),
  serverDate: null,
  limit: 8,
  ...change,
});

function refusal(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return `${error.code} ${error.params.detail}`;
  }
}

describe('a Full PKI Request', () => {
  test('is read as it was written', async () => {
    const der = await writeFullRequest(
      {
        transactionId: id,
        senderNonce: nonce,
        regInfo: Buffer.from('line 3'),
        ask: { kind: 'certificate', request: pkcs10 },
      },
      signerOf(marked),
    );
    expect(readFullRequest(der, 8)).toEqual({
      transactionId: id,
      senderNonce: nonce,
      regInfo: Buffer.from('line 3'),
      queryPending: null,
      request: { bodyPart: 1, der: pkcs10 },
      signer: marked.der,
    });
  });

  test('may ask after one that waits', async () => {
    const token = Buffer.from('token');
    const der = await writeFullRequest(
      { transactionId: id, senderNonce: nonce, regInfo: null, ask: { kind: 'pending', token } },
      signerOf(marked),
    );
    expect(readFullRequest(der, 8)).toMatchObject({ queryPending: token, request: null });
  });

  test('is not written with a key that is not its signer’s', async () => {
    const other = await root.issue();
    const attempt = response({ ...signerOf(marked), chain: [other.der] });
    await expect(attempt).rejects.toMatchObject({ code: 'TOKEN-12' });
  });
});

describe('a Full PKI Response', () => {
  test.each([
    ...failureNames.map((failure) => ({ ...success, status: 'failed', failure }) as const),
  ])('tells the failure $failure in either form', async (status) => {
    for (const olderStatus of [false, true]) {
      const der = await response(signerOf(marked), {
        status: { ...status, text: 'words' },
        olderStatus,
      });
      const { statuses, signer } = readFullResponse(der, demands());
      expect(statuses).toEqual([{ ...status, text: 'words' }]);
      expect(signer).toBe('CN=RA');
    }
  });

  test('tells what to ask again with, and when', async () => {
    const pending = { token: Buffer.from('token'), time: new Date('2030-05-06T07:08:09Z') };
    const der = await response(signerOf(marked), {
      status: { ...success, status: 'pending', pending },
    });
    expect(readFullResponse(der, demands()).statuses[0]?.pending).toEqual(pending);
  });

  test('may be signed by the CA itself', async () => {
    const der = await response(signerOf(root.identity), { certificates: [marked.der] });
    expect(readFullResponse(der, demands()).certificates).toContainEqual(marked.der);
  });

  test.each<[string, () => Promise<string>]>([
    ['it is not signed', async () => attempt(await response(null))],
    [
      '"CN=device" may not speak for a CA',
      async () => {
        const device = await root.issue({ commonName: 'device', purposes: [clientAuth] });
        return attempt(await response(signerOf(device)));
      },
    ],
    [
      'its signer is not trusted',
      async () => {
        const stranger = await Authority.root('Stranger');
        const forger = await stranger.issue({ purposes: [cmcRa] });
        return attempt(await response(signerOf(forger)));
      },
    ],
    [
      'its nonce is not that of the request',
      async () => attempt(await response(signerOf(marked), { recipientNonce: randomBytes(16) })),
    ],
    [
      'it does not repeat the nonce of the request',
      async () => attempt(await response(signerOf(marked), { recipientNonce: null })),
    ],
    [
      'its transaction identifier is not that of the request',
      async () => attempt(await response(signerOf(marked), { transactionId: Buffer.of(7) })),
    ],
    [
      'it does not repeat the transaction identifier of the request',
      async () => attempt(await response(signerOf(marked), { transactionId: null })),
    ],
  ])('is not believed when %s', async (detail, ended) => {
    expect(await ended()).toContain(`CMC-10 ${detail}`);
  });

  test.each([
    ['the server’s date', new Date('2031-02-03T04:05:06Z'), '2031-02-03T04:05:06.000Z'],
    ['no date of the server', null, '–'],
  ])('signed out of time names this clock and %s', async (_what, serverDate, server) => {
    const day = 86_400_000;
    for (const days of [-2, 2]) {
      const at = new Date(Date.now() + days * day);
      const der = await response(signerOf(marked));
      const read = () => readFullResponse(der, demands({ at, serverDate }));
      expect(read).toThrow(
        expect.objectContaining({
          code: 'CMC-12',
          params: { detail: expect.any(String), now: at.toISOString(), server },
        }),
      );
    }
  });

  function attempt(der: Buffer): string {
    return refusal(() => readFullResponse(der, demands()));
  }

  test('is a request no more than a request is a response', async () => {
    expect(refusal(() => readFullRequest(Buffer.alloc(0), 8))).toContain('CERT-06');
    const der = await response(signerOf(marked));
    expect(isFullResponse(der, 8)).toBe(true);
    expect(refusal(() => readFullRequest(der, 8))).toContain('CERT-06');
  });

  test.each([
    ['by issuer and serial number', []],
    ['by key identifier', ['-keyid']],
    ['in BER of indefinite lengths', ['-stream', '-indef']],
  ])('made by openssl is read, %s', async (_how, extra) => {
    const folder = await mkdtemp(join(tmpdir(), 'cmc-'));
    onTestFinished(() => discardFolder(folder));
    const [content, signer, key, out] = ['c.der', 's.pem', 'k.pem', 'o.der'].map((name) =>
      join(folder, name),
    );
    const list = [transactionId(id), recipientNonce(nonce), statusInfoV2(success, [1])];
    const body = sequence(controlSequence(list, 1), sequence(), sequence());
    await writeFile(String(content), body);
    await writeFile(String(signer), root.identity.pem);
    await writeFile(String(key), root.identity.keyPem);
    const type = ['-econtent_type', contentTypes.pkiResponse];
    const files = ['-in', content, '-signer', signer, '-inkey', key, '-out', out].map(String);
    const how = ['-sign', '-nodetach', '-binary', '-outform', 'DER', '-md', 'sha256'];
    await run('openssl', ['cms', ...how, ...type, ...files, ...extra]);
    const read = readFullResponse(await readFile(String(out)), demands());
    expect(read.statuses).toEqual([success]);
  });
});

describe('whatever comes', () => {
  test('is read or refused with a code, and never believed when it was changed', async () => {
    const request = await writeFullRequest(
      {
        transactionId: id,
        senderNonce: nonce,
        regInfo: null,
        ask: { kind: 'certificate', request: pkcs10 },
      },
      signerOf(marked),
    );
    const good = await response(signerOf(marked));
    const status = { ...success, status: 'failed', text: 'no', failure: 'badAlg' } as const;
    const seeds = [request, good, await response(signerOf(marked), { status })];
    const changed = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(4096), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      )
      .map(([seed, changes]) => {
        const der = Buffer.from(seed);
        for (const [at, byte] of changes) der[at % der.length] = byte;
        return der;
      });
    const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: changed }, any), (der) => {
        const question = demands();
        refusal(() => readFullRequest(der, 8));
        const verdict = refusal(() => {
          const { statuses } = readFullResponse(der, question);
          expect([[success], [status]]).toContainEqual(statuses);
        });
        expect(verdict).toMatch(/^(accepted|CERT-06 |CMC-10 |CMC-12 )/);
        isFullResponse(der, 8);
      }),
      { numRuns: 600 },
    );
  });
});
