import { describe, expect, test } from 'vitest';
import {
  alternativeNames,
  certify,
  ecKeys,
  extension,
  subtree,
} from '../../test/certificate-draft.ts';
import { readCertificate } from './certificate.ts';
import { sequence } from './der-writer.ts';
import { matchServerName } from './server-name.ts';

const keys = ecKeys();

function matches(host: string, ...extensions: Buffer[]): boolean {
  return matchServerName(
    readCertificate(certify({ subject: 'CN=est.example', keys, extensions })),
    host,
  );
}

describe('matchServerName', () => {
  test.each<[host: string, name: string, same: boolean]>([
    ['est.example', 'DNS:est.example', true],
    ['EST.Example', 'DNS:est.eXAMPLE', true],
    ['est.example.', 'DNS:est.example', true],
    ['a.est.example', 'DNS:est.example', false],
    ['est.example', 'DNS:a.est.example', false],
    ['localhost', 'DNS:localhost', true],
    ['a.works.example', 'DNS:*.works.example', true],
    ['works.example', 'DNS:*.works.example', false],
    ['b.a.works.example', 'DNS:*.works.example', false],
    ['a.example', 'DNS:*.example', false],
    ['bücher.example', 'DNS:xn--bcher-kva.example', true],
    ['xn--bcher-kva.example', 'DNS:bücher.example', true],
    ['192.0.2.1', 'IP:192.0.2.1', true],
    ['192.0.2.2', 'IP:192.0.2.1', false],
    ['2001:DB8:0:0:0:0:0:1', 'IP:2001:db8::1', true],
    ['::ffff:192.0.2.1', 'IP:::ffff:c000:201', true],
    ['::1', 'IP:::2', false],
    ['127.0.0.1.', 'IP:127.0.0.1', true],
    ['0x7f.1', 'IP:127.0.0.1', true],
    ['fe80::1%eth0', 'IP:fe80::1', false],
    ['est.example', 'URI:https://est.example', false],
    ['est.example', 'email:a@est.example', false],
  ])('%s and %s: %s', (host, name, same) => {
    expect(matches(host, alternativeNames(name))).toBe(same);
  });

  test.each([
    ['f*.works.example', 'foo.works.example'],
    ['*f.works.example', 'of.works.example'],
    ['a.*.example', 'a.works.example'],
    ['*.*.example', 'a.works.example'],
    ['*', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1.'],
    ['127.0.0.1', '0x7f.1'],
    ['*.0.2.1', '192.0.2.1.'],
    ['est.example\0.evil.example', 'est.example'],
    [' est.example', 'est.example'],
    ['est.example', ''],
  ])('never lets the name %j stand for %j', (name, host) => {
    expect(matches(host, extension('2.5.29.17', sequence(subtree(2, name)), false))).toBe(false);
  });

  test('the common name never counts', () => {
    expect(matches('est.example')).toBe(false);
  });

  test('any of several names will do', () => {
    const names = alternativeNames('IP:192.0.2.1', 'DNS:a.example', 'DNS:est.example');
    expect(matches('est.example', names)).toBe(true);
  });
});
