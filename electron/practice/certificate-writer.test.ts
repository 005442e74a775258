import { createPublicKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeAuthority } from './authority.ts';
import { certificateNames } from './certificate-names.ts';
import { signCertificate } from './certificate-writer.ts';

const { root } = makeAuthority();
const contents = {
  subject: root.name,
  spki: root.spki,
  notBefore: new Date('2049-12-31T23:59:59.999Z'),
  notAfter: new Date('2050-01-01T00:00:00.000Z'),
  extensions: [],
};

test('a time is UTCTime through 2049 and GeneralizedTime from 2050, in whole seconds', () => {
  const der = signCertificate(contents, root).toString('latin1');
  expect(der).toContain('\x17\x0d491231235959Z\x18\x0f20500101000000Z');
});

test.each([
  ['a PrintableString', '300e310c300a06035504031303616263'],
  ['a UTF8String', '300e310c300a06035504030c03616263'],
  ['a TeletexString', '300c310a300806035504031401e4'],
  ['a BMPString', '300f310d300b06035504031e04006100e4'],
  ['a UniversalString beyond U+FFFF', '300f310d300b06035504031c040001f600'],
  ['an arc beyond 32 bits', '301531133011060c88378db1a7a7f092f9d9d8350c0178'],
  ['no name', '3000'],
])('%s stands in the certificate as it was given', (_, hex) => {
  const subject = Buffer.from(hex, 'hex');
  const der = signCertificate({ ...contents, subject }, root);
  expect(certificateNames(der).subject.toString('hex')).toBe(hex);
  expect(new X509Certificate(der).verify(createPublicKey(root.key))).toBe(true);
});
