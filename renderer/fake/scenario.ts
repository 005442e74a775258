import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { EnrollmentState } from '../../shared/enrollment.ts';
import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import type { PinState } from '../../shared/token.ts';

/** What the fake station is like; everything else goes well. */
export interface Scenario {
  readonly practice: boolean;
  readonly profiles: readonly ProfileInput[];
  readonly trusted: boolean;
  /** The profile's fingerprint, when the station compares by itself. */
  readonly expected: string | null;
  readonly pinState: PinState;
  readonly pin: string;
  readonly soPinState: PinState;
  readonly soPin: string;
  readonly canGenerate: readonly string[];
  /** The reader has keys of its own for the PIN. */
  readonly pinPad: boolean;
  /** An officer's card, one with a serial of zeros, and modules that cannot be used are there too. */
  readonly manyTokens: boolean;
  readonly officerPinState: PinState;
  /** Key parameters and signatures the token turns out not to have when it is asked for a verdict. */
  readonly tokenLacks: readonly string[];
  readonly noTokens: boolean;
  /** Objects on the first token. */
  readonly objects: boolean;
  /** The first token is plugged in so many milliseconds after the watch began; null: it is there. */
  readonly pluggedInAfterMs: number | null;
  readonly asksForPop: boolean;
  /** Passphrases: `kept` on this computer, `possible` to keep there, or neither. */
  readonly passphrases: 'kept' | 'possible' | 'never-kept';
  /** The trust screen has something to scroll. */
  readonly servers: boolean;
  /** The server offers a root nobody vouches for. */
  readonly offersNewRoot: boolean;
  /** Enrollments stand open from earlier. */
  readonly openEnrollments: boolean;
  /** Names the server's template leaves open. */
  readonly missing: readonly string[];
  /** Lines of the plan beside what the profile says. */
  readonly plan: CommandOutput<'enrollment.wishes'>['plan'];
  readonly ends: EnrollmentState;
  readonly endCode: ErrorCode | null;
  readonly warnings: boolean;
  /** Milliseconds one step takes. */
  readonly stepMs: number;
  /** Commands that are refused, with the code. */
  readonly refuse: Readonly<Record<string, ErrorCode>>;
  /** The key wants the PIN for its use in this step. */
  readonly pinForUseAt: string | null;
  /** The enrollment stays in this step. */
  readonly stuckAt: string | null;
}

export const ordinary: Scenario = {
  practice: false,
  profiles: [],
  trusted: false,
  expected: null,
  pinState: 'ok',
  pin: '123456',
  soPinState: 'ok',
  soPin: '87654321',
  pinPad: false,
  manyTokens: false,
  officerPinState: 'low',
  tokenLacks: [],
  noTokens: false,
  objects: false,
  pluggedInAfterMs: null,
  canGenerate: ['prime256v1', 'secp384r1', '2048', '3072', '4096'],
  asksForPop: false,
  passphrases: 'never-kept',
  servers: false,
  offersNewRoot: false,
  openEnrollments: false,
  missing: [],
  plan: [],
  ends: 'done',
  endCode: null,
  warnings: false,
  stepMs: 5,
  refuse: {},
  pinForUseAt: null,
  stuckAt: null,
};

export const rootFingerprint = 'B6C060D694F3295A0911A0D76CC7AA068B98466173F12BA34CEBCCD14C210EDF';
