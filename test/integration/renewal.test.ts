import { describe, expect, test } from 'vitest';
import { requestFeatures } from '../../electron/pki/certified-features.ts';
import { readRequest } from '../../electron/pki/request.ts';
import { observe } from '../conformance/observe.ts';
import { codes, issuedOf, RequestBench, verdictOf } from '../request-bench.ts';

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
    const bench = await RequestBench.open();
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
    const bench = await RequestBench.open();
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
    const bench = await RequestBench.open();
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
    const bench = await RequestBench.open({ faults: ['unique-keys'] });
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
