import type { CommandOutput } from '../../shared/contract/commands.ts';
import { type PopWayOut, tlsClientKey } from '../../shared/pop.ts';
import { type Pkcs11Selection, type Profile, profileSchema } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';

/**
 * What is being put together: a profile in which some fields may still be empty.
 * It becomes a valid one step by step; the station has the last word (`profiles.check`).
 */
export type Draft = Profile;

type Practice = NonNullable<CommandOutput<'station.describe'>['practice']>;

/** A module or token no one has chosen yet, where the contract wants a whole profile. */
const notChosen = 'not chosen yet';

/** An empty draft with every default of the profile. */
export function emptyDraft(): Draft {
  const { server, keystore, request, ...rest } = profileSchema.parse({
    server: { endpoint: 'localhost' },
    keystore: { kind: 'pkcs11', module: notChosen, token: { label: notChosen } },
    request: { subject: notChosen },
  });
  return {
    ...rest,
    server: { ...server, endpoint: '' },
    keystore: { kind: 'pkcs11', module: '', token: {} },
    request: { ...request, subject: '' },
  };
}

/** A draft for the built-in practice server. */
export function practiceDraft(practice: Practice): Draft {
  const draft = emptyDraft();
  return {
    ...draft,
    name: 'Practice',
    server: { ...draft.server, endpoint: practice.endpoint },
    httpAuthentication: { scheme: 'basic', username: practice.username },
    request: { ...draft.request, subject: 'CN=Practice token,O=EST Station' },
  };
}

/**
 * The draft as a whole profile for commands that concern its server alone: what is not chosen yet
 * is filled with a word that says so.
 */
export function serverProfile(draft: Draft): Profile {
  const { keystore, request } = draft;
  const open =
    keystore.kind === 'pkcs11'
      ? keystore.module === '' || (!keystore.token.serial && !keystore.token.label)
      : keystore.path === '';
  return {
    ...draft,
    keystore: open
      ? { kind: 'pkcs11', module: notChosen, token: { label: notChosen } }
      : draft.keystore,
    request: request.subject === '' ? { ...request, subject: notChosen } : request,
  };
}

/** Two drafts mean the same server: then what is trusted for one is trusted for the other. */
export function sameServer(a: Draft, b: Draft): boolean {
  return (
    a.server.endpoint === b.server.endpoint &&
    a.server.label === b.server.label &&
    a.trust.caRootFingerprint === b.trust.caRootFingerprint &&
    a.trust.caRootCertificate === b.trust.caRootCertificate
  );
}

/** Names the token by its serial where that is its own, else by its label. */
export function withToken(draft: Draft, token: TokenInfo): Draft {
  const selector = token.serialUnique ? { serial: token.serial } : { label: token.label };
  return withKeystore(draft, { kind: 'pkcs11', module: token.module, token: selector });
}

/** Another keystore; a TLS key on the token before moves along to the new one. */
export function withKeystore(draft: Draft, keystore: Draft['keystore']): Draft {
  const { tlsClientAuthentication } = draft;
  const along = tlsClientAuthentication.keystore !== null && otherTlsToken(draft) === null;
  const moved = along && keystore.kind === 'pkcs11' && tlsClientKey(draft) === 'pkcs11';
  return {
    ...draft,
    keystore,
    ...(moved ? { tlsClientAuthentication: { ...tlsClientAuthentication, keystore } } : {}),
  };
}

/** The token with the TLS key where it is not the one being enrolled (an officer’s card), else null. */
export function otherTlsToken({
  keystore,
  tlsClientAuthentication,
}: Pick<Draft, 'keystore' | 'tlsClientAuthentication'>): Pkcs11Selection | null {
  const { enabled, keystore: tls } = tlsClientAuthentication;
  if (!enabled || tls?.kind !== 'pkcs11') return null;
  return JSON.stringify(tls) === JSON.stringify(keystore) ? null : tls;
}

/** True when the station shows a certificate of this token while connecting: it is no token to provision. */
export function signsInWith(
  profiles: readonly Pick<Draft, 'keystore' | 'tlsClientAuthentication'>[],
  token: TokenInfo,
): boolean {
  return profiles.some((profile) => {
    const other = otherTlsToken(profile);
    return other !== null && other.module === token.module && selects(other, token);
  });
}

/** True when the draft already names this token. */
export function namesToken(draft: Draft, token: TokenInfo): boolean {
  return draft.keystore.kind === 'pkcs11' && selects(draft.keystore, token);
}

/** True when the selection means this token. */
export function selects({ token: { serial, label } }: Pkcs11Selection, token: TokenInfo): boolean {
  if (serial === undefined && label === undefined) return false;
  return (
    token.initialised &&
    (serial === undefined || serial === token.serial) &&
    (label === undefined || label === token.label)
  );
}

/** What choosing a way out does to the draft. */
export function takeWayOut(draft: Draft, way: PopWayOut): Draft {
  const { httpAuthentication, proofOfPossession, tlsClientAuthentication } = draft;
  switch (way) {
    case 'turn-pop-off':
      return { ...draft, proofOfPossession: { ...proofOfPossession, enabled: false } };
    case 'turn-pop-on':
      return { ...draft, proofOfPossession: { ...proofOfPossession, enabled: true } };
    case 'allow-token-channel-binding':
      return { ...draft, proofOfPossession: { ...proofOfPossession, tokenChannelBinding: true } };
    case 'use-software-tls-key':
      return {
        ...draft,
        tlsClientAuthentication: {
          ...tlsClientAuthentication,
          enabled: true,
          keystore: { kind: 'software', path: '' },
        },
      };
    case 'use-http-authentication':
      return {
        ...draft,
        tlsClientAuthentication: { ...tlsClientAuthentication, enabled: false, keystore: null },
        httpAuthentication:
          httpAuthentication.scheme === 'none'
            ? { ...httpAuthentication, scheme: 'basic' }
            : httpAuthentication,
      };
  }
}
