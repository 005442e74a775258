import { describe, expect, it } from 'vitest';
import { type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { neededSecrets } from './needed-secrets.ts';

const token = { kind: 'pkcs11', module: '/m.so', token: { serial: '01' } } as const;
const officer = { kind: 'pkcs11', module: '/m.so', token: { serial: '02' } } as const;
const file = { kind: 'software', path: '/keys' } as const;
const profile = (change: Partial<ProfileInput>) =>
  profileSchema.parse({
    server: { endpoint: 'est.example' },
    keystore: token,
    request: { subject: 'CN=a' },
    ...change,
  });

describe('what an enrollment needs a person for', () => {
  it.each<[string, Partial<ProfileInput>, readonly string[]]>([
    ['a token', {}, ['token-pin']],
    ['a software keystore', { keystore: file }, ['keystore-passphrase']],
    ['a password', { httpAuthentication: { scheme: 'digest' } }, ['token-pin', 'http-password']],
    [
      'a TLS key in software',
      { tlsClientAuthentication: { enabled: true, keystore: file } },
      ['token-pin', 'tls-key-passphrase'],
    ],
    [
      'a TLS key on the token that is enrolled',
      { tlsClientAuthentication: { enabled: true, keystore: token } },
      ['token-pin'],
    ],
    [
      'a TLS key on another token',
      { tlsClientAuthentication: { enabled: true, keystore: officer } },
      ['token-pin', 'tls-token-pin'],
    ],
    [
      'a proxy with a user',
      { server: { endpoint: 'est.example', proxy: { endpoint: 'p:1', username: 'u' } } },
      ['token-pin', 'proxy-password'],
    ],
    [
      'a proxy for everyone',
      { server: { endpoint: 'est.example', proxy: { endpoint: 'p:1' } } },
      ['token-pin'],
    ],
  ])('with %s', (_name, change, needed) => {
    expect(neededSecrets(profile(change), true)).toEqual(needed);
    expect(neededSecrets(profile(change), false)).toEqual(needed.slice(0, 1));
  });
});
