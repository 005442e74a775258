import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from './answer.ts';
import { decodeRequest } from './request-body.ts';

const pkcs10 = { contentType: 'application/pkcs10', transferEncoding: undefined };

test('base64 is read with any white space in any place', () => {
  const space = fc.constantFrom('\n', '\r\n', ' ', '\t', '');
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.array(space, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 80 }),
      (bytes, spaces, width) => {
        const pieces = Buffer.from(bytes)
          .toString('base64')
          .match(new RegExp(`.{1,${width}}`, 'g'));
        const text = (pieces ?? []).map((piece, n) => piece + spaces[n % spaces.length]).join('');
        expect(decodeRequest(Buffer.from(text), pkcs10)).toEqual(Buffer.from(bytes));
      },
    ),
  );
});

test.each([
  { name: 'PEM armour', body: pem('CERTIFICATE REQUEST'), headers: pkcs10 },
  { name: 'the older PEM armour', body: pem('NEW CERTIFICATE REQUEST'), headers: pkcs10 },
  {
    name: 'raw DER called binary',
    body: Buffer.of(0x30, 0),
    headers: { ...pkcs10, transferEncoding: 'Binary' },
  },
  {
    name: 'a nonsensical transfer encoding',
    body: Buffer.from('MAA='),
    headers: { ...pkcs10, transferEncoding: 'quoted' },
  },
  {
    name: 'an oddly written Content-Type',
    body: Buffer.from('MAA='),
    headers: { ...pkcs10, contentType: 'Application/PKCS10 ; charset="utf-8"' },
  },
])('$name is read', ({ body, headers }) => {
  expect(decodeRequest(body, headers)).toEqual(Buffer.of(0x30, 0));
});

test.each([
  { name: 'an empty body', text: ' \n', contentType: 'application/pkcs10', status: 400 },
  { name: 'a stray character', text: 'MA!=', contentType: 'application/pkcs10', status: 400 },
  { name: 'missing padding', text: 'MAA', contentType: 'application/pkcs10', status: 400 },
  { name: 'another Content-Type', text: 'MAA=', contentType: 'text/plain', status: 415 },
  { name: 'no Content-Type', text: 'MAA=', contentType: undefined, status: 415 },
])('$name is refused', ({ text, contentType, status }) => {
  const refused = () =>
    decodeRequest(Buffer.from(text), { contentType, transferEncoding: 'base64' });
  expect(refused).toThrow(Refusal);
  expect(refused).toThrow(expect.objectContaining({ answer: expect.objectContaining({ status }) }));
});

function pem(label: string): Buffer {
  return Buffer.from(`-----BEGIN ${label}-----\nMAA=\n-----END ${label}-----\n`);
}
