import type { SignatureScheme } from '../connector.ts';
import { ByteReader } from './bytes.ts';
import { checkExtensions, checkPlaces, extensionTypes, readExtensions } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import { schemeOfCode } from './signature-schemes.ts';

const mostCertificates = 32;

/** What the server wants of a client certificate. */
export interface CertificateRequest {
  /** Numbers of signature schemes, in its order of preference. */
  readonly schemes: readonly number[];
}

/** A signature and what it was made with. */
export interface Signed {
  readonly scheme: SignatureScheme;
  readonly signature: Buffer;
}

function bounded(chain: Buffer[], reader: ByteReader): readonly Buffer[] {
  if (chain.length === 0) throw reader.malformed();
  if (chain.length > mostCertificates) {
    throw new TlsFailure(alerts.badCertificate, 'the server sent too many certificates');
  }
  return chain;
}

/** Certificate of TLS 1.2 (RFC 5246 §7.4.2). @returns DER, the server's own first. */
export function readCertificates12(body: Buffer): readonly Buffer[] {
  const reader = new ByteReader(body, 'Certificate');
  const list = new ByteReader(reader.vector(3), 'Certificate');
  reader.end();
  const chain: Buffer[] = [];
  while (list.remaining > 0) chain.push(list.vector(3, 1));
  return bounded(chain, reader);
}

/** Certificate of TLS 1.3 (RFC 8446 §4.4.2); none of its extensions was asked for. */
export function readCertificates13(body: Buffer, offered: ReadonlySet<number>): readonly Buffer[] {
  const reader = new ByteReader(body, 'Certificate');
  const context = reader.vector(1);
  const list = new ByteReader(reader.vector(3), 'Certificate');
  reader.end();
  if (context.length > 0) throw reader.malformed();
  const chain: Buffer[] = [];
  while (list.remaining > 0) {
    chain.push(list.vector(3, 1));
    checkExtensions(readExtensions(list.vector(2), 'Certificate'), offered, [], 'Certificate');
  }
  return bounded(chain, reader);
}

/** CertificateRequest of TLS 1.2 (RFC 5246 §7.4.4). */
export function readCertificateRequest12(body: Buffer): CertificateRequest {
  const reader = new ByteReader(body, 'CertificateRequest');
  reader.vector(1, 1);
  const schemes = reader.numbers(2);
  checkNames(new ByteReader(reader.vector(2), 'CertificateRequest'));
  reader.end();
  return { schemes };
}

function checkNames(list: ByteReader): void {
  while (list.remaining > 0) list.vector(2, 1);
}

/** CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2); extensions it does not know are passed over. */
export function readCertificateRequest13(body: Buffer): CertificateRequest {
  const reader = new ByteReader(body, 'CertificateRequest');
  const context = reader.vector(1);
  const extensions = readExtensions(reader.vector(2), 'CertificateRequest');
  reader.end();
  if (context.length > 0) throw reader.malformed();
  checkPlaces(extensions, [extensionTypes.signatureAlgorithms], 'CertificateRequest');
  const content = extensions.get(extensionTypes.signatureAlgorithms);
  if (content === undefined) {
    const message = 'the server asks for a certificate without saying for which signatures';
    throw new TlsFailure(alerts.missingExtension, message);
  }
  const list = new ByteReader(content, 'CertificateRequest');
  const schemes = list.numbers(2);
  list.end();
  return { schemes };
}

/** A digitally-signed element: CertificateVerify, and the end of ServerKeyExchange. */
export function readSigned(reader: ByteReader, offered: readonly SignatureScheme[]): Signed {
  const scheme = schemeOfCode(reader.uint(2));
  const signature = reader.vector(2, 1);
  reader.end();
  if (scheme === null || !offered.includes(scheme)) {
    const message = 'the server signed with a scheme that was not offered';
    throw new TlsFailure(alerts.illegalParameter, message);
  }
  return { scheme, signature };
}

const namedCurve = 3;

/** ServerKeyExchange of ECDHE (RFC 8422 §5.4). */
export interface ServerKeyExchange extends Signed {
  readonly groupCode: number;
  readonly publicKey: Buffer;
  /** What was signed, behind the random values. */
  readonly parameters: Buffer;
}

export function readServerKeyExchange(
  body: Buffer,
  offered: readonly SignatureScheme[],
): ServerKeyExchange {
  const reader = new ByteReader(body, 'ServerKeyExchange');
  if (reader.uint(1) !== namedCurve) {
    throw new TlsFailure(alerts.illegalParameter, 'the server chose a group of its own making');
  }
  const groupCode = reader.uint(2);
  const publicKey = reader.vector(1, 1);
  const parameters = body.subarray(0, body.length - reader.remaining);
  return { groupCode, publicKey, parameters, ...readSigned(reader, offered) };
}
