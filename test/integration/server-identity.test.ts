import { domainToASCII } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validatePath } from '../../electron/pki/path.ts';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  nameConstraints,
  purposesExtension,
  subtree,
} from '../certificate-draft.ts';
import { observe } from '../conformance/observe.ts';
import { certifyCrl } from '../crl-draft.ts';
import {
  at,
  clientAuth,
  cmcRa,
  keyUsage,
  middle,
  middleName,
  root,
  rootName,
  server,
  serverAuth,
  serverKeys,
  signing,
  told,
  verdict,
} from '../server-certificates.ts';

describe('row 7: the name of the server', () => {
  test.each<[string, string, readonly string[], string]>([
    ['the alternative name', 'est.example', ['DNS:est.example'], 'name'],
    ['another alternative name', 'est.example', ['DNS:other.example'], 'TRUST-03'],
    ['the common name alone', 'est.example', [], 'TRUST-03'],
    ['the common name beside another name', 'est.example', ['DNS:other.example'], 'TRUST-03'],
    ['a wildcard', 'a.est.example', ['DNS:*.est.example'], 'name'],
    ['a wildcard one label short', 'est.example', ['DNS:*.est.example'], 'TRUST-03'],
    ['a wildcard one label long', 'a.b.est.example', ['DNS:*.est.example'], 'TRUST-03'],
    ['a partial wildcard', 'est1.works.example', ['DNS:est*.works.example'], 'TRUST-03'],
    ['a wildcard further in', 'a.est.example', ['DNS:a.*.example'], 'TRUST-03'],
    ['a wildcard over a public suffix', 'est.example', ['DNS:*.example'], 'TRUST-03'],
    ['an IPv4 address', '192.0.2.7', ['IP:192.0.2.7'], 'name'],
    ['another IPv4 address', '192.0.2.7', ['IP:192.0.2.8'], 'TRUST-03'],
    ['an IPv4 address written as a name', '192.0.2.7', ['DNS:192.0.2.7'], 'TRUST-03'],
    ['an IPv6 address in another form', '2001:db8::7', ['IP:2001:db8:0:0::7'], 'name'],
    ['another IPv6 address', '2001:db8::7', ['IP:2001:db8::8'], 'TRUST-03'],
    [
      'an internationalised name',
      'prüfung.example',
      [`DNS:${domainToASCII('prüfung.example')}`],
      'name',
    ],
    ['another internationalised name', 'prüfung.example', ['DNS:xn--9ca.example'], 'TRUST-03'],
  ])('%s', (what, name, names, expected) => {
    const identified = verdict(name, [server(names)]);
    expect(identified).toBe(expected);
    observe('server-name', what, told(identified));
  });
});

describe('row 8: the certificate of the server', () => {
  const names = ['DNS:est.example'];
  const extensions = [signing, purposesExtension(serverAuth), alternativeNames(...names)];
  const narrow = certify({ ...middleName, issuer: rootName, extensions: caExtensions(0) });
  const deep = { subject: 'CN=Deep', keys: ecKeys() };
  const constrained = certify({
    ...middleName,
    issuer: rootName,
    extensions: [...caExtensions(), nameConstraints({ permitted: [subtree(2, 'works.example')] })],
  });
  const expiredMiddle = certify({
    ...middleName,
    issuer: rootName,
    notAfter: '20250101000000Z',
    extensions: caExtensions(),
  });
  test.each<[string, string, () => Buffer[]]>([
    ['honest', 'name', () => [server(names)]],
    ['expired', 'TRUST-05', () => [server(names, { notAfter: '20250101000000Z' })]],
    ['not valid yet', 'TRUST-05', () => [server(names, { notBefore: '20300101000000Z' })]],
    [
      'self-signed',
      'TRUST-02',
      () => [certify({ subject: 'CN=est.example', keys: serverKeys, extensions })],
    ],
    [
      'under an unknown root',
      'TRUST-02',
      () => [server(names, { issuer: { subject: 'CN=Stranger', keys: ecKeys() } })],
    ],
    [
      'under an unknown root of a trusted name',
      'TRUST-02',
      () => [server(names, { issuer: { subject: 'CN=Root', keys: ecKeys() } })],
    ],
    ['without its intermediate', 'TRUST-02', () => [server(names, { issuer: middleName })]],
    ['with its intermediate', 'name', () => [server(names, { issuer: middleName }), middle]],
    [
      'with an expired intermediate',
      'TRUST-07',
      () => [server(names, { issuer: middleName }), expiredMiddle],
    ],
    [
      'for another purpose',
      'TRUST-07',
      () => [
        server(names, {
          extensions: [signing, purposesExtension(clientAuth), alternativeNames(...names)],
        }),
      ],
    ],
    [
      'for another use of the key',
      'TRUST-07',
      () => [
        server(names, {
          extensions: [
            keyUsage(1, 0x06),
            purposesExtension(serverAuth),
            alternativeNames(...names),
          ],
        }),
      ],
    ],
    [
      'of a CA',
      'TRUST-07',
      () => [server(names, { extensions: [...caExtensions(), alternativeNames(...names)] })],
    ],
    [
      'one CA too deep',
      'TRUST-07',
      () => [
        server(names, { issuer: deep }),
        certify({ ...deep, issuer: middleName, extensions: caExtensions() }),
        narrow,
      ],
    ],
    [
      'outside what its CA may name',
      'TRUST-07',
      () => [server(names, { issuer: middleName }), constrained],
    ],
  ])('%s: %s', (what, expected, chain) => {
    const identified = verdict('est.example', chain());
    expect(identified).toBe(expected);
    observe('server-certificate', what, told(identified));
  });

  test('revoked by a CRL', () => {
    const question = {
      certificate: server(names, { serialNumber: 9 }),
      intermediates: [],
      anchors: [root],
      at,
      purpose: 'server',
    } as const;
    const list = { issuer: rootName.subject, keys: rootName.keys };
    const crls = [certifyCrl({ ...list, entries: [{ serialNumber: 9 }] })];
    expect(validatePath({ ...question, crls })).toMatchObject({ valid: false, reason: 'revoked' });
    expect(validatePath({ ...question, crls: [certifyCrl(list)] })).toMatchObject({ valid: true });
    const chain = [question.certificate];
    for (const [what, known, required] of [
      ['revoked by a CRL', crls, false],
      ['not revoked by a CRL', [certifyCrl(list)], true],
      ['of unknown revocation, where it must be known', [], true],
      ['of unknown revocation, where it need not be known', [], false],
    ] as const) {
      const identified = verdict('est.example', chain, { revocation: { crls: known, required } });
      observe('server-certificate', what, told(identified));
    }
  });
});

describe('row 9: id-kp-cmcRA instead of the name', () => {
  test('never replaces the chain', () => {
    const extensions = [signing, purposesExtension(cmcRa), alternativeNames('DNS:ra.example')];
    const authority = server([], { extensions });
    expect(verdict('est.example', [authority])).toBe('cmcRA');
    expect(verdict('est.example', [authority], { origin: 'implicit' })).toBe('TRUST-07');
    const stranger = server([], { extensions, issuer: { subject: 'CN=X', keys: ecKeys() } });
    const strange = verdict('est.example', [stranger]);
    expect(strange).toBe('TRUST-02');
    observe('server-name', 'id-kp-cmcRA, under an unknown root', told(strange));
  });
});

describe('row 12: the old root', () => {
  test('counts until it expires, beside the new one of its name', () => {
    const next = { subject: 'CN=Root', keys: ecKeys() };
    const oldRoot = certify({
      ...rootName,
      notAfter: '20270101000000Z',
      extensions: caExtensions(),
    });
    const newRoot = certify({ ...next, extensions: caExtensions() });
    const trust = { anchors: [oldRoot, newRoot] };
    const names = ['DNS:est.example'];
    const later = new Date('2028-01-01T00:00:00Z');
    const now = verdict('est.example', [server(names)], trust);
    const after = verdict('est.example', [server(names)], trust, later);
    expect([now, after]).toEqual(['name', 'TRUST-07']);
    observe('rollover', 'the old root, until it expires', told(now));
    observe('rollover', 'the old root, after it has expired', told(after));
    expect(verdict('est.example', [server(names, { issuer: next })], trust)).toBe('name');
    expect(verdict('est.example', [server(names, { issuer: next })], trust, later)).toBe('name');
  });
});
