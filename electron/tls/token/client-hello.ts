import { randomBytes } from 'node:crypto';
import { uint, vector } from './bytes.ts';
import { type CipherSuite, cipherSuites } from './cipher-suites.ts';
import { extension, extensionTypes } from './extensions.ts';
import { groupCodes, type KeyShare, newKeyShare } from './key-exchange.ts';
import type { TlsClientOptions } from './options.ts';
import { schemeCode } from './signature-schemes.ts';

const tls12 = 0x0303;
const tls13 = 0x0304;
const hostName = 0;
const uncompressedPoints = 0;

/** What a ClientHello says (RFC 8446 §4.1.2). */
export interface Offer {
  readonly options: TlsClientOptions;
  readonly random: Buffer;
  /** For middleboxes a TLS 1.3 client sends one that means nothing (RFC 8446 §D.4). */
  readonly sessionId: Buffer;
  readonly suites: readonly CipherSuite[];
  /** The key of the one group that was bet on; null without TLS 1.3. */
  readonly share: KeyShare | null;
  /** Returned after a HelloRetryRequest. */
  readonly cookie: Buffer | null;
}

export function newOffer(options: TlsClientOptions): Offer {
  const { minTls, maxTls, groups } = options;
  const [favourite] = groups;
  const modern = maxTls === 'TLSv1.3';
  return {
    options,
    random: randomBytes(32),
    sessionId: randomBytes(modern ? 32 : 0),
    suites: cipherSuites.filter(({ version }) => version === minTls || version === maxTls),
    share: modern && favourite ? newKeyShare(favourite) : null,
    cookie: null,
  };
}

/** The ClientHello of an offer, and the extensions in it. */
export function clientHello(offer: Offer): {
  readonly body: Buffer;
  readonly offered: ReadonlySet<number>;
} {
  const extensions = new Map([...namesAndKeys(offer), ...legacy(offer), ...modern(offer)]);
  const list = [...extensions].map(([type, content]) => extension(type, content));
  const body = Buffer.concat([
    uint(2, tls12),
    offer.random,
    vector(1, offer.sessionId),
    vector(2, ...offer.suites.map(({ code }) => uint(2, code))),
    vector(1, Buffer.of(0)),
    vector(2, ...list),
  ]);
  return { body, offered: new Set(extensions.keys()) };
}

type Entry = [number, Buffer];

function namesAndKeys({ options }: Offer): Entry[] {
  const { serverName, applicationProtocols, groups, schemes } = options;
  const entries: Entry[] = [
    [extensionTypes.supportedGroups, vector(2, ...groups.map((name) => uint(2, groupCodes[name])))],
    [
      extensionTypes.signatureAlgorithms,
      vector(2, ...schemes.map((scheme) => uint(2, schemeCode(scheme)))),
    ],
  ];
  if (serverName !== null) {
    const name = [uint(1, hostName), vector(2, Buffer.from(serverName, 'ascii'))];
    entries.push([extensionTypes.serverName, vector(2, ...name)]);
  }
  if (applicationProtocols.length > 0) {
    const names = applicationProtocols.map((name) => vector(1, Buffer.from(name, 'latin1')));
    entries.push([extensionTypes.applicationProtocols, vector(2, ...names)]);
  }
  return entries;
}

/** For TLS 1.2: RFC 8422 §5.1.2, RFC 7627 §5.1, RFC 5746 §3.4. */
function legacy({ options }: Offer): Entry[] {
  if (options.minTls !== 'TLSv1.2') return [];
  return [
    [extensionTypes.ecPointFormats, vector(1, uint(1, uncompressedPoints))],
    [extensionTypes.extendedMasterSecret, Buffer.alloc(0)],
    [extensionTypes.renegotiationInfo, vector(1)],
  ];
}

/** For TLS 1.3: RFC 8446 §4.2.1, §4.2.2, §4.2.8. */
function modern({ options, share, cookie }: Offer): Entry[] {
  if (share === null) return [];
  const versions = options.minTls === 'TLSv1.3' ? [tls13] : [tls13, tls12];
  const key = [uint(2, groupCodes[share.group]), vector(2, share.publicKey)];
  const entries: Entry[] = [
    [extensionTypes.supportedVersions, vector(1, ...versions.map((code) => uint(2, code)))],
    [extensionTypes.keyShare, vector(2, ...key)],
  ];
  if (cookie !== null) entries.push([extensionTypes.cookie, vector(2, cookie)]);
  return entries;
}
