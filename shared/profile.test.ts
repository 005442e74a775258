import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  normaliseFingerprint,
  operationNames,
  parameterSets,
  parseEndpoint,
  profileSchema,
  signatureAlgorithms,
} from './profile.ts';

const profile = (change: Record<string, unknown>) => ({
  server: { endpoint: 'est.example' },
  keystore: { kind: 'software', path: '/keys' },
  request: { subject: 'CN=a' },
  ...change,
});
const accepts = (change: Record<string, unknown>) =>
  profileSchema.safeParse(profile(change)).success;

describe('an endpoint', () => {
  it.each([
    ['est.example', { host: 'est.example', port: 443 }],
    ['est.example:8443', { host: 'est.example', port: 8443 }],
    ['a', { host: 'a', port: 443 }],
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['[2001:db8::1]', { host: '2001:db8::1', port: 443 }],
    ['under_score.example', { host: 'under_score.example', port: 443 }],
  ])('%s is read', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
    expect(accepts({ server: { endpoint: text } })).toBe(true);
  });

  it.each([
    '',
    'https://est.example',
    'http://est.example:80',
    'est.example/label',
    'user@est.example',
    'est.example:',
    'est.example:0',
    'est.example:65536',
    'est.example:8443:1',
    'est.example ',
    ' est.example',
    'est.example\r\n',
    '.example',
    '-example',
    '::1',
    '[::1',
    '[]',
    '[::1%eth0]',
    'ëst.example',
    'a'.repeat(254),
  ])('%j is refused', (text) => {
    expect(parseEndpoint(text)).toBeNull();
    expect(accepts({ server: { endpoint: text } })).toBe(false);
  });

  it('is never read from text with a slash, space, at sign or control character', () => {
    const broken = fc
      .tuple(fc.string(), fc.constantFrom('/', ' ', '@', '\n', '\0', '?', '#'), fc.string())
      .map((parts) => parts.join(''));
    fc.assert(fc.property(broken, (text) => parseEndpoint(text) === null));
  });
});

describe('a label', () => {
  it.each(['a', 'line-3', 'CA_2.x~', 'Simpleenroll'])('%s is accepted', (label) => {
    expect(accepts({ server: { endpoint: 'a', label } })).toBe(true);
  });
  it.each([...operationNames, '', 'a/b', 'a b', 'ä', 'a%2Fb', '?', 'x'.repeat(129)])(
    '%j is refused',
    (label) => {
      expect(accepts({ server: { endpoint: 'a', label } })).toBe(false);
    },
  );
});

describe('a fingerprint', () => {
  const hex = '0123456789ABCDEF'.repeat(4);
  it.each([
    hex,
    hex.toLowerCase(),
    hex.match(/../g)?.join(':') ?? '',
    hex.match(/.{4}/g)?.join(' ') ?? '',
    `${hex.slice(0, 32)}\n${hex.slice(32)}`,
  ])('%j is taken as people write it', (text) => {
    expect(normaliseFingerprint(text)).toBe(hex);
    const parsed = profileSchema.parse(profile({ trust: { caRootFingerprint: text } }));
    expect(parsed.trust.caRootFingerprint).toBe(hex);
  });
  it.each(['', hex.slice(1), `${hex}0`, hex.replace('0', 'G'), 'SHA-256'])(
    '%j is refused',
    (text) => {
      expect(accepts({ trust: { caRootFingerprint: text } })).toBe(false);
    },
  );
});

describe('a request', () => {
  const all = (['EC', 'RSA'] as const).flatMap((algorithm) =>
    Object.values(parameterSets)
      .flat()
      .flatMap((set) =>
        Object.values(signatureAlgorithms)
          .flat()
          .map((signature) => [algorithm, set, signature] as const),
      ),
  );
  it.each(all)('%s with %s and %s is accepted only when they belong together', (...parts) => {
    const [keyAlgorithm, keyParameterSet, signatureAlgorithm] = parts;
    const sets: readonly string[] = parameterSets[keyAlgorithm];
    const signatures: readonly string[] = signatureAlgorithms[keyAlgorithm];
    const request = { subject: 'CN=a', keyAlgorithm, keyParameterSet, signatureAlgorithm };
    expect(accepts({ request })).toBe(
      sets.includes(keyParameterSet) && signatures.includes(signatureAlgorithm),
    );
  });
});

describe('a token', () => {
  it.each([
    [{ serial: 'a' }, true],
    [{ label: 'b' }, true],
    [{ serial: 'a', label: 'b' }, true],
    [{}, false],
    [{ serial: '' }, false],
    [{ slot: 1 }, false],
  ])('%o is named enough: %s', (token, named) => {
    expect(accepts({ keystore: { kind: 'pkcs11', module: '/m', token } })).toBe(named);
  });
});
