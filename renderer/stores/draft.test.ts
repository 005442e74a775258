import { describe, expect, it } from 'vitest';
import { type PopWayOut, tlsClientKey } from '../../shared/pop.ts';
import { type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { emptyDraft, practiceDraft, sameServer, serverProfile, takeWayOut } from './draft.ts';
import { judge } from './restrictions.ts';

const keystore = { kind: 'pkcs11', module: '/m.so', token: { serial: '01' } } as const;
const profile = (input: Partial<ProfileInput> = {}) =>
  profileSchema.parse({
    server: { endpoint: 'est.example' },
    keystore,
    request: { subject: 'CN=a' },
    ...input,
  });

describe('a draft', () => {
  it('is a whole profile for the server’s commands before a token is chosen', () => {
    const draft = { ...emptyDraft(), server: profile().server };
    expect(profileSchema.safeParse(draft).success).toBe(false);
    expect(profileSchema.safeParse(serverProfile(draft)).success).toBe(true);
  });

  it('stays as it is for the server’s commands once it is whole', () => {
    expect(serverProfile(profile())).toEqual(profile());
  });

  it('of the practice server signs in as the trainee', () => {
    const draft = practiceDraft({
      endpoint: '127.0.0.1:1',
      caFingerprint: '',
      username: 'trainee',
    });
    expect(draft.httpAuthentication).toEqual({ scheme: 'basic', username: 'trainee' });
  });

  it.each([
    ['endpoint', { server: { endpoint: 'other.example' } }],
    ['label', { server: { endpoint: 'est.example', label: 'devices' } }],
    ['fingerprint', { trust: { caRootFingerprint: 'A'.repeat(64) } }],
  ])('with another %s means another server', (_name, change) => {
    expect(sameServer(profile(), profile(change))).toBe(false);
    expect(sameServer(profile(), profile())).toBe(true);
  });
});

describe('the restrictions', () => {
  const tokenTls = profile({
    proofOfPossession: { enabled: true },
    tlsClientAuthentication: { enabled: true, keystore },
  });

  it('block proof of possession with a TLS key on a token', () => {
    expect(tlsClientKey(tokenTls)).toBe('pkcs11');
    expect(judge(tokenTls, null).block?.code).toBe('POP-01');
  });

  it.each<[PopWayOut, string | undefined]>([
    ['use-http-authentication', undefined],
    ['use-software-tls-key', undefined],
    ['turn-pop-off', undefined],
    ['allow-token-channel-binding', undefined],
  ])('after %s are %s', (way, code) => {
    expect(judge(takeWayOut(tokenTls, way), null).block?.code).toBe(code);
  });

  it('block a request without proof of possession where the server asks for it', () => {
    const wishes = { asksForPop: true, key: null, signatureAlgorithm: null, oids: [] };
    expect(judge(profile(), wishes).block?.code).toBe('POP-05');
    expect(judge(takeWayOut(profile(), 'turn-pop-on'), wishes).block).toBeNull();
  });
});
