import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { openSoftwareKeystoreForWork } from '../../electron/keystore/software/first-use.ts';
import { readCertificate } from '../../electron/pki/certificate.ts';
import { requestFeatures } from '../../electron/pki/certified-features.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import { readRequest } from '../../electron/pki/request.ts';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { EnrollmentOrder } from '../../electron/station/enrollment-order.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { alternativeNames, certify, purposesExtension } from '../certificate-draft.ts';
import { observe, taken } from '../conformance/observe.ts';

const passphrase = 'software passphrase';
const enrolled = 'est-enrolled-key-pair';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-request-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A practice server, a station and a software keystore of one test. */
class Bench {
  readonly practice: PracticeServer;
  readonly station: Station;
  readonly keys: string;

  private constructor(practice: PracticeServer, station: Station, keys: string) {
    this.practice = practice;
    this.station = station;
    this.keys = keys;
  }

  static async open(options: Partial<PracticeOptions> = {}): Promise<Bench> {
    const place = await mkdtemp(join(folder, 'bench-'));
    const practice = await startPractice({ dir: join(place, 'practice'), ...options });
    onTestFinished(() => practice.close());
    const ports = await stationPorts({
      env: { EST_STATION_HOME: join(place, 'home') },
      launcher: nodeProcessLauncher(),
      secretSource: {
        ask: async (purpose) =>
          new TextEncoder().encode(
            purpose === 'http-password' ? practice.facts.password : passphrase,
          ),
      },
    });
    const station = new Station(ports);
    onTestFinished(() => station.close());
    return new Bench(practice, station, join(place, 'keys'));
  }

  profile(change: Partial<ProfileInput> = {}, request: Partial<ProfileInput['request']> = {}) {
    const { facts } = this.practice;
    return profileSchema.parse({
      server: { endpoint: facts.endpoint },
      trust: { caRootFingerprint: facts.caFingerprint },
      keystore: { kind: 'software', path: this.keys },
      httpAuthentication: { scheme: 'basic', username: facts.username },
      request: { subject: 'CN=GW-1,O=EST Practice', ...request },
      ...change,
    });
  }

  /** Signs in with the enrolled certificate instead of a password. */
  byCertificate(change: Partial<ProfileInput> = {}) {
    return this.profile({
      httpAuthentication: { scheme: 'none' },
      tlsClientAuthentication: {
        enabled: true,
        keystore: { kind: 'software', path: this.keys },
        alias: enrolled,
      },
      ...change,
    });
  }

  async run(order: EnrollmentOrder): Promise<EnrollmentRecord> {
    return await this.station.ended(await this.station.start(order));
  }

  /** The PKCS#10 as it was sent, DER. */
  async sent({ enrollmentId }: EnrollmentRecord): Promise<Buffer> {
    const journal = await this.station.ports.store.journal.read({ enrollmentId, limit: 100 });
    const signed = journal.findLast(({ state, phase }) => state === 'signed' && phase === 'after');
    return Buffer.from(String(signed?.evidence.request), 'base64');
  }

  /** Puts a key and a certificate of the practice CA on the keystore. @returns the certificate, DER. */
  async enrolledWith(subject: string, names: readonly string[], notAfter?: string) {
    const { issuing } = this.practice.authority;
    const keystore = await openSoftwareKeystoreForWork({
      path: this.keys,
      passphrase: new TextEncoder().encode(passphrase),
    });
    const { spki } = await keystore.generateKeyPair(enrolled, 'prime256v1');
    const der = certify({
      subject,
      keys: { privateKey: issuing.key, spki },
      issuer: {
        subject: readCertificate(issuing.certificate.raw).subject,
        keys: { privateKey: issuing.key, spki: issuing.spki },
      },
      extensions: [
        purposesExtension('1.3.6.1.5.5.7.3.2'),
        ...(names.length === 0 ? [] : [alternativeNames(...names)]),
      ],
      ...(notAfter === undefined ? {} : { notAfter }),
    });
    await keystore.storeCertificate(enrolled, der);
    await keystore.close();
    return readCertificate(der);
  }
}

const codes = ({ warnings }: EnrollmentRecord) => warnings.map(({ code }) => code);
const verdictOf = ({ error, warnings }: EnrollmentRecord) =>
  error === null ? taken(warnings) : `refuse ${error.code}`;

function issuedOf({ certificate }: EnrollmentRecord) {
  const [der] = certificatesFromPem(certificate?.pem ?? '');
  if (!der) throw new Error('the record holds no certificate');
  return readCertificate(der);
}

describe('the issued certificate in the answer', () => {
  test.each<
    [
      fault: PracticeOptions['faults'][number],
      state: string,
      code: string | null,
      warnings: string[],
    ]
  >([
    ['certificate-first', 'done', null, []],
    ['certificate-middle', 'done', null, []],
    ['certificate-last', 'done', null, []],
    ['two-certificates', 'done', null, ['ISSUED-SURPLUS']],
    ['certificate-for-another-key', 'refused', 'CERT-01', []],
    ['no-certificate', 'refused', 'CERT-01', []],
  ])('%s: %s %s', async (fault, state, code, warnings) => {
    const bench = await Bench.open({ faults: [fault] });
    const record = await bench.run({ profile: bench.profile(), operation: 'enroll' });
    expect({ state: record.state, code: record.error?.code ?? null }).toEqual({ state, code });
    expect(codes(record)).toEqual(warnings);
    observe('issued', fault, verdictOf(record));
  });
});

describe('an issued certificate that differs from the request', () => {
  type Issued = ProfileInput['issued'];
  test.each<
    [
      what: string,
      practice: Partial<PracticeOptions>,
      request: Partial<ProfileInput['request']>,
      issued: Issued,
      warnings: string[],
    ]
  >([
    ['subject', { mode: 'client' }, {}, { subject: 'refuse' }, ['ISSUED-SUBJECT']],
    ['generated name', { mode: 'ra' }, {}, { subject: 'refuse' }, ['ISSUED-SUBJECT']],
    [
      'alternative names',
      { mode: 'client' },
      { subjectAltNames: ['DNS:gw.example'] },
      { subject: 'accept', subjectAltNames: 'refuse' },
      ['ISSUED-NAMES'],
    ],
    [
      'key usage',
      { csrattrs: 'extension-value' },
      {},
      { keyUsage: 'refuse' },
      ['ISSUED-KEY-USAGE'],
    ],
    ['too long', {}, {}, { maxValidityDays: 30, validity: 'refuse' }, ['ISSUED-VALIDITY']],
    ['too short', {}, {}, { minValidityDays: 1000, validity: 'refuse' }, ['ISSUED-VALIDITY']],
  ])(
    'in %s is told, refused or accepted as the profile says',
    async (what, practice, request, issued, warnings) => {
      const bench = await Bench.open(practice);
      const refused = await bench.run({
        profile: bench.profile({ issued }, request),
        operation: 'enroll',
      });
      expect(refused).toMatchObject({
        state: 'refused',
        error: { code: 'CERT-10' },
        certificate: { pem: expect.stringContaining('BEGIN CERTIFICATE') },
      });
      expect(codes(refused)).toEqual(warnings);
      observe('difference', `${what}, outside the policy`, verdictOf(refused));
      const { entries } = await bench.station.show(bench.profile());
      expect(entries.filter(({ alias }) => alias === enrolled)).toEqual([]);
      const audit = await bench.station.ports.store.audit.read({ limit: 100 });
      expect(audit.map(({ what }) => what)).toEqual([
        'trust.confirmed',
        'certificate.issued',
        'enrollment.refused',
      ]);

      const judged = (word: 'warn' | 'accept') =>
        bench.profile(
          {
            issued: Object.fromEntries(
              Object.entries(issued ?? {}).map(([name, value]) => [
                name,
                value === 'refuse' ? word : value,
              ]),
            ),
          },
          request,
        );
      const warned = await bench.run({ profile: judged('warn'), operation: 'enroll' });
      expect({ state: warned.state, codes: codes(warned) }).toEqual({
        state: 'done',
        codes: warnings,
      });
      observe('difference', `${what}, told`, verdictOf(warned));
      const accepted = await bench.run({ profile: judged('accept'), operation: 'enroll' });
      expect({ state: accepted.state, codes: codes(accepted) }).toEqual({
        state: 'done',
        codes: [],
      });
      observe('difference', `${what}, not minded`, verdictOf(accepted));
    },
  );
});

describe('a renewal', () => {
  test.each<[what: string, subject: string, names: string[]]>([
    ['a PrintableString', 'CN=#1304672d3137,O=Works', ['DNS:g-17.example']],
    ['a UTF8String where PrintableString would do', 'C=DE,CN=#0c04672d3137', []],
    [
      'an odd order of its parts',
      'C=DE,CN=g 17,O=Works,OU=Line,CN=again',
      ['IP:192.0.2.17', 'DNS:b.example', 'DNS:a.example'],
    ],
    ['a relative name with two values', 'OU=Line+CN=g 17,O=Works', ['email:g@works.example']],
  ])('keeps %s byte for byte', async (what, subject, names) => {
    const bench = await Bench.open();
    const before = await bench.enrolledWith(subject, names);
    for (const rekey of [false, true]) {
      const record = await bench.run({
        profile: bench.byCertificate(),
        operation: 'reenroll',
        rekey,
      });
      expect(record).toMatchObject({ state: 'done', warnings: [] });
      const request = readRequest(await bench.sent(record));
      expect(request.subject).toEqual(before.subjectDer);
      expect(request.subjectAltNameDer).toEqual(before.subjectAltNameDer);
      const issued = issuedOf(record);
      expect(issued.subjectDer).toEqual(before.subjectDer);
      expect(issued.spki.equals(before.spki)).toBe(!rekey);
      observe('renewal', `${what}, ${rekey ? 'new' : 'same'} key`, verdictOf(record));
    }
  });

  test('asks for a new subject while its request keeps the old one', async () => {
    const bench = await Bench.open();
    const before = await bench.enrolledWith('CN=old,O=Works', ['DNS:old.example']);
    const record = await bench.run({
      profile: bench.byCertificate({ issued: { subject: 'refuse' } }),
      operation: 'reenroll',
      answers: { newSubject: 'CN=new,O=Works' },
    });
    expect(record).toMatchObject({ state: 'done', certificate: { subject: 'CN=new,O=Works' } });
    const sent = await bench.sent(record);
    expect(readRequest(sent).subject).toEqual(before.subjectDer);
    expect(requestFeatures(sent).subject).toBe('CN=new,O=Works');
    observe('renewal', 'ChangeSubjectName', verdictOf(record));
  });

  test('with an expired certificate enrolls anew with the password, and says so', async () => {
    const bench = await Bench.open();
    await bench.enrolledWith('CN=late,O=Works', [], '20210101000000Z');
    const refused = await bench.run({ profile: bench.byCertificate(), operation: 'reenroll' });
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'CERT-12' } });
    observe('renewal', 'an expired certificate alone', verdictOf(refused));
    expect(bench.practice.log.filter(({ method }) => method === 'POST')).toEqual([]);
    const { httpAuthentication } = bench.profile();
    const record = await bench.run({
      profile: bench.byCertificate({ httpAuthentication }),
      operation: 'reenroll',
    });
    expect(record).toMatchObject({ state: 'done', certificate: { subject: 'CN=late,O=Works' } });
    expect(codes(record)).toEqual(['RENEWAL-EXPIRED']);
    observe('renewal', 'an expired certificate beside a password', verdictOf(record));
    expect(bench.practice.log.at(-1)).toMatchObject({
      path: expect.stringContaining('/simpleenroll'),
      authenticatedBy: 'basic',
      status: 200,
    });
  });

  test('at a CA that certifies a key once is offered a new key', async () => {
    const bench = await Bench.open({ faults: ['unique-keys'] });
    expect(await bench.run({ profile: bench.profile(), operation: 'enroll' })).toMatchObject({
      state: 'done',
    });
    const refused = await bench.run({ profile: bench.profile(), operation: 'reenroll' });
    expect(refused).toMatchObject({ state: 'refused', error: { code: 'CERT-11' } });
    observe('renewal', 'a CA that certifies a key once', verdictOf(refused));
    expect(refused.error?.waysOut.join()).toContain('--rekey');
    expect(
      await bench.run({ profile: bench.profile(), operation: 'reenroll', rekey: true }),
    ).toMatchObject({ state: 'done' });
  });
});

describe('the CSR attributes', () => {
  interface Expectation {
    readonly state?: string;
    readonly code?: string;
    readonly warnings?: readonly string[];
    readonly subject?: string;
    readonly key?: string;
    readonly names?: readonly string[];
    readonly keyUsage?: readonly string[] | null;
  }
  const names = ['DNS:gw.example'];

  test.each<
    [
      shape: PracticeOptions['csrattrs'],
      what: string,
      request: Partial<ProfileInput['request']>,
      answers: EnrollmentOrder['answers'],
      expected: Expectation,
    ]
  >([
    [null, '204', {}, {}, {}],
    ['absent', '404', {}, {}, {}],
    ['empty', 'nothing asked', {}, {}, {}],
    ['oids', 'identifiers alone', {}, {}, {}],
    ['legacy', 'a stronger key, unattended', {}, {}, { warnings: ['KEY-OTHER', 'WISH-SIGNATURE'] }],
    [
      'legacy',
      'a stronger key, allowed',
      { followServer: 'stronger' },
      {},
      { warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED'], key: 'EC P-384' },
    ],
    [
      'legacy',
      'a stronger key, agreed',
      {},
      { followServer: true },
      { warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED'], key: 'EC P-384' },
    ],
    [
      'extension-oids',
      'extensions without a value',
      {},
      {},
      { warnings: ['WISH-EXTENSION', 'WISH-EXTENSION'] },
    ],
    [
      'extension-value',
      'extensions with a value',
      {},
      {},
      { warnings: ['ISSUED-KEY-USAGE'], keyUsage: ['digitalSignature', 'nonRepudiation'] },
    ],
    [
      'extension-value',
      'extensions, never followed',
      { followServer: 'never' },
      {},
      { warnings: ['WISH-EXTENSION', 'WISH-EXTENSION'], keyUsage: null },
    ],
    [
      'template',
      'filled from the profile',
      { subjectAltNames: names },
      {},
      { warnings: ['KEY-OTHER'], names, keyUsage: ['digitalSignature'] },
    ],
    [
      'template',
      'filled by hand',
      {},
      { fill: { DNS: 'hand.example', CN: 'GW-2' } },
      {
        warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED', 'KEY-OTHER'],
        names: ['DNS:hand.example'],
        subject: 'CN=GW-2,O=EST Practice',
        keyUsage: ['digitalSignature'],
      },
    ],
    [
      'template',
      'agreed, with a name nobody filled in',
      {},
      { followServer: true },
      { state: 'failed', code: 'PROFILE-10' },
    ],
    [
      'both',
      'the template alone counts',
      { subjectAltNames: names },
      { followServer: true },
      { warnings: ['WISH-FOLLOWED'], names, key: 'EC P-384', keyUsage: ['digitalSignature'] },
    ],
    ['unknown', 'unknown attributes', {}, {}, {}],
    ['long', 'very many', {}, {}, {}],
    ['malformed', 'cut short', {}, {}, { state: 'refused', code: 'SERVER-09' }],
  ])('%s (%s)', async (shape, what, request, answers, expected) => {
    const bench = await Bench.open({ csrattrs: shape });
    const record = await bench.run({
      profile: bench.profile({}, request),
      operation: 'enroll',
      ...(answers === undefined ? {} : { answers }),
    });
    const { state = 'done', code = null, warnings = [] } = expected;
    expect({ state: record.state, code: record.error?.code ?? null }).toEqual({ state, code });
    expect(codes(record)).toEqual(warnings);
    observe('csrattrs', `${shape ?? 'none'}: ${what}`, verdictOf(record));
    if (state !== 'done') {
      expect(record.steps.map(({ name }) => name)).not.toContain('key-made');
      return;
    }
    const features = requestFeatures(await bench.sent(record));
    expect(features).toMatchObject({
      subject: expected.subject ?? 'CN=GW-1,O=EST Practice',
      subjectAltNames: expected.names ?? [],
      keyUsage: expected.keyUsage ?? null,
    });
    expect(record.certificate?.publicKey).toBe(expected.key ?? 'EC P-256');
  });

  test.each<PracticeOptions['csrattrs']>([null, 'oids', 'template', 'both'])(
    'that ask for proof of possession (%s) stop a profile without it',
    async (csrattrs) => {
      const bench = await Bench.open({ requirePop: true, csrattrs });
      const plain = bench.profile({}, { subjectAltNames: names });
      const stopped = await bench.run({ profile: plain, operation: 'enroll' });
      expect(stopped).toMatchObject({ state: 'failed', error: { code: 'POP-05' } });
      observe('possession', 'the server demands it and the profile has it off', verdictOf(stopped));
      const bound = bench.profile(
        { proofOfPossession: { enabled: true } },
        { subjectAltNames: names },
      );
      expect(await bench.run({ profile: bound, operation: 'enroll' })).toMatchObject({
        state: 'done',
      });
    },
  );
});
