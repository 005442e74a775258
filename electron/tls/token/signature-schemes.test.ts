import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keySigner } from '../../../test/key-signer.ts';
import { type SignatureScheme, signatureSchemes } from '../connector.ts';
import { schemeCode, schemeFits, schemeOfCode, verifySignature } from './signature-schemes.ts';

const keys: Readonly<Record<string, KeyObject>> = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  'P-384': generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey,
  'P-521': generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey,
  Ed25519: generateKeyPairSync('ed25519').privateKey,
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};
const message = Buffer.from('message');

function keyFor(scheme: SignatureScheme): KeyObject {
  const fitting = Object.values(keys).find((key) =>
    schemeFits(scheme, createPublicKey(key), scheme.includes('pkcs1') ? 'TLSv1.2' : 'TLSv1.3'),
  );
  if (fitting === undefined) throw new Error(`no key for ${scheme}`);
  return fitting;
}

describe.each(signatureSchemes)('%s', (scheme) => {
  it('has a number of its own', () => {
    expect(schemeOfCode(schemeCode(scheme))).toBe(scheme);
  });

  it('verifies its own signatures only', async () => {
    const key = keyFor(scheme);
    const publicKey = createPublicKey(key);
    const signature = Buffer.from(await keySigner(key).sign(scheme, message));
    expect(verifySignature(scheme, publicKey, message, signature)).toBe(true);
    expect(verifySignature(scheme, publicKey, Buffer.from('other'), signature)).toBe(false);
    expect(verifySignature(scheme, publicKey, message, signature.subarray(1))).toBe(false);
    expect(verifySignature(scheme, publicKey, message, Buffer.alloc(0))).toBe(false);
    for (const other of signatureSchemes.filter((name) => name !== scheme)) {
      if (!schemeFits(other, publicKey, 'TLSv1.2')) continue;
      expect(verifySignature(other, publicKey, message, signature)).toBe(false);
    }
  });
});

describe('which scheme goes with which key', () => {
  it.each<[string, string[], string[]]>([
    ['P-256', ['ecdsa_secp256r1_sha256'], ['ecdsa']],
    ['P-384', ['ecdsa_secp384r1_sha384'], ['ecdsa']],
    ['P-521', ['ecdsa_secp521r1_sha512'], ['ecdsa']],
    ['Ed25519', ['ed25519'], ['ed25519']],
    ['RSA', ['rsa_pss'], ['rsa_pss', 'rsa_pkcs1']],
  ])('%s', (name, modern, old) => {
    const key = keys[name];
    if (key === undefined) throw new Error('no key');
    const publicKey = createPublicKey(key);
    for (const scheme of signatureSchemes) {
      const among = (starts: string[]) => starts.some((start) => scheme.startsWith(start));
      expect(schemeFits(scheme, publicKey, 'TLSv1.3')).toBe(among(modern));
      expect(schemeFits(scheme, publicKey, 'TLSv1.2')).toBe(among(old));
    }
  });

  it('leaves SHA-1 and MD5 unknown', () => {
    expect([0x0201, 0x0203, 0x0101].map(schemeOfCode)).toEqual([null, null, null]);
  });
});
