import type { SecretPurpose, SecretSource } from '../station/ports.ts';
import type { Station } from '../station/station.ts';
import type { Output } from './output.ts';

/** Secrets a person sets: at a terminal typed twice. */
export type NewSecret = 'token-pin' | 'so-pin' | 'new-pin' | 'new-so-pin' | 'new-file-password';
/** Secrets only the command line asks for. */
export type CliPurpose = SecretPurpose | NewSecret | 'file-password';

/** A running practice server, as far as a command needs it. */
export interface RunningPractice {
  readonly facts: Readonly<Record<string, string | number>> & { readonly url: string };
  close(): Promise<void>;
}

/** Options of `practice` after parsing. */
export interface PracticeRequest {
  readonly port: number;
  readonly dir: string;
  readonly unwrapped: boolean;
  readonly requirePop: boolean;
  readonly pendingSeconds: number | null;
  readonly approval: boolean;
  readonly revoked: readonly string[];
  readonly rollover: 'in-progress' | 'finished' | null;
  readonly cmcRa: boolean;
  readonly httpAuth: 'basic' | 'digest' | 'both';
  /** Names of Digest algorithms; absent: the usual ones. */
  readonly digest?: readonly string[];
  readonly digestQop: 'auth' | 'auth-int';
  readonly maxTls: 'TLSv1.2' | 'TLSv1.3';
  /** Name of a shape of csrattrs, or null. */
  readonly csrattrs: string | null;
  /** `request`, `client` or `ra`. */
  readonly mode: string;
  readonly faults: readonly string[];
}

/** What the composition root gives every command. */
export interface CliContext {
  readonly output: Output;
  readonly secrets: SecretSource & {
    ask(purpose: CliPurpose, about: string): Promise<Uint8Array>;
    /** Asks for a new secret; at a terminal twice. */
    askNew(purpose: NewSecret, about: string): Promise<Uint8Array>;
  };
  /** A person can answer questions. */
  readonly interactive: boolean;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Aborted when nobody reads the output any more; ends only what does nothing but tell. */
  readonly readerGone: AbortSignal;
  /** Reads a line a person types; only when interactive. */
  askLine(question: string): Promise<string>;
  /** The station on its data folder; opened on first use, once. */
  station(): Promise<Station>;
  /** @throws StationError USAGE-01 for a fault that does not exist */
  startPractice(request: PracticeRequest): Promise<RunningPractice>;
}
