import { ByteReader } from './bytes.ts';
import type { CipherSuite } from './cipher-suites.ts';
import type { Offer } from './client-hello.ts';
import { checkExtensions, type Extensions, extensionTypes, readExtensions } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import type { Version } from './options.ts';

/** The random value that makes a ServerHello a HelloRetryRequest (RFC 8446 §4.1.3). */
const retryRandom = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);
/** How a server that could do more marks its random value (RFC 8446 §4.1.3): "DOWNGRD" and 1 or 0. */
const downgradeMarks = [
  Buffer.from('444f574e47524401', 'hex'),
  Buffer.from('444f574e47524400', 'hex'),
];
const tls12 = 0x0303;
const tls13 = 0x0304;
const what = 'ServerHello';

/** A ServerHello or HelloRetryRequest that fits the offer. */
export interface ServerHello {
  readonly version: Version;
  readonly isRetry: boolean;
  readonly random: Buffer;
  readonly suite: CipherSuite;
  readonly extensions: Extensions;
}

/**
 * Reads a ServerHello and holds it against what was offered (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3).
 * @throws TlsFailure decode_error, protocol_version, illegal_parameter, unsupported_extension.
 */
export function readServerHello(
  body: Buffer,
  offer: Offer,
  offered: ReadonlySet<number>,
): ServerHello {
  const reader = new ByteReader(body, what);
  const legacyVersion = reader.uint(2);
  const random = reader.take(32);
  const sessionId = reader.vector(1);
  const suiteCode = reader.uint(2);
  const compression = reader.uint(1);
  const list = reader.remaining > 0 ? reader.vector(2) : Buffer.alloc(0);
  reader.end();
  if (sessionId.length > 32) throw reader.malformed();

  const extensions = readExtensions(list, what);
  const version = chosenVersion(legacyVersion, extensions, offer);
  const isRetry = version === 'TLSv1.3' && random.equals(retryRandom);
  checkExtensions(extensions, offered, allowedIn(version, isRetry), what);
  checkSessionId(sessionId, version, offer);
  if (version === 'TLSv1.2') checkDowngrade(random, offer);
  if (compression !== 0) {
    throw new TlsFailure(alerts.illegalParameter, 'the server wants compression');
  }
  const suite = offer.suites.find(({ code }) => code === suiteCode);
  if (suite?.version !== version) {
    const message = 'the server chose a cipher suite that was not offered';
    throw new TlsFailure(alerts.illegalParameter, message);
  }
  return { version, isRetry, random, suite, extensions };
}

function chosenVersion(legacy: number, extensions: Extensions, { options }: Offer): Version {
  const content = extensions.get(extensionTypes.supportedVersions);
  if (content !== undefined && options.maxTls === 'TLSv1.3') {
    const reader = new ByteReader(content, what);
    const code = reader.uint(2);
    reader.end();
    if (code === tls13 && legacy === tls12) return 'TLSv1.3';
    // RFC 8446 §4.2.1: the extension never chooses an older version.
    throw new TlsFailure(alerts.illegalParameter, 'the server chose a version not offered');
  }
  if (legacy === tls12 && options.minTls === 'TLSv1.2') return 'TLSv1.2';
  throw new TlsFailure(alerts.protocolVersion, 'the server chose a version not offered');
}

function allowedIn(version: Version, isRetry: boolean): readonly number[] {
  const { supportedVersions, keyShare, cookie } = extensionTypes;
  if (isRetry) return [supportedVersions, keyShare, cookie];
  if (version === 'TLSv1.3') return [supportedVersions, keyShare];
  const { serverName, ecPointFormats, applicationProtocols } = extensionTypes;
  const { extendedMasterSecret, renegotiationInfo, supportedGroups } = extensionTypes;
  // Some servers answer supported_groups, though RFC 8422 §5.2 gives them no reason to.
  const known = [serverName, ecPointFormats, applicationProtocols, supportedGroups];
  return [...known, extendedMasterSecret, renegotiationInfo];
}

/** TLS 1.3 echoes it; TLS 1.2 echoes only to resume, and there is nothing to resume. */
function checkSessionId(sessionId: Buffer, version: Version, offer: Offer): void {
  const echoed = sessionId.equals(offer.sessionId);
  if (version === 'TLSv1.3' ? echoed : sessionId.length === 0 || !echoed) return;
  throw new TlsFailure(alerts.illegalParameter, 'the server sent a wrong session number');
}

function checkDowngrade(random: Buffer, { options }: Offer): void {
  if (options.maxTls !== 'TLSv1.3') return;
  const mark = random.subarray(-8);
  if (!downgradeMarks.some((known) => known.equals(mark))) return;
  const message = 'something on the way lowered the TLS version';
  throw new TlsFailure(alerts.illegalParameter, message);
}
