import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { contextConstructed, tags } from '../../electron/pki/der.ts';
import { element, objectIdentifier, sequence, setOf } from '../../electron/pki/der-writer.ts';
import { addressOctets } from '../../electron/pki/ip-address.ts';
import { validatePath } from '../../electron/pki/path.ts';
import { writeCertsOnly } from '../../electron/practice/certs-only.ts';
import type { ServerTrust } from '../../electron/tls/connector.ts';
import { identifyServer } from '../../electron/tls/server-identity.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { Authority } from '../authority.ts';
import {
  alternativeNames,
  caExtensions,
  certify,
  type Draft,
  ecKeys,
  extension,
  nameConstraints,
  purposesExtension,
  subtree,
} from '../certificate-draft.ts';
import { endOf, observe, taken } from '../conformance/observe.ts';
import { certifyCrl } from '../crl-draft.ts';
import { host, pkcs7 } from '../est-fixture.ts';
import { answer, type Reply, scripted } from '../scripted-server.ts';
import { trustBench, trustStation } from '../trust-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-trust-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = new Date('2026-06-01T00:00:00Z');
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const cmcRa = '1.3.6.1.5.5.7.3.28';
const rootName = { subject: 'CN=Root', keys: ecKeys() };
const middleName = { subject: 'CN=Middle', keys: ecKeys() };
const serverKeys = ecKeys();
const keyUsage = (...bytes: number[]) =>
  extension('2.5.29.15', element(tags.bitString, Buffer.of(...bytes)));
const signing = keyUsage(7, 0x80);

const root = certify({ ...rootName, extensions: caExtensions() });
const middle = certify({ ...middleName, issuer: rootName, extensions: caExtensions() });

/** The contents of a GeneralName, also of names an honest CA would not write. */
function contentsOf(name: string): string | Buffer {
  const [, kind, value = ''] = /^(DNS|IP):(.+)$/.exec(name) ?? [];
  return kind === 'IP' ? (addressOctets(value) ?? '') : value;
}

/** A server's certificate under the root for these names; `change` makes it wrong in one way. */
function server(names: readonly string[], change: Partial<Draft> = {}): Buffer {
  const written = names.map((name) => subtree(name.startsWith('IP:') ? 7 : 2, contentsOf(name)));
  const named = names.length > 0 ? [extension('2.5.29.17', sequence(...written), false)] : [];
  return certify({
    subject: 'CN=est.example',
    keys: serverKeys,
    issuer: rootName,
    extensions: [signing, purposesExtension(serverAuth), ...named],
    ...change,
  });
}

/** How the server is identified, or the code it is refused with. */
function verdict(
  name: string,
  chain: readonly Buffer[],
  trust: Partial<ServerTrust & { kind: 'anchors' }> = {},
  when = at,
): string {
  try {
    return identifyServer({
      target: { host: name, port: 443 },
      chain,
      at: when,
      trust: {
        kind: 'anchors',
        anchors: [root],
        origin: 'explicit',
        hostnameVerification: true,
        ...trust,
      },
    });
  } catch (error) {
    if (error instanceof StationError) return error.code;
    throw error;
  }
}

/** How an identification counts in the conformance table. */
const told = (identified: string) =>
  /^[a-z]/.test(identified) ? 'accept' : `refuse ${identified}`;

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
  test('counts with an explicit anchor only, at the practice server', async () => {
    const { serve, station, profile, enroll, facts } = await trustBench(folder);
    await serve({ cmcRa: true });
    const record = await enroll();
    expect(record).toMatchObject({ state: 'done', error: null });
    observe('server-name', 'id-kp-cmcRA, under an explicit anchor', 'accept');

    const fresh = await trustStation(folder);
    const pem = await readFile(facts.caCertificate, 'utf8');
    const implicit = fresh.profile(facts.endpoint, { caRootCertificate: pem });
    for (const attempt of [
      () => fresh.station.csrAttributes(implicit),
      () => fresh.station.trust.bootstrap(implicit, null),
    ]) {
      const ended = await endOf(attempt());
      observe('server-name', 'id-kp-cmcRA, under an implicit anchor', ended);
    }
    // The root given in the profile is implicit only until it is an explicit anchor.
    const explicit = profile({ caRootFingerprint: null, caRootCertificate: pem });
    expect(await station.trust.anchorsFor(explicit, null)).toMatchObject({ origin: 'explicit' });
    await expect(station.csrAttributes(explicit)).resolves.toMatchObject({ asksForPop: false });
  });

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

/** A server that follows a script, under a root the station does not know yet. */
async function stranger(script: (root: Authority) => readonly Reply[]) {
  const authority = await Authority.root();
  const identity = await authority.issue({ ip: [host] });
  const running = await scripted(identity, script(authority));
  onTestFinished(() => running[Symbol.asyncDispose]());
  const { station, profile } = await trustStation(folder);
  const endpoint = `${host}:${running.port}`;
  return { authority, running, station, endpoint, profile };
}

const bagOf = (...certificates: readonly Buffer[]): Reply =>
  answer(200, pkcs7, writeCertsOnly(certificates).toString('base64'));

describe('row 10: the bootstrap', () => {
  test('with the right fingerprint drops the connection and opens another', async () => {
    const { running, station, endpoint, profile, authority } = await stranger((own) => [
      bagOf(own.identity.der),
      bagOf(own.identity.der),
      bagOf(own.identity.der),
    ]);
    const offer = await station.trust.fetch(profile(endpoint, {}));
    const state = await station.trust.confirm(offer.offerId, offer.root.fingerprint);
    expect(state.anchors).toMatchObject([{ kind: 'explicit', source: 'operator' }]);
    expect(state.anchors[0]?.certificate.pem.trim()).toBe(authority.identity.pem.trim());
    expect(running.seen.map(({ connection, path }) => `${connection} ${path}`)).toEqual([
      '1 /.well-known/est/cacerts',
      '2 /.well-known/est/cacerts',
    ]);
    observe('bootstrap', 'the right fingerprint, then a new connection', 'accept');
  });

  test.each<[string, string, (root: Authority) => readonly Reply[], string | null]>([
    ['a wrong fingerprint', 'TRUST-04', (own) => [bagOf(own.identity.der)], '00'.repeat(32)],
    ['no fingerprint', 'TRUST-01', (own) => [bagOf(own.identity.der)], null],
    [
      'a challenge for cacerts',
      'SERVER-17',
      () => [answer(401, { 'WWW-Authenticate': 'Basic realm="x"' })],
      '00'.repeat(32),
    ],
  ])('with %s ends with %s, and nothing is trusted', async (what, code, script, fingerprint) => {
    const { running, station, endpoint, profile } = await stranger(script);
    const asked = profile(endpoint, {}, 'user');
    const ended = await endOf(station.trust.bootstrap(asked, fingerprint));
    expect(ended).toBe(`refuse ${code}`);
    observe('bootstrap', what, ended);
    expect((await station.trust.show(asked)).anchors).toEqual([]);
    expect(running.seen.some(({ headers }) => headers.has('authorization'))).toBe(false);
  });

  test('with a person who declines trusts nothing', async () => {
    const { station, endpoint, profile } = await stranger((own) => [bagOf(own.identity.der)]);
    const asked = profile(endpoint, {});
    const { offerId, root: offered } = await station.trust.fetch(asked);
    await station.trust.decline(offerId);
    const ended = await endOf(station.trust.confirm(offerId, offered.fingerprint));
    observe('bootstrap', 'a person who declines', ended);
    expect((await station.trust.show(asked)).anchors).toEqual([]);
  });

  test('at a server that does not lead to what it sent is refused', async () => {
    const other = await Authority.root('Other Root');
    const { station, endpoint, profile } = await stranger(() => [bagOf(other.identity.der)]);
    const ended = await endOf(station.trust.fetch(profile(endpoint, {})));
    observe('bootstrap', 'a server that does not lead to what it sent', ended);
  });
});

describe('row 11: the bag of /cacerts', () => {
  /** What a refresh says of a bag the server sends once its root is trusted. */
  async function refreshed(bag: (own: Authority) => Reply) {
    const { station, endpoint, profile } = await stranger((own) => [
      bagOf(own.identity.der),
      bagOf(own.identity.der),
      bag(own),
    ]);
    const asked = profile(endpoint, {});
    const offer = await station.trust.fetch(asked);
    await station.trust.confirm(offer.offerId, offer.root.fingerprint);
    const report = await station.refreshTrust(asked);
    expect(report.state.anchors).toHaveLength(1);
    return {
      standings: report.offered.map(({ standing }) => standing).toSorted(),
      notices: report.warnings.map(({ code }) => code),
    };
  }

  /** The authority as an issuer of drafts. */
  const issuerOf = ({ identity }: Authority) => ({
    subject: 'CN=Test Root',
    keys: {
      privateKey: identity.key,
      spki: createPublicKey(identity.key).export({ type: 'spki', format: 'der' }),
    },
  });
  const below = (own: Authority, change: Partial<Draft> = {}) =>
    certify({ ...middleName, issuer: issuerOf(own), extensions: caExtensions(), ...change });

  test.each<[string, (own: Authority) => Reply, string[], string[]]>([
    ['in any order', (own) => bagOf(below(own), own.identity.der), ['below', 'trusted'], []],
    [
      'with duplicates',
      (own) => bagOf(own.identity.der, below(own), own.identity.der),
      ['below', 'trusted'],
      [],
    ],
    [
      'with CRLs',
      (own) => {
        const { subject, keys } = issuerOf(own);
        const content = sequence(
          Buffer.of(tags.integer, 1, 1),
          setOf(),
          sequence(objectIdentifier('1.2.840.113549.1.7.1')),
          element(contextConstructed(0), own.identity.der),
          element(contextConstructed(1), certifyCrl({ issuer: subject, keys })),
          setOf(),
        );
        const message = sequence(
          objectIdentifier('1.2.840.113549.1.7.2'),
          element(contextConstructed(0), content),
        );
        return answer(200, pkcs7, message.toString('base64'));
      },
      ['trusted'],
      [],
    ],
    [
      'with an end entity’s certificate',
      (own) =>
        bagOf(
          own.identity.der,
          certify({
            subject: 'CN=dev',
            keys: serverKeys,
            issuer: issuerOf(own),
            extensions: [signing],
          }),
        ),
      ['other', 'trusted'],
      ['CA-NOT-CA'],
    ],
    [
      'with a CA whose signature is bad',
      (own) =>
        bagOf(
          own.identity.der,
          below(own, { issuer: { subject: 'CN=Test Root', keys: ecKeys() } }),
        ),
      ['other', 'trusted'],
      ['CA-UNPROVEN'],
    ],
    [
      'with a CA that has expired',
      (own) => bagOf(own.identity.der, below(own, { notAfter: '20250101000000Z' })),
      ['other', 'trusted'],
      ['CA-UNPROVEN'],
    ],
    [
      'with two CAs of one name',
      (own) => bagOf(own.identity.der, below(own), below(own, { keys: ecKeys(), serialNumber: 2 })),
      ['below', 'below', 'trusted'],
      [],
    ],
    [
      'with another self-signed root',
      (own) => bagOf(own.identity.der, root),
      ['trusted', 'unproven'],
      ['ROLLOVER-UNPROVEN'],
    ],
    [
      'with another self-signed root of the trusted name',
      (own) =>
        bagOf(
          own.identity.der,
          certify({ subject: 'CN=Test Root', keys: ecKeys(), extensions: caExtensions() }),
        ),
      ['trusted', 'unproven'],
      ['ROLLOVER-UNPROVEN'],
    ],
  ])('%s', async (what, bag, standings, notices) => {
    expect(await refreshed(bag)).toEqual({ standings, notices });
    observe('cacerts', what, taken(notices.map((code) => ({ code }))));
  });

  test('that is empty is refused', async () => {
    observe('cacerts', 'that is empty', await endOf(refreshed(() => bagOf())));
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
