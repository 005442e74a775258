import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certify, ecKeys, extension, type Keys, rsaKeys } from '../../../test/certificate-draft.ts';
import { keySigner } from '../../../test/key-signer.ts';
import { tags } from '../../pki/der.ts';
import { element } from '../../pki/der-writer.ts';
import { alerts } from './failure.ts';
import { checkCurve, checkProof, serverKey } from './server-key.ts';

const keyUsage = (bits: number) =>
  extension('2.5.29.15', element(tags.bitString, Buffer.of(0, bits)));
const issued = (keys: Keys, ...extensions: Buffer[]) =>
  certify({
    subject: 'CN=server',
    keys,
    issuer: { subject: 'CN=Root', keys: ecKeys() },
    extensions,
  });

function keysOf({ privateKey, publicKey }: Record<'privateKey' | 'publicKey', KeyObject>): Keys {
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

describe('the key of a server', () => {
  it.each<[string, Keys]>([
    ['P-256', ecKeys()],
    ['P-384', ecKeys('secp384r1')],
    ['P-521', ecKeys('secp521r1')],
    ['RSA', rsaKeys()],
  ])('may be on %s', (_kind, keys) => {
    const key = serverKey([issued(keys)]);
    expect(key.export({ type: 'spki', format: 'der' })).toEqual(keys.spki);
  });

  it('must be for signatures where its usage is told', () => {
    expect(() => serverKey([issued(ecKeys(), keyUsage(0x80))])).not.toThrow();
    // keyEncipherment, keyAgreement, keyCertSign
    for (const bits of [0x20, 0x08, 0x04]) {
      expect(() => serverKey([issued(ecKeys(), keyUsage(bits))])).toThrow(
        'not meant for signatures',
      );
    }
  });

  it.each<[string, readonly Buffer[], number]>([
    ['no certificate', [], alerts.badCertificate],
    ['no certificate but octets', [Buffer.from('30000000', 'hex')], alerts.badCertificate],
    ['a key on secp256k1', [issued(ecKeys('secp256k1'))], alerts.unsupportedCertificate],
    [
      'a key on Ed448',
      [issued(keysOf(generateKeyPairSync('ed448')))],
      alerts.unsupportedCertificate,
    ],
    [
      'a key that cannot sign',
      [issued(keysOf(generateKeyPairSync('x25519')))],
      alerts.unsupportedCertificate,
    ],
  ])('is refused with %s', (_what, chain, alert) => {
    expect(() => serverKey(chain)).toThrow(expect.objectContaining({ alert }));
  });
});

describe('the curve of a server’s key in TLS 1.2 (RFC 8422 §5.1)', () => {
  const p384 = serverKey([issued(ecKeys('secp384r1'))]);

  it('must be among the groups offered', () => {
    expect(() => checkCurve(p384, ['x25519', 'secp384r1'])).not.toThrow();
    expect(() => checkCurve(p384, ['x25519', 'secp256r1', 'secp521r1'])).toThrow(
      expect.objectContaining({ alert: alerts.illegalParameter }),
    );
  });

  it('does not matter to keys that have none of them', () => {
    const ed25519 = serverKey([issued(keysOf(generateKeyPairSync('ed25519')))]);
    for (const key of [serverKey([issued(rsaKeys())]), ed25519]) {
      expect(() => checkCurve(key, ['x25519'])).not.toThrow();
    }
  });
});

describe('the proof of a server’s key', () => {
  const keys = ecKeys();
  const key = serverKey([issued(keys)]);
  const message = Buffer.from('handshake');
  const scheme = 'ecdsa_secp256r1_sha256';

  it('holds for the key, the message and the scheme that it was made with', async () => {
    const signature = Buffer.from(await keySigner(keys.privateKey).sign(scheme, message));
    const check = (change: object, text = message) =>
      checkProof(key, { scheme, signature, ...change }, text, 'TLSv1.3');
    expect(() => check({})).not.toThrow();
    expect(() => check({}, Buffer.from('other'))).toThrow('did not prove');
    expect(() => check({ signature: Buffer.alloc(70) })).toThrow('did not prove');
    expect(() => check({ signature: Buffer.alloc(0) })).toThrow('did not prove');
    expect(() => check({ scheme: 'ecdsa_secp384r1_sha384' })).toThrow('does not fit');
    expect(() => check({ scheme: 'rsa_pss_rsae_sha256' })).toThrow('does not fit');
    const stranger = serverKey([issued(ecKeys())]);
    expect(() => checkProof(stranger, { scheme, signature }, message, 'TLSv1.3')).toThrow();
  });

  it('is never PKCS#1 v1.5 in TLS 1.3 (RFC 8446 §4.2.3)', async () => {
    const rsa = rsaKeys();
    const proof = {
      scheme: 'rsa_pkcs1_sha256' as const,
      signature: Buffer.from(await keySigner(rsa.privateKey).sign('rsa_pkcs1_sha256', message)),
    };
    const rsaKey = serverKey([issued(rsa)]);
    expect(() => checkProof(rsaKey, proof, message, 'TLSv1.2')).not.toThrow();
    expect(() => checkProof(rsaKey, proof, message, 'TLSv1.3')).toThrow('does not fit');
  });
});
