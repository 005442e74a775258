import { afterwards } from './afterwards.ts';
import { endless } from './endless.ts';
import { hellos12 } from './hellos12.ts';
import { hellos13 } from './hellos13.ts';
import { interrupted } from './interruptions.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { proofs } from './proofs.ts';
import { records } from './records.ts';

/** Every server that misbehaves, by when it does. */
export const areas: Readonly<Record<string, readonly Misbehaviour[]>> = {
  'in its hello of TLS 1.2': hellos12,
  'in its hello of TLS 1.3': hellos13,
  'in the proof of who it is': proofs,
  'in its records': records,
  'by breaking off': interrupted,
  'by never ending': endless,
  'after the handshake': afterwards,
};
