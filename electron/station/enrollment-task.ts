import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { TlsClientKey } from '../../shared/pop.ts';
import type { Profile } from '../../shared/profile.ts';
import type { HttpAuthentication } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import type { EarlierRequest } from './earlier-request.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import type { ExchangeExtras } from './exchange-options.ts';
import type { KeyDelivery } from './key-delivery.ts';
import type { RequestAnswers } from './planned-request.ts';
import type { StationPorts } from './ports.ts';
import type { KeyChoice } from './request-key.ts';
import type { Trust } from './trust.ts';

/** Everything one enrollment needs; secrets are opened by the caller, who also zeroes them. */
export interface EnrollmentTask {
  readonly ports: StationPorts;
  readonly trust: Trust;
  readonly profile: Profile;
  readonly log: EnrollmentLog;
  readonly choice: KeyChoice;
  /** What is continued; null for a new enrollment. */
  readonly earlier: EarlierRequest | null;
  /** What a person answered about the request. */
  readonly answers: RequestAnswers;
  readonly signal: AbortSignal;
  /** A person agrees that the request follows a redirect to another origin. */
  readonly followRedirect: boolean;
  readonly tlsClientKey: TlsClientKey;
  httpAuthentication(): Promise<HttpAuthentication>;
  openKeystore(): Promise<Keystore>;
  /** Ends work that did not come about. */
  closeKeystore(keystore: Keystore): Promise<void>;
  /** Takes the keystore back when the enrollment has ended. */
  releaseKeystore(keystore: Keystore, record: EnrollmentRecord): Promise<void>;
  /** The TLS client credential: asked for before anything is connected, opened once. */
  openCredential(enrolling: Keystore): Promise<NonNullable<ExchangeExtras['credential']> | null>;
  /** Takes a token that was opened for TLS alone back when the enrollment has ended. */
  releaseCredential(record: EnrollmentRecord): Promise<void>;
  /** How a server-generated key is asked for and opened. */
  keyDelivery(): Promise<KeyDelivery>;
}
