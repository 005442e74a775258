import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeOpensslAuthority, type OpensslAuthority } from '../../../test/openssl-certificates.ts';
import { type BenchToken, tokenBenches } from '../../../test/token-benches.ts';
import { makeKeyPair } from '../../pki/key-pair.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { verifySignature } from '../../pki/signature.ts';
import type { Keystore } from '../keystore.ts';

const secret = (text: string) => new TextEncoder().encode(text);

/** What every implementation of PKCS#11 has to do for the station. */
describe.each(tokenBenches)('$name', (bench) => {
  describe.skipIf(!bench.installed)('as a keystore', () => {
    let authority: OpensslAuthority;
    let token: BenchToken;
    let keystore: Keystore;

    beforeAll(async () => {
      authority = await makeOpensslAuthority();
      token = await bench.open();
      keystore = token.keystore;
    });

    afterEach(async () => {
      for (const { alias } of await keystore.entries()) await keystore.remove(alias);
    });

    afterAll(async () => {
      await token.cleanup();
      await authority.cleanup();
    });

    describe('keys', () => {
      const cases = [
        ['prime256v1', 'SHA256WITHECDSA'],
        ['prime256v1', 'SHA512WITHECDSA'],
        ['secp384r1', 'SHA384WITHECDSA'],
        ['secp521r1', 'SHA512WITHECDSA'],
        ['2048', 'SHA256WITHRSA'],
        ['2048', 'SHA256WITHRSAANDMGF1'],
        ['2048', 'SHA384WITHRSAANDMGF1'],
        ['2048', 'SHA512WITHRSAANDMGF1'],
        ['3072', 'SHA512WITHRSA'],
        ['ed25519', 'ED25519'],
      ] as const;

      test.each(cases)('%s is made on the token and signs %s', async (set, algorithm) => {
        if (!token.keystore.token.canGenerate.includes(set)) {
          const attempt = keystore.generateKeyPair('est-request-key-pair', set);
          await expect(attempt).rejects.toMatchObject({ code: 'TOKEN-05' });
          return;
        }
        const key = await keystore.generateKeyPair('est-request-key-pair', set);
        expect(key).toMatchObject({ generatedThere: true, alias: 'est-request-key-pair' });
        expect(key.notes.map(({ code }) => code)).toEqual(bench.keyNotes);
        const data = secret('to be signed');
        if (!token.keystore.token.canSign.includes(algorithm)) {
          const attempt = keystore.sign('est-request-key-pair', algorithm, data);
          await expect(attempt).rejects.toMatchObject({ code: 'TOKEN-05' });
          return;
        }
        const signature = await keystore.sign('est-request-key-pair', algorithm, data);
        expect(verifySignature(key.spki, algorithm, data, signature)).toBe(true);
        expect(verifySignature(key.spki, algorithm, secret('else'), signature)).toBe(false);
        expect(await keystore.signatureAlgorithms('est-request-key-pair')).toContain(algorithm);
        expect(key.id).toBe(keyIdentifier(key.spki));
      });

      test('replace the pair that stood under the alias', async () => {
        const first = await keystore.generateKeyPair('k', 'prime256v1');
        const second = await keystore.generateKeyPair('k', 'secp384r1');
        expect(second.id).not.toBe(first.id);
        expect((await keystore.entries()).map(({ key }) => key)).toEqual([second]);
      });

      test('that are absent or of the other kind do not sign', async () => {
        await keystore.generateKeyPair('k', 'prime256v1');
        const sign = (alias: string, algorithm: 'SHA256WITHRSA' | 'SHA256WITHECDSA') =>
          keystore.sign(alias, algorithm, secret('x'));
        await expect(sign('none', 'SHA256WITHECDSA')).rejects.toMatchObject({ code: 'TOKEN-09' });
        await expect(sign('k', 'SHA256WITHRSA')).rejects.toMatchObject({ code: 'TOKEN-05' });
      });
    });

    describe('a key made elsewhere', () => {
      const imported = [
        ['prime256v1', 'SHA256WITHECDSA'],
        ['secp384r1', 'SHA384WITHECDSA'],
        ['secp521r1', 'SHA512WITHECDSA'],
        ['2048', 'SHA256WITHRSAANDMGF1'],
      ] as const;

      test.each(imported)('%s signs %s once imported', async (set, algorithm) => {
        const { privateKey, publicKey } = await makeKeyPair(set);
        if (!bench.imports) {
          const attempt = keystore.importKeyPair('imported', privateKey);
          await expect(attempt).rejects.toMatchObject({ code: 'TOKEN-05' });
          return;
        }
        const described = await keystore.importKeyPair('imported', privateKey);
        expect(described).toMatchObject({ alias: 'imported', generatedThere: false });
        expect(described.spki).toEqual(publicKey.export({ type: 'spki', format: 'der' }));
        const data = secret('to be signed');
        const signature = await keystore.sign('imported', algorithm, data);
        expect(verifySignature(described.spki, algorithm, data, signature)).toBe(true);
        expect(await keystore.entries()).toMatchObject([
          { alias: 'imported', key: { id: described.id, generatedThere: false } },
        ]);
      });
    });

    describe('certificates and aliases', () => {
      // A token of its own: tpm2-pkcs11 keeps every key used in a session loaded, and the TPM runs out of room.
      beforeAll(async () => {
        await token.cleanup();
        token = await bench.open();
        keystore = token.keystore;
      });

      test('a certificate replaces the one under its alias, and the same one changes nothing', async () => {
        const key = await keystore.generateKeyPair('k', 'prime256v1');
        const [first, second] = [
          await authority.issue(key.spki, '/CN=first'),
          await authority.issue(key.spki, '/CN=second'),
        ];
        for (const certificate of [first, second, second]) {
          await keystore.storeCertificate('k', certificate);
        }
        await keystore.storeCertificate('est-cacerts_1', authority.certificate);
        expect(await keystore.entries()).toMatchObject([
          { alias: 'est-cacerts_1', key: null, certificate: authority.certificate },
          { alias: 'k', key: { id: key.id, generatedThere: true }, certificate: second },
        ]);
      });

      test('a certificate under another name than its key leads to it, as on a PIV card', async () => {
        const key = await keystore.generateKeyPair('PIV AUTH key', 'prime256v1');
        await keystore.storeCertificate('certificate', await authority.issue(key.spki, '/CN=card'));
        await keystore.storeCertificate('foreign', authority.certificate);
        const data = secret('to be signed');
        const sign = (alias: string) => keystore.sign(alias, 'SHA256WITHECDSA', data);
        const signature = await sign('certificate');
        expect(verifySignature(key.spki, 'SHA256WITHECDSA', data, signature)).toBe(true);
        await expect(sign('foreign')).rejects.toMatchObject({ code: 'TOKEN-09' });
      });

      test('what is no certificate is refused', async () => {
        const attempt = keystore.storeCertificate('k', secret('no certificate'));
        await expect(attempt).rejects.toMatchObject({ code: 'CERT-06' });
        expect(await keystore.entries()).toEqual([]);
      });

      test('a rename moves key and certificate over what stood there; remove takes all of it', async () => {
        await keystore.generateKeyPair('to', 'prime256v1');
        const key = await keystore.generateKeyPair('from', 'prime256v1');
        const certificate = await authority.issue(key.spki, '/CN=moved');
        await keystore.storeCertificate('from', certificate);
        await keystore.rename('from', 'to');
        expect(await keystore.entries()).toMatchObject([
          { alias: 'to', key: { id: key.id }, certificate },
        ]);
        await expect(keystore.rename('from', 'to')).rejects.toMatchObject({ code: 'TOKEN-09' });
        expect(await keystore.entries()).toHaveLength(1);
        await keystore.remove('nothing');
        await keystore.remove('to');
        expect(await keystore.entries()).toEqual([]);
      });
    });
  });
});
