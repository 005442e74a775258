import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { PinState, TokenInfo, TokenSelector } from '../../../shared/token.ts';
import { generatableSets, signableAlgorithms } from './mechanisms.ts';
import type { Module } from './module.ts';
import { returnCodeOf } from './return-codes.ts';
import { selectorName } from './token-name.ts';

/** CK_SLOT_INFO flags (PKCS#11 v2.40 §3.2), which pkcs11js does not name. */
const CKF_TOKEN_PRESENT = 0x1;
const CKF_REMOVABLE_DEVICE = 0x2;

/** A token and the slot it is in now. */
export interface TokenInSlot {
  readonly slot: Buffer;
  readonly token: TokenInfo;
}

/** The tokens in all slots of the module, uninitialised ones too; empty readers are left out. */
export function tokensOf(module: Module): TokenInSlot[] {
  const found: TokenInSlot[] = [];
  let firstFailure: unknown = null;
  for (const slot of module.lib.C_GetSlotList(false).slice(0, 1024)) {
    try {
      if (isOccupied(module, slot)) found.push({ slot, token: readToken(module, slot) });
    } catch (error) {
      // One reader with a foreign or broken card must not hide the others.
      if (!isAbsence(error)) firstFailure ??= error;
    }
  }
  if (found.length === 0 && firstFailure !== null) throw firstFailure;
  return found;
}

/** True when the slot says that a token is in it. */
export function isOccupied(module: Module, slot: Buffer): boolean {
  return (module.lib.C_GetSlotInfo(slot).flags & CKF_TOKEN_PRESENT) !== 0;
}

/** True when the slot is a reader, whose tokens come and go. */
export function isReader(module: Module, slot: Buffer): boolean {
  return (module.lib.C_GetSlotInfo(slot).flags & CKF_REMOVABLE_DEVICE) !== 0;
}

function isAbsence(error: unknown): boolean {
  const code = returnCodeOf(error)?.name ?? '';
  return ['CKR_TOKEN_NOT_PRESENT', 'CKR_TOKEN_NOT_RECOGNIZED', 'CKR_DEVICE_REMOVED'].includes(code);
}

/** Reads CK_SLOT_INFO and CK_TOKEN_INFO afresh. */
export function readToken(module: Module, slot: Buffer): TokenInfo {
  const info = module.lib.C_GetTokenInfo(slot);
  const has = (flag: number) => (info.flags & flag) !== 0;
  const serial = trim(info.serialNumber, 16);
  return {
    module: module.path,
    slot: numberOf(slot),
    slotDescription: trim(module.lib.C_GetSlotInfo(slot).slotDescription, 64),
    initialised: has(pkcs11js.CKF_TOKEN_INITIALIZED),
    label: trim(info.label, 32),
    serial,
    serialUnique: /[^0]/.test(serial),
    manufacturer: trim(info.manufacturerID, 32),
    model: trim(info.model, 16),
    pinState: userPinState(info.flags),
    soPinState: has(pkcs11js.CKF_TOKEN_INITIALIZED) ? soPinState(info.flags) : 'not-set',
    pinPad: has(pkcs11js.CKF_PROTECTED_AUTHENTICATION_PATH),
    writeProtected: has(pkcs11js.CKF_WRITE_PROTECTED),
    minPinLength: length(info.minPinLen),
    maxPinLength: length(info.maxPinLen),
    canGenerate: ifReadable(() => generatableSets(module, slot)),
    canSign: ifReadable(() => signableAlgorithms(module, slot)),
  };
}

/** Some modules answer nothing about mechanisms before the token is initialised. */
function ifReadable(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if (returnCodeOf(error) === null || isAbsence(error)) throw error;
    return [];
  }
}

function userPinState(flags: number): PinState {
  if ((flags & pkcs11js.CKF_USER_PIN_LOCKED) !== 0) return 'locked';
  if ((flags & pkcs11js.CKF_USER_PIN_INITIALIZED) === 0) return 'not-set';
  if ((flags & pkcs11js.CKF_USER_PIN_FINAL_TRY) !== 0) return 'final';
  if ((flags & pkcs11js.CKF_USER_PIN_COUNT_LOW) !== 0) return 'low';
  return 'ok';
}

function soPinState(flags: number): PinState {
  if ((flags & pkcs11js.CKF_SO_PIN_LOCKED) !== 0) return 'locked';
  if ((flags & pkcs11js.CKF_SO_PIN_FINAL_TRY) !== 0) return 'final';
  if ((flags & pkcs11js.CKF_SO_PIN_COUNT_LOW) !== 0) return 'low';
  return 'ok';
}

/** Text fields are padded with blanks by the standard and with NULs by some modules. */
export function trim(text: string, longest: number): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longest);
}

/** Slot numbers and sizes are CK_ULONG: 8 bytes, 4 on Windows. */
function numberOf(handle: Buffer): number {
  return handle.length === 8 ? Number(handle.readBigUInt64LE()) : handle.readUInt32LE();
}

function length(value: number | bigint): number {
  return Math.min(Number(value), 0xffff);
}

/**
 * The one initialised token that `selector` names.
 * @throws StationError TOKEN-01 (no token at all), TOKEN-02 (not that one), TOKEN-04 (not initialised),
 *   TOKEN-10 (several).
 */
export function selectToken(
  module: Module,
  tokens: readonly TokenInSlot[],
  selector: TokenSelector,
): TokenInSlot {
  if (tokens.length === 0) throw new StationError('TOKEN-01', { module: module.path });
  const token = selectorName(selector);
  const matching = tokens.filter((candidate) => answersTo(candidate.token, selector));
  const initialised = matching.filter((candidate) => candidate.token.initialised);
  const [only, another] = initialised;
  if (another !== undefined) throw new StationError('TOKEN-10', { token });
  if (only !== undefined) return only;
  throw new StationError(matching.length > 0 ? 'TOKEN-04' : 'TOKEN-02', { token });
}

function answersTo(token: TokenInfo, { serial, label }: TokenSelector): boolean {
  return (
    (serial === undefined || token.serial === serial.trim()) &&
    (label === undefined || token.label === label.trim())
  );
}
