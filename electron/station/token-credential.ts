import { StationError } from '../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import type { Keystore, KeystoreEntry } from '../keystore/keystore.ts';
import { type Certificate, readCertificate } from '../pki/certificate.ts';
import { sameName } from '../pki/name-comparison.ts';
import { keyObject, sameKey } from '../pki/public-key.ts';

/** A credential whose key signs on its token. */
export type TokenCredential = Extract<
  NonNullable<ExchangeOptions['credential']>,
  { kind: 'keystore' }
>;
type Scheme = TokenCredential['signer']['schemes'][number];
type Prepared = Awaited<ReturnType<NonNullable<TokenCredential['signer']['prepare']>>>;

/** What the keystore is asked for when TLS wants a signature of this scheme (RFC 8446 §4.2.3). */
const algorithms: Readonly<Record<Scheme, SignatureAlgorithm>> = {
  ecdsa_secp256r1_sha256: 'SHA256WITHECDSA',
  ecdsa_secp384r1_sha384: 'SHA384WITHECDSA',
  ecdsa_secp521r1_sha512: 'SHA512WITHECDSA',
  ed25519: 'ED25519',
  rsa_pss_rsae_sha256: 'SHA256WITHRSAANDMGF1',
  rsa_pss_rsae_sha384: 'SHA384WITHRSAANDMGF1',
  rsa_pss_rsae_sha512: 'SHA512WITHRSAANDMGF1',
  rsa_pkcs1_sha256: 'SHA256WITHRSA',
  rsa_pkcs1_sha384: 'SHA384WITHRSA',
  rsa_pkcs1_sha512: 'SHA512WITHRSA',
};

const rsaSchemes: readonly Scheme[] = [
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
];

const curveSchemes: ReadonlyMap<string | undefined, Scheme> = new Map([
  ['prime256v1', 'ecdsa_secp256r1_sha256'],
  ['secp384r1', 'ecdsa_secp384r1_sha384'],
  ['secp521r1', 'ecdsa_secp521r1_sha512'],
]);

/**
 * The TLS client credential under `alias` of an unlocked token: its certificate, the issuers that lie beside it,
 * and a signer over the key, which stays where it is.
 * @throws StationError TLS-05 {alias, detail} when the certificate is missing or its key of no use to TLS, TOKEN-09
 *   without a private key.
 */
export async function tokenCredential(token: Keystore, alias: string): Promise<TokenCredential> {
  const entries = await token.entries();
  const entry = entries.find((one) => one.alias === alias);
  if (!entry?.certificate) throw unusable(alias, `${token.name} has no certificate there`);
  const leaf = readCertificate(entry.certificate);
  if (entry.key !== null && !sameKey(entry.key.spki, leaf.spki)) {
    throw unusable(alias, `the key on ${token.name} is not the one of its certificate`);
  }
  const makes = await token.signatureAlgorithms(alias);
  const schemes = schemesFor(leaf.spki).filter((scheme) => makes.includes(algorithms[scheme]));
  if (schemes.length === 0) {
    throw unusable(alias, `${token.name} can make no signature that TLS takes with this key`);
  }
  return {
    kind: 'keystore',
    chain: chainFrom(leaf, entries),
    signer: {
      schemes,
      sign: (scheme, message) => token.sign(alias, algorithms[scheme], message),
      ...((await token.asksAtUse?.(alias)) ? { prepare: () => prepare(token, alias) } : {}),
    },
  };
}

/** Asks for the PIN of the one signature a handshake makes. */
async function prepare(token: Keystore, alias: string): Promise<Prepared> {
  const use = await token.prepareUse?.(alias);
  if (use === undefined) throw new StationError('PIN-10');
  return {
    sign: (scheme, message) => use.sign(algorithms[scheme], message),
    release: () => use.release(),
  };
}

/** RFC 8446 §4.2.3: TLS 1.3 takes RSA keys with PSS only. */
export function lacksTls13({ signer }: TokenCredential): boolean {
  return signer.schemes.every((scheme) => scheme.startsWith('rsa_pkcs1_'));
}

function schemesFor(spki: Buffer): readonly Scheme[] {
  const key = keyObject(spki);
  if (key?.asymmetricKeyType === 'rsa') return rsaSchemes;
  if (key?.asymmetricKeyType === 'ed25519') return ['ed25519'];
  const scheme = curveSchemes.get(key?.asymmetricKeyDetails?.namedCurve);
  return scheme === undefined ? [] : [scheme];
}

/** A card holds a handful of certificates; a chain is never longer than this. */
const longestChain = 8;

/** The certificate and what leads upwards from it on the same token, without a root: the server has its own. */
function chainFrom(leaf: Certificate, entries: readonly KeystoreEntry[]): Buffer[] {
  const issuers = entries.flatMap(({ certificate }) => readable(certificate));
  const chain = [leaf];
  let last = leaf;
  while (chain.length < longestChain) {
    const issuer = issuers.find(
      (one) => one.isCa && !one.selfIssued && sameName(one.subjectDer, last.issuerDer),
    );
    if (issuer === undefined || chain.includes(issuer)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain.map(({ der }) => der);
}

/** A certificate nobody can read beside the right one is no obstacle. */
function readable(der: Buffer | null): Certificate[] {
  if (der === null) return [];
  try {
    return [readCertificate(der)];
  } catch (error) {
    if (error instanceof StationError) return [];
    throw error;
  }
}

function unusable(alias: string, detail: string): StationError {
  return new StationError('TLS-05', { alias, detail });
}
