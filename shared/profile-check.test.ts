import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from './contract/commands.ts';
import type { ProfileInput } from './profile.ts';
import { checkProfile } from './profile-check.ts';

const least: ProfileInput = {
  server: { endpoint: 'est.example:8443' },
  keystore: { kind: 'software', path: '/keys' },
  request: { subject: 'CN=gateway' },
};

describe('checkProfile', () => {
  it('fills the defaults in', () => {
    const verdict = checkProfile(least);
    expect(verdict).toMatchObject({
      valid: true,
      profile: {
        profileVersion: 1,
        enabled: true,
        server: { label: null, hostnameVerification: true },
        trust: { caRootCertificate: null, caCertificateRollover: true },
        tlsClientAuthentication: { enabled: false, alias: 'client-auth-certs' },
        httpAuthentication: { scheme: 'none' },
        proofOfPossession: { enabled: false, channelBinding: 'tls-unique' },
        request: { keyAlgorithm: 'EC', signatureAlgorithm: 'SHA256WITHECDSA' },
        lifecycle: { connectRetryIntervalSeconds: 60 },
      },
    });
  });

  it('finds its own result valid and equal', () => {
    const verdict = checkProfile(least);
    expect(verdict.valid && checkProfile(verdict.profile)).toEqual(verdict);
  });

  it.each<[string, unknown, string, string]>([
    ['a misspelling', { ...least, enabeld: true }, 'enabeld', 'enabled'],
    [
      'a nested misspelling',
      { ...least, server: { ...least.server, lable: 'a' } },
      'server.lable',
      'server.label',
    ],
    [
      'another case',
      { ...least, server: { ...least.server, hostnameverification: true } },
      'server.hostnameverification',
      'server.hostnameVerification',
    ],
    ['a key in the wrong place', { ...least, endpoint: 'x' }, 'endpoint', 'server.endpoint'],
    [
      'a key of another place',
      { ...least, scheme: 'basic' },
      'scheme',
      'httpAuthentication.scheme',
    ],
    [
      'a key of the other kind of keystore',
      { ...least, keystore: { kind: 'software', path: '/keys', token: {} } },
      'keystore.token',
      'keystore.kind',
    ],
    [
      'a misspelling within a union',
      { ...least, keystore: { kind: 'pkcs11', module: '/m', token: { label: 'a', serail: 'b' } } },
      'keystore.token.serail',
      'keystore.token.serial',
    ],
  ])('tells the nearest name for %s', (_, profile, key, nearest) => {
    const verdict = checkProfile(profile);
    if (verdict.valid) throw new Error('valid');
    expect(verdict.problems).toHaveLength(1);
    expect(verdict.error).toMatchObject({ code: 'PROFILE-03', params: { key, nearest } });
    expect(verdict.problems[0]?.path).toBe(key);
  });

  it.each(['__proto__', 'constructor', 'a b\n', '', '\u202eabc'])('refuses the key %j', (key) => {
    const profile: unknown = JSON.parse(
      `{${JSON.stringify(key)}:1,${JSON.stringify(least).slice(1)}`,
    );
    const verdict = checkProfile(profile);
    if (verdict.valid) throw new Error('valid');
    expect(verdict.error.code).toBe('PROFILE-03');
    expect(verdict.error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it.each<[string, unknown, string, string]>([
    ['nothing', null, 'profile', 'must be an object'],
    ['a list', [], 'profile', 'must be an object'],
    ['no server', { ...least, server: undefined }, 'server', 'is missing'],
    ['no endpoint', { ...least, server: {} }, 'server.endpoint', 'is missing'],
    [
      'an empty subject',
      { ...least, request: { subject: '' } },
      'request.subject',
      'must not be empty',
    ],
    ['text for a switch', { ...least, enabled: 'yes' }, 'enabled', 'must be true or false'],
    [
      'an unknown keystore',
      { ...least, keystore: { kind: 'tpm' } },
      'keystore.kind',
      'must be one of pkcs11, software',
    ],
    [
      'an unknown scheme',
      { ...least, httpAuthentication: { scheme: 'bearer' } },
      'httpAuthentication.scheme',
      'must be one of none, basic, digest',
    ],
    [
      'a broken number',
      { ...least, limits: { bodyBytes: 2048.5 } },
      'limits.bodyBytes',
      'must be a whole number',
    ],
    [
      'a number below its bound',
      { ...least, limits: { connectMs: 1 } },
      'limits.connectMs',
      'must be at least 100',
    ],
    [
      'a long name',
      { ...least, name: 'n'.repeat(121) },
      'name',
      'must be at most 120 characters long',
    ],
    [
      'a wrong alternative name',
      { ...least, request: { subject: 'CN=a', subjectAltNames: ['DNS:a', 'a'] } },
      'request.subjectAltNames.1',
      'must be DNS:…, IP:…, email:… or URI:…',
    ],
    ['another version', { ...least, profileVersion: 2 }, 'profileVersion', 'must be 1'],
    [
      'TLS client authentication without a keystore',
      { ...least, tlsClientAuthentication: { enabled: true } },
      'tlsClientAuthentication.keystore',
      'must be given when TLS client authentication is enabled',
    ],
  ])('tells in one sentence what is wrong with %s', (_, profile, path, message) => {
    const verdict = checkProfile(profile);
    if (verdict.valid) throw new Error('valid');
    expect(verdict.problems).toEqual([{ path, message }]);
    expect(verdict.error.code).toBe('PROFILE-02');
    expect(verdict.error.message).toBe(`The profile is not valid: ${path} ${message}.`);
  });

  it('says of a default that does not fit why it does not', () => {
    const verdict = checkProfile({ ...least, request: { subject: 'CN=a', keyAlgorithm: 'RSA' } });
    if (verdict.valid) throw new Error('valid');
    expect(verdict.problems).toEqual([
      {
        path: 'request.keyParameterSet',
        message: 'does not belong to RSA: choose 2048, 3072, 4096',
      },
      {
        path: 'request.signatureAlgorithm',
        message:
          'does not belong to RSA: choose SHA256WITHRSA, SHA384WITHRSA, SHA512WITHRSA, SHA256WITHRSAANDMGF1, SHA384WITHRSAANDMGF1, SHA512WITHRSAANDMGF1',
      },
    ]);
  });

  it('tells an unknown key beside another problem as one of several', () => {
    const verdict = checkProfile({ ...least, enabeld: true, enabled: 1 });
    if (verdict.valid) throw new Error('valid');
    expect(verdict.error.code).toBe('PROFILE-02');
    expect(verdict.problems).toContainEqual({
      path: 'enabeld',
      message: 'is not a known key; the nearest is enabled',
    });
  });

  it('bounds what a hostile file makes it say', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => [`${index}`.padEnd(9000, 'x'), 1]);
    const verdict = checkProfile({ ...least, ...Object.fromEntries(keys) });
    if (verdict.valid) throw new Error('valid');
    expect(verdict.problems.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(verdict.problems).length).toBeLessThan(50_000);
  });

  it('answers any JSON value with a verdict the contract allows', () => {
    const output = commands['profiles.check'].output;
    const near = fc.record(
      {
        server: fc.jsonValue(),
        keystore: fc.oneof(
          fc.jsonValue(),
          fc.record({ kind: fc.constantFrom('pkcs11', 'software') }),
        ),
        request: fc.jsonValue(),
        tlsClientAuthentication: fc.record({ keystore: fc.jsonValue() }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near), (value) => {
        const verdict = checkProfile(value);
        const { valid } = verdict;
        const told = valid
          ? { valid, profile: verdict.profile }
          : { valid, problems: verdict.problems.map((problem) => ({ ...problem, error: null })) };
        expect(output.safeParse(told).success).toBe(true);
        if (!verdict.valid) expect(verdict.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
