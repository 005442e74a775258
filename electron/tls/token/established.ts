import { timingSafeEqual } from 'node:crypto';
import { alerts, TlsFailure } from './failure.ts';
import type { TrafficSecrets } from './key-schedule.ts';
import type { Negotiated, TlsClientOptions } from './options.ts';

/** A completed handshake. */
export interface Established {
  readonly negotiated: Negotiated;
  /** The client's Finished (RFC 5929 §3.1); null on TLS 1.3. */
  readonly tlsUnique: Buffer | null;
  /** What a KeyUpdate goes on from; null on TLS 1.2. */
  readonly trafficSecrets: TrafficSecrets | null;
  /** RFC 5705, RFC 8446 §7.5. @throws TlsFailure internal_error once the secrets were wiped. */
  exportKeyingMaterial(label: string, context: Uint8Array, length: number): Buffer;
  /** Zeroes the secrets of the connection. */
  wipe(): void;
}

/** Asks whether this server may be talked to. @throws TlsFailure bad_certificate because of the verdict. */
export function approveServer({ judge }: TlsClientOptions, chain: readonly Buffer[]): void {
  try {
    judge(chain);
  } catch (cause) {
    throw new TlsFailure(alerts.badCertificate, 'the server was not approved', { cause });
  }
}

/** @throws TlsFailure decrypt_error (RFC 8446 §4.4.4). Takes as long whatever the value is. */
export function checkFinished(body: Buffer, expected: Buffer): void {
  if (body.length !== expected.length || !timingSafeEqual(body, expected)) {
    throw new TlsFailure(alerts.decryptError, 'the server saw another handshake');
  }
}
