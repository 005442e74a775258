import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type KeystoreCredential, signatureSchemes } from '../../../electron/tls/connector.ts';
import { type GroupName, groupCodes } from '../../../electron/tls/token/key-exchange.ts';
import type { TlsClientOptions, Version } from '../../../electron/tls/token/options.ts';
import { schemeOfCode } from '../../../electron/tls/token/signature-schemes.ts';
import { keySigner } from '../../key-signer.ts';
import type { Flags } from './flags.ts';

const tls12 = 0x0303;
const tls13 = 0x0304;

/** The runner's refusal of its own certificate, with -verify-fail. */
class VerifyFail extends Error {}

/** What the flags want, in the words of the connector's TLS client. */
export function clientOptions(flags: Flags): TlsClientOptions {
  return {
    ...versions(flags),
    serverName: flags.text('-host-name'),
    applicationProtocols: protocolsIn(flags.text('-advertise-alpn') ?? ''),
    groups: groups(flags),
    schemes: schemesOf(flags.list('-verify-prefs')),
    requireExtendedMasterSecret: false,
    credential: credential(flags),
    judge() {
      if (flags.has('-verify-fail')) throw new VerifyFail('the case wants the server refused');
    },
  };
}

function versions(flags: Flags): { minTls: Version; maxTls: Version } {
  const least = flags.number('-min-version') ?? tls12;
  const most = flags.number('-max-version') ?? tls13;
  return {
    minTls: least === tls13 || flags.has('-no-tls12') ? 'TLSv1.3' : 'TLSv1.2',
    maxTls: most <= tls12 || flags.has('-no-tls13') ? 'TLSv1.2' : 'TLSv1.3',
  };
}

/** ALPN's wire form: each name behind its length. */
function protocolsIn(list: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < list.length; at += 1 + list.charCodeAt(at)) {
    names.push(list.slice(at + 1, at + 1 + list.charCodeAt(at)));
  }
  return names;
}

function groups(flags: Flags): GroupName[] {
  const known = Object.entries(groupCodes) as [GroupName, number][];
  const wanted = flags.list('-curves') ?? [29, 23, 24];
  return wanted.flatMap((code) => known.filter(([, own]) => own === code).map(([name]) => name));
}

/** Without a wish what BoringSSL takes by itself, as the cases expect: neither P-521 nor Ed25519. */
const defaultSchemes = signatureSchemes.filter(
  (scheme) => scheme !== 'ecdsa_secp521r1_sha512' && scheme !== 'ed25519',
);

function schemesOf(codes: readonly number[] | null) {
  if (codes === null) return defaultSchemes;
  return codes.map(schemeOfCode).filter((scheme) => scheme !== null);
}

function credential(flags: Flags): KeystoreCredential | null {
  const chainFile = flags.text('-cert-file');
  const keyFile = flags.text('-key-file');
  if (chainFile === null || keyFile === null) return null;
  const signer = keySigner(createPrivateKey(readFileSync(keyFile)));
  const wanted = flags.list('-signing-prefs');
  const schemes = wanted ? schemesOf(wanted) : signer.schemes;
  return { kind: 'keystore', chain: certificatesIn(chainFile), signer: { ...signer, schemes } };
}

/** DER of each PEM certificate in a file. */
export function certificatesIn(file: string): Buffer[] {
  const pem = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
  return [...readFileSync(file, 'utf8').matchAll(pem)].map(([, body = '']) =>
    Buffer.from(body, 'base64'),
  );
}
