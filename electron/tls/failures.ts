import { isIPv6 } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import { alertWords, protocolVersionAlert, refusesClientCertificate } from './alerts.ts';
import type { ConnectTarget } from './connector.ts';
import { AlertReceived, TlsFailure } from './token/failure.ts';

/** `host:port` as a person reads it, IPv6 in brackets. */
export function endpointName(target: ConnectTarget): string {
  return isIPv6(target.host) ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** What is known about a handshake when it fails; the words of TLS libraries differ, these facts do not. */
export interface HandshakeProgress {
  /** First byte the server ever sent, or null. */
  readonly firstByte: number | null;
  /** The client's second flight (its certificate, if any) was sent. */
  readonly clientAnswered: boolean;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return '';
}

const cutOff: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
]);
const nameNotFound: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
]);

/** Turns an error of DNS or TCP into one of the catalogue (NET-01, NET-02, NET-03, NET-04, NET-07). */
export function networkFailure(
  error: unknown,
  target: ConnectTarget,
  seconds: number,
): StationError {
  const endpoint = endpointName(target);
  const code = codeOf(error);
  const options = { cause: error };
  if (code === 'ECONNREFUSED') return new StationError('NET-01', { endpoint }, options);
  if (nameNotFound.has(code)) return new StationError('NET-02', { host: target.host }, options);
  if (code === 'ETIMEDOUT') return new StationError('NET-03', { endpoint, seconds }, options);
  if (cutOff.has(code)) return new StationError('NET-04', { endpoint }, options);
  return new StationError('NET-07', { endpoint, detail: code || 'unknown reason' }, options);
}

/** Content types of TLS records (RFC 8446 §5.1, RFC 5246 §6.2.1): change_cipher_spec to application_data. */
const isTlsRecordType = (byte: number) => byte >= 20 && byte <= 23;

/** The server's alert in an error; OpenSSL and BoringSSL write it alike. */
function alertNumber(error: unknown): number | null {
  if (error instanceof AlertReceived) return error.description;
  const match = /SSL alert number (\d{1,3})/.exec(error instanceof Error ? error.message : '');
  return match === null ? null : Number(match[1]);
}

const versionCodes =
  /UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE|UNKNOWN_PROTOCOL|INAPPROPRIATE_FALLBACK/;

/**
 * Turns an error of the TLS library during the handshake into one of the catalogue (NET-04,
 * NET-05, NET-07, TLS-01, TLS-02, TLS-03). Errors of the catalogue pass unchanged.
 */
export function handshakeFailure(
  error: unknown,
  target: ConnectTarget,
  versions: string,
  progress: HandshakeProgress,
): StationError {
  if (error instanceof StationError) return error;
  if (error instanceof TlsFailure && error.cause instanceof StationError) return error.cause;
  const endpoint = endpointName(target);
  const options = { cause: error };
  if (progress.firstByte !== null && !isTlsRecordType(progress.firstByte)) {
    return new StationError('NET-05', { endpoint }, options);
  }
  const code = codeOf(error);
  const description = alertNumber(error);
  if (description !== null) {
    if (description === protocolVersionAlert) {
      return new StationError('TLS-02', { endpoint, versions }, options);
    }
    const detail = alertWords(description);
    return refusesClientCertificate(description, progress.clientAnswered)
      ? new StationError('TLS-03', { endpoint, detail }, options)
      : new StationError('TLS-01', { endpoint, detail }, options);
  }
  if (error instanceof TlsFailure) {
    return error.alert === protocolVersionAlert
      ? new StationError('TLS-02', { endpoint, versions }, options)
      : new StationError('TLS-01', { endpoint, detail: error.message }, options);
  }
  if (versionCodes.test(code)) return new StationError('TLS-02', { endpoint, versions }, options);
  if (cutOff.has(code)) return new StationError('NET-04', { endpoint }, options);
  if (code.startsWith('ERR_SSL_')) {
    const detail = code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ');
    return new StationError('TLS-01', { endpoint, detail }, options);
  }
  return new StationError('NET-07', { endpoint, detail: code || 'unknown reason' }, options);
}

/**
 * Turns an error of the TLS library after the handshake into one of the catalogue: TLS-03, since
 * TLS 1.3 servers refuse a client certificate only then, else NET-04.
 */
export function connectionFailure(error: unknown, target: ConnectTarget): StationError {
  if (error instanceof StationError) return error;
  const endpoint = endpointName(target);
  const alert = alertNumber(error);
  return alert !== null && refusesClientCertificate(alert, true)
    ? new StationError('TLS-03', { endpoint, detail: alertWords(alert) }, { cause: error })
    : new StationError('NET-04', { endpoint }, { cause: error });
}
