import { describe, expect, test } from 'vitest';
import {
  caExtensions,
  certify,
  type Draft,
  ecKeys,
  extension,
  purposesExtension,
  rsaKeys,
} from '../../test/certificate-draft.ts';
import { sequence } from './der-writer.ts';
import { type PathQuestion, validatePath } from './path.ts';
import { purposes } from './path-validation.ts';
import { spkiFromRsa } from './public-key.ts';

const at = new Date('2030-01-01T00:00:00Z');
const root = { subject: 'CN=Root,O=Works', keys: ecKeys() };
const issuing = { subject: 'CN=Issuing,O=Works', keys: ecKeys('secp384r1') };
const leafKeys = ecKeys();
const clientAuth = '1.3.6.1.5.5.7.3.2';

const rootDer = certify({ ...root, extensions: caExtensions() });
const issuingDer = certify({ ...issuing, issuer: root, extensions: caExtensions() });

const leaf = (draft: Partial<Draft> = {}): Buffer =>
  certify({ subject: 'CN=leaf', keys: leafKeys, issuer: issuing, ...draft });

function verdict(question: Partial<PathQuestion> = {}): string {
  const answer = validatePath({
    certificate: leaf(),
    intermediates: [issuingDer],
    anchors: [rootDer],
    at,
    purpose: 'any',
    ...question,
  });
  return answer.valid ? 'valid' : answer.reason;
}

describe('a path that holds', () => {
  test('is returned from the certificate to the anchor', () => {
    const certificate = leaf();
    expect(
      validatePath({
        certificate,
        intermediates: [rootDer, issuingDer, issuingDer],
        anchors: [rootDer],
        at,
        purpose: 'server',
      }),
    ).toEqual({ valid: true, path: [certificate, issuingDer, rootDer] });
  });

  test('may end at an intermediate that is itself an anchor', () => {
    expect(verdict({ anchors: [issuingDer], intermediates: [] })).toBe('valid');
  });

  test('may be a single certificate that is itself an anchor', () => {
    const alone = certify({ subject: 'CN=box', keys: leafKeys });
    expect(verdict({ certificate: alone, intermediates: [], anchors: [alone] })).toBe('valid');
  });

  test('is found among anchors with one name and several keys', () => {
    const others = [1, 2, 3].map(() =>
      certify({ subject: root.subject, keys: ecKeys(), extensions: caExtensions() }),
    );
    expect(verdict({ anchors: [...others, rootDer] })).toBe('valid');
  });

  test('is found past an expired issuer with the same name and key', () => {
    const old = certify({
      ...issuing,
      issuer: root,
      extensions: caExtensions(),
      notAfter: '20210101000000Z',
    });
    expect(verdict({ intermediates: [old, issuingDer] })).toBe('valid');
  });

  test('crosses a root rollover through NewWithOld', () => {
    const next = { subject: root.subject, keys: ecKeys() };
    const newWithOld = certify({ ...next, issuer: root, extensions: caExtensions() });
    const certificate = leaf({ issuer: next });
    expect(verdict({ certificate, intermediates: [newWithOld] })).toBe('valid');
  });

  test('compares names without regard to case, spaces and string type', () => {
    const issuer = { subject: 'CN=ISSUING,O=works', keys: issuing.keys };
    expect(verdict({ certificate: leaf({ issuer }) })).toBe('valid');
  });

  test('may be signed with RSA', () => {
    const keys = rsaKeys();
    const certificate = leaf({ issuer: { subject: 'CN=R', keys }, hash: 'sha384' });
    const anchor = certify({ subject: 'CN=R', keys, extensions: caExtensions() });
    expect(verdict({ certificate, anchors: [anchor] })).toBe('valid');
  });
});

describe('a path is refused', () => {
  const shortKeys = rsaKeys(1024);
  /** RSA with the exponent 1: whatever is signed is its own signature. */
  const everybodys = spkiFromRsa(Buffer.alloc(256, 0xff), Buffer.of(1));
  const notCa = certify({ ...issuing, issuer: root });
  const encipher = extension('2.5.29.15', Buffer.of(3, 2, 3, 8));

  test.each<[reason: string, why: string, Partial<PathQuestion>]>([
    ['no-path', 'without anchors', { anchors: [] }],
    ['no-path', 'without the intermediate', { intermediates: [] }],
    [
      'no-path',
      'when only a self-signed stranger is there',
      { anchors: [certify(issuing)], certificate: certify({ subject: 'CN=x', keys: leafKeys }) },
    ],
    ['expired', 'after the end', { certificate: leaf({ notAfter: '20291231235959Z' }) }],
    [
      'not-yet-valid',
      'before the beginning',
      { certificate: leaf({ notBefore: '20300101000001Z' }) },
    ],
    [
      'expired',
      'under an expired anchor',
      { anchors: [certify({ ...root, extensions: caExtensions(), notAfter: '20250101000000Z' })] },
    ],
    [
      'signature',
      'when another key signed',
      { certificate: leaf({ issuer: { subject: issuing.subject, keys: ecKeys() } }) },
    ],
    [
      'signature',
      'under a root of the same name',
      { anchors: [certify({ subject: root.subject, keys: ecKeys(), extensions: caExtensions() })] },
    ],
    ['basic-constraints', 'through a certificate that is no CA', { intermediates: [notCa] }],
    ['basic-constraints', 'under an anchor that is no CA', { anchors: [notCa], intermediates: [] }],
    [
      'key-usage',
      'through a CA that must not sign',
      {
        intermediates: [
          certify({
            ...issuing,
            issuer: root,
            extensions: [...caExtensions().slice(0, 1), encipher],
          }),
        ],
      },
    ],
    [
      'path-length',
      'when the anchor permits no issuer below it',
      { anchors: [certify({ ...root, extensions: caExtensions(0) })] },
    ],
    [
      'unknown-critical-extension',
      'for a critical extension nobody knows',
      { certificate: leaf({ extensions: [extension('2.999.1', sequence())] }) },
    ],
    ['algorithm', 'when signed with SHA-1', { certificate: leaf({ hash: 'sha1' }) }],
    ['algorithm', 'when a key is too short', { certificate: leaf({ keys: shortKeys }) }],
    [
      'algorithm',
      'when everybody can sign with a key',
      { certificate: leaf({ keys: { ...shortKeys, spki: everybodys } }) },
    ],
    [
      'algorithm',
      'when a curve is not accepted',
      { certificate: leaf({ keys: ecKeys('secp256k1') }) },
    ],
    [
      'purpose',
      'for a server with a client certificate',
      { purpose: 'server', certificate: leaf({ extensions: [purposesExtension(clientAuth)] }) },
    ],
    [
      'purpose',
      'for a server under an issuer for clients',
      {
        purpose: 'server',
        intermediates: [
          certify({
            ...issuing,
            issuer: root,
            extensions: [...caExtensions(), purposesExtension(clientAuth)],
          }),
        ],
      },
    ],
    [
      'key-usage',
      'for a server whose key only signs documents',
      {
        purpose: 'server',
        certificate: leaf({ extensions: [extension('2.5.29.15', Buffer.of(3, 2, 6, 0x40))] }),
      },
    ],
    ['malformed', 'for bytes that are no certificate', { certificate: Buffer.from('certificate') }],
    [
      'malformed',
      'for a certificate with something after it',
      { certificate: Buffer.concat([leaf(), Buffer.of(0)]) },
    ],
  ])('%s: %s', (reason, _, question) => {
    expect(verdict(question)).toBe(reason);
  });

  test.each([[purposes.serverAuth], [purposes.cmcRA]])(
    'but not for a server with the purpose %s',
    (oid) => {
      const certificate = leaf({ extensions: [purposesExtension(clientAuth, oid)] });
      expect(verdict({ purpose: 'server', certificate })).toBe('valid');
    },
  );

  test.each<[purpose: 'server' | 'serverAuth' | 'cmcRA', issuer: string[], own: string[], string]>([
    ['server', [purposes.serverAuth], [purposes.cmcRA], 'purpose'],
    ['server', [purposes.cmcRA], [purposes.serverAuth], 'purpose'],
    ['server', [purposes.cmcRA], [purposes.serverAuth, purposes.cmcRA], 'valid'],
    ['serverAuth', [purposes.cmcRA], [purposes.serverAuth, purposes.cmcRA], 'purpose'],
    ['serverAuth', [purposes.any], [purposes.serverAuth], 'valid'],
    ['serverAuth', [purposes.serverAuth], [purposes.any], 'purpose'],
    ['cmcRA', [purposes.serverAuth], [purposes.serverAuth, purposes.cmcRA], 'purpose'],
    ['cmcRA', [purposes.any], [purposes.cmcRA], 'valid'],
  ])('as %s under an issuer for %j, itself for %j: %s', (purpose, issuer, own, expected) => {
    const extensions = [...caExtensions(), purposesExtension(...issuer)];
    const intermediates = [certify({ ...issuing, issuer: root, extensions })];
    const certificate = leaf({ extensions: [purposesExtension(...own)] });
    expect(verdict({ purpose, certificate, intermediates })).toBe(expected);
  });

  test('for a server whose key cannot sign (RFC 8446 §4.4.2.2)', () => {
    // keyEncipherment alone
    const extensions = [extension('2.5.29.15', Buffer.of(3, 2, 5, 0x20))];
    const certificate = leaf({ extensions });
    expect(verdict({ purpose: 'serverAuth', certificate })).toBe('key-usage');
    expect(verdict({ purpose: 'any', certificate })).toBe('valid');
  });

  test('and the detail names the certificate', () => {
    const answer = validatePath({
      certificate: leaf({ notAfter: '20210101000000Z' }),
      intermediates: [issuingDer],
      anchors: [rootDer],
      at,
      purpose: 'any',
    });
    expect(answer).toMatchObject({ detail: 'CN=leaf was valid until 2021-01-01T00:00:00.000Z' });
  });
});

describe('hostile bags', () => {
  test('issuers that certify each other in a circle end in a verdict', () => {
    const ring = Array.from({ length: 8 }, (_, index) => ({
      subject: `CN=${index}`,
      keys: ecKeys(),
    }));
    const bag = ring.flatMap((subject) =>
      ring.map((issuer) => certify({ ...subject, issuer, extensions: caExtensions() })),
    );
    const [first = root] = ring;
    const certificate = leaf({ issuer: first });
    expect(verdict({ certificate, intermediates: bag })).toBe('no-path');
  });

  test('issuers of one name are not all tried on each other', () => {
    const namesakes = Array.from({ length: 30 }, () => ({ subject: 'CN=Same', keys: ecKeys() }));
    const bag = namesakes.map((subject, index) => {
      const issuer = namesakes[(index + 1) % namesakes.length] ?? subject;
      return certify({ ...subject, issuer, serialNumber: index, extensions: caExtensions() });
    });
    const [first = root] = namesakes;
    const certificate = leaf({ issuer: first });
    const answer = validatePath({
      certificate,
      intermediates: bag,
      anchors: [rootDer],
      at,
      purpose: 'any',
    });
    expect(answer).toMatchObject({
      reason: 'no-path',
      detail: 'the certificates chain in too many ways',
    });
  });

  test('what cannot be read beside the path does not break it', () => {
    const junk = [Buffer.alloc(0), Buffer.from('junk'), leaf().subarray(0, 100)];
    expect(verdict({ intermediates: [...junk, issuingDer], anchors: [...junk, rootDer] })).toBe(
      'valid',
    );
  });
});
