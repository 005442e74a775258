import { describe, expect, test } from 'vitest';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  extension,
  nameConstraints,
  subtree,
} from '../../test/certificate-draft.ts';
import { sequence } from './der-writer.ts';
import { parseDistinguishedName } from './name.ts';
import { validatePath } from './path.ts';

const root = { subject: 'CN=Root,O=Works', keys: ecKeys() };
const issuing = { subject: 'CN=Issuing,O=Works', keys: ecKeys() };
const leafKeys = ecKeys();
const rootDer = certify({ ...root, extensions: caExtensions() });
const issuingDer = certify({ ...issuing, issuer: root, extensions: caExtensions() });

interface Chain {
  readonly anchor?: Buffer;
  readonly intermediate?: Buffer;
  readonly subject?: string;
  readonly extensions?: readonly Buffer[];
}

function verdict({ anchor = rootDer, intermediate = issuingDer, ...leaf }: Chain): string {
  const { subject = 'CN=leaf', extensions = [] } = leaf;
  const answer = validatePath({
    certificate: certify({ subject, keys: leafKeys, issuer: issuing, extensions }),
    intermediates: [intermediate],
    anchors: [anchor],
    at: new Date('2030-01-01T00:00:00Z'),
    purpose: 'any',
  });
  return answer.valid ? 'valid' : answer.reason;
}

describe('name constraints', () => {
  const network = Buffer.from([192, 0, 2, 0, 255, 255, 255, 0]);
  const under = (constraints: Parameters<typeof nameConstraints>[0], ...names: string[]): string =>
    verdict({
      intermediate: certify({
        ...issuing,
        issuer: root,
        extensions: [...caExtensions(), nameConstraints(constraints)],
      }),
      extensions: [alternativeNames(...names)],
    });

  test.each<[name: string, constraint: Buffer, within: boolean]>([
    ['DNS:pump.works.example', subtree(2, 'works.example'), true],
    ['DNS:WORKS.example', subtree(2, 'works.example'), true],
    ['DNS:networks.example', subtree(2, 'works.example'), false],
    ['DNS:*.works.example', subtree(2, 'works.example'), true],
    ['email:a@works.example', subtree(1, 'works.example'), true],
    ['email:a@sub.works.example', subtree(1, 'works.example'), false],
    ['email:a@sub.works.example', subtree(1, '.works.example'), true],
    ['email:b@works.example', subtree(1, 'a@works.example'), false],
    ['URI:https://works.example:8443/x', subtree(6, 'works.example'), true],
    ['URI:https://a@evil.example/works.example', subtree(6, 'works.example'), false],
    ['IP:192.0.2.77', subtree(7, network), true],
    ['IP:192.0.3.77', subtree(7, network), false],
    ['IP:2001:db8::1', subtree(7, network), false],
  ])('%s', (name, constraint, within) => {
    expect(under({ permitted: [constraint] }, name)).toBe(within ? 'valid' : 'name-constraints');
    expect(under({ excluded: [constraint] }, name)).toBe(within ? 'name-constraints' : 'valid');
  });

  test('let names of other kinds pass', () => {
    expect(under({ permitted: [subtree(2, 'works.example')] }, 'IP:192.0.2.1')).toBe('valid');
  });

  test('a wildcard is refused where it reaches an excluded host', () => {
    expect(under({ excluded: [subtree(2, 'vault.works.example')] }, 'DNS:*.works.example')).toBe(
      'name-constraints',
    );
  });

  test.each<[kind: 1 | 2 | 6, name: string, base: string]>([
    [2, 'vault.works.example.', 'works.example'],
    [2, 'vault.works.example', 'works.example.'],
    [2, '*.works.example.', 'vault.works.example'],
    [1, 'a@works.example.', 'works.example'],
    [1, 'a@works.example.', 'a@works.example'],
    [1, 'a@vault.works.example', '.works.example.'],
    [6, 'https://works.example./', 'works.example'],
  ])('name %i %s is within the excluded %s: a final dot does not count', (kind, name, base) => {
    const san = extension('2.5.29.17', sequence(subtree(kind, name)), false);
    const intermediate = certify({
      ...issuing,
      issuer: root,
      extensions: [...caExtensions(), nameConstraints({ excluded: [subtree(kind, base)] })],
    });
    expect(verdict({ intermediate, extensions: [san] })).toBe('name-constraints');
  });

  test('a URI without a host is refused in doubt', () => {
    expect(under({ permitted: [subtree(6, 'works.example')] }, 'URI:urn:works')).toBe(
      'name-constraints',
    );
  });

  test('bind the subject, and those of the anchor count too', () => {
    const base = parseDistinguishedName('O=Works');
    const directory = Buffer.concat([Buffer.of(0xa4, base.length), base]);
    const anchor = certify({
      ...root,
      extensions: [...caExtensions(), nameConstraints({ permitted: [directory] })],
    });
    expect(verdict({ anchor })).toBe('name-constraints');
    expect(verdict({ anchor, subject: 'CN=leaf,O=WORKS' })).toBe('valid');
  });
});
