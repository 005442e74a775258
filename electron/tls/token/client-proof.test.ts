import { describe, expect, it } from 'vitest';
import { certify, ecKeys, rsaKeys } from '../../../test/certificate-draft.ts';
import { keySigner } from '../../../test/key-signer.ts';
import type { KeystoreCredential, SignatureScheme } from '../connector.ts';
import {
  certificate12,
  certificate13,
  certificateVerify,
  chooseScheme,
  readCredential,
  usableSchemes,
} from './client-proof.ts';
import { schemeCode } from './signature-schemes.ts';

const [ec, rsa] = [ecKeys(), rsaKeys()];
const ecDer = certify({ subject: 'CN=officer', keys: ec });
const rsaDer = certify({ subject: 'CN=officer', keys: rsa });
const ecCredential: KeystoreCredential = {
  kind: 'keystore',
  chain: [ecDer],
  signer: keySigner(ec.privateKey),
};
const rsaWith = (schemes?: readonly SignatureScheme[]): KeystoreCredential => ({
  kind: 'keystore',
  chain: [rsaDer],
  signer: keySigner(rsa.privateKey, schemes),
});
const asks = (...schemes: SignatureScheme[]) => ({ schemes: schemes.map(schemeCode) });

describe('the scheme a client signs with', () => {
  it('is one that key, keystore, version and server have in common', () => {
    const proof = readCredential(rsaWith());
    const wish = asks('ed25519', 'rsa_pkcs1_sha256', 'rsa_pss_rsae_sha384');
    expect(chooseScheme(proof, wish, 'TLSv1.3')).toBe('rsa_pss_rsae_sha384');
    const old = readCredential(rsaWith(['rsa_pkcs1_sha256']));
    expect(chooseScheme(old, wish, 'TLSv1.2')).toBe('rsa_pkcs1_sha256');
    expect(usableSchemes(old, 'TLSv1.3')).toEqual([]);
  });

  it('is missed with TLS-05, naming what the key can make', () => {
    const proof = readCredential(ecCredential);
    expect(() => chooseScheme(proof, asks('rsa_pss_rsae_sha256'), 'TLSv1.3')).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          code: 'TLS-05',
          params: expect.objectContaining({
            detail: expect.stringContaining('ecdsa_secp256r1_sha256'),
          }),
        }),
      }),
    );
  });
});

describe('what a client sends', () => {
  it('is its chain, or an empty one', () => {
    const proof = readCredential({ ...ecCredential, chain: [ecDer, rsaDer] });
    const sizes = [ecDer, rsaDer].reduce((sum, der) => sum + der.length, 0);
    expect(certificate12(proof)).toHaveLength(3 + sizes + 2 * 3);
    expect(certificate13(proof)).toHaveLength(1 + 3 + sizes + 2 * 5);
    expect(certificate12(null).toString('hex')).toBe('000000');
    expect(certificate13(null).toString('hex')).toBe('00000000');
  });

  it('is never a signature of a key that is not the certificate’s', async () => {
    const other = { ...ecCredential, signer: keySigner(ecKeys().privateKey) };
    const message = Buffer.from('handshake');
    const scheme = 'ecdsa_secp256r1_sha256';
    const made = await certificateVerify(readCredential(ecCredential), scheme, message);
    expect(made.subarray(0, 2)).toEqual(Buffer.from('0403', 'hex'));
    await expect(certificateVerify(readCredential(other), scheme, message)).rejects.toMatchObject({
      cause: { code: 'TLS-05' },
    });
  });

  it('is nothing without a certificate that can be read', () => {
    for (const chain of [[], [Buffer.from('3000', 'hex')]]) {
      expect(() => readCredential({ ...ecCredential, chain })).toThrow(
        expect.objectContaining({ code: 'TLS-05' }),
      );
    }
  });
});
