import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { contextConstructed, tags } from '../../electron/pki/der.ts';
import { element, objectIdentifier, sequence, setOf } from '../../electron/pki/der-writer.ts';
import { writeCertsOnly } from '../../electron/practice/certs-only.ts';
import { Authority } from '../authority.ts';
import { caExtensions, certify, type Draft, ecKeys } from '../certificate-draft.ts';
import { endOf, observe, taken } from '../conformance/observe.ts';
import { certifyCrl } from '../crl-draft.ts';
import { discardFolder } from '../discard-folder.ts';
import { host, pkcs7 } from '../est-fixture.ts';
import { answer, type Reply, scripted } from '../scripted-server.ts';
import { middleName, root, serverKeys, signing } from '../server-certificates.ts';
import { trustBench, trustStation } from '../trust-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-trust-'));
});
afterAll(() => discardFolder(folder));

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
