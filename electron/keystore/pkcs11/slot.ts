import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { PinState, TokenInfo, TokenSelector } from '../../../shared/token.ts';
import { generatableSets, mechanismsOf, signableAlgorithms } from './mechanisms.ts';
import type { Module } from './module.ts';
import { returnCodeOf } from './return-codes.ts';
import { selectorName } from './token-name.ts';

/** CK_SLOT_INFO flags (PKCS#11 v2.40 §3.2), which pkcs11js does not name. */
const CKF_TOKEN_PRESENT = 0x1;
const CKF_REMOVABLE_DEVICE = 0x2;

/** A token as CK_SLOT_INFO and CK_TOKEN_INFO tell it, without what it can do. */
type KnownToken = Omit<TokenInfo, 'canGenerate' | 'canSign'>;

/** A token and the slot it is in now. */
export interface TokenInSlot<Token = TokenInfo> {
  readonly slot: Buffer;
  readonly token: Token;
}

/** The tokens in all slots of the module, uninitialised ones too; empty readers are left out. */
export function tokensOf(module: Module): TokenInSlot[] {
  return inSlots(module, (slot, token) => ({ ...token, ...abilities(module, slot) }));
}

function inSlots<Token>(
  module: Module,
  told: (slot: Buffer, token: KnownToken) => Token,
): TokenInSlot<Token>[] {
  const found: TokenInSlot<Token>[] = [];
  let firstFailure: unknown = null;
  for (const slot of module.lib.C_GetSlotList(false).slice(0, 1024)) {
    try {
      const info = module.lib.C_GetSlotInfo(slot);
      if (!occupied(info)) continue;
      found.push({ slot, token: told(slot, knownToken(module, slot, info)) });
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
  return occupied(module.lib.C_GetSlotInfo(slot));
}

function occupied({ flags }: pkcs11js.SlotInfo): boolean {
  return (flags & CKF_TOKEN_PRESENT) !== 0;
}

/** True when the slot is a reader, whose tokens come and go. */
export function isReader(module: Module, slot: Buffer): boolean {
  return (module.lib.C_GetSlotInfo(slot).flags & CKF_REMOVABLE_DEVICE) !== 0;
}

function isAbsence(error: unknown): boolean {
  const code = returnCodeOf(error)?.name ?? '';
  return ['CKR_TOKEN_NOT_PRESENT', 'CKR_TOKEN_NOT_RECOGNIZED', 'CKR_DEVICE_REMOVED'].includes(code);
}

/** Reads CK_SLOT_INFO, CK_TOKEN_INFO and the mechanisms afresh. */
export function readToken(module: Module, slot: Buffer): TokenInfo {
  const token = knownToken(module, slot, module.lib.C_GetSlotInfo(slot));
  return { ...token, ...abilities(module, slot) };
}

function knownToken(
  module: Module,
  slot: Buffer,
  { slotDescription }: pkcs11js.SlotInfo,
): KnownToken {
  const info = module.lib.C_GetTokenInfo(slot);
  const has = (flag: number) => (info.flags & flag) !== 0;
  const serial = trim(info.serialNumber, 16);
  return {
    module: module.path,
    slot: numberOf(slot),
    slotDescription: trim(slotDescription, 64),
    initialised: has(pkcs11js.CKF_TOKEN_INITIALIZED),
    label: trim(info.label, 32),
    serial,
    serialUnique: /[^0]/.test(serial),
    manufacturer: trim(info.manufacturerID, 32),
    model: trim(info.model, 16),
    ...pinRules(info),
    soPinState: has(pkcs11js.CKF_TOKEN_INITIALIZED) ? soPinState(info.flags) : 'not-set',
    writeProtected: has(pkcs11js.CKF_WRITE_PROTECTED),
  };
}

/** What is to be known of a token before a user PIN is given to it. */
export type PinRules = Pick<TokenInfo, 'pinState' | 'pinPad' | 'minPinLength' | 'maxPinLength'>;

/** Reads CK_TOKEN_INFO afresh. */
export function readPinRules(module: Module, slot: Buffer): PinRules {
  return pinRules(module.lib.C_GetTokenInfo(slot));
}

function pinRules({ flags, minPinLen, maxPinLen }: pkcs11js.TokenInfo): PinRules {
  return {
    pinState: userPinState(flags),
    pinPad: (flags & pkcs11js.CKF_PROTECTED_AUTHENTICATION_PATH) !== 0,
    minPinLength: length(minPinLen),
    maxPinLength: length(maxPinLen),
  };
}

function abilities(module: Module, slot: Buffer): Pick<TokenInfo, 'canGenerate' | 'canSign'> {
  const listed = ifReadable(() => mechanismsOf(module, slot)) ?? new Set();
  return {
    canGenerate: ifReadable(() => generatableSets(module, slot, listed)) ?? [],
    canSign: signableAlgorithms(listed),
  };
}

/** Some modules answer nothing about mechanisms before the token is initialised: null. */
function ifReadable<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (returnCodeOf(error) === null || isAbsence(error)) throw error;
    return null;
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
 * The one initialised token that `selector` names. Of the others nothing is read but their names.
 * @throws StationError TOKEN-01 (no token at all), TOKEN-02 (not that one), TOKEN-04 (not initialised),
 *   TOKEN-10 (several).
 */
export function selectToken(module: Module, selector: TokenSelector): TokenInSlot {
  const { slot, token } = chosen(
    module,
    inSlots(module, (_, known) => known),
    selector,
  );
  return { slot, token: { ...token, ...abilities(module, slot) } };
}

function chosen(
  module: Module,
  tokens: readonly TokenInSlot<KnownToken>[],
  selector: TokenSelector,
): TokenInSlot<KnownToken> {
  if (tokens.length === 0) throw new StationError('TOKEN-01', { module: module.path });
  const token = selectorName(selector);
  const matching = tokens.filter((candidate) => answersTo(candidate.token, selector));
  const initialised = matching.filter((candidate) => candidate.token.initialised);
  const [only, another] = initialised;
  if (another !== undefined) throw new StationError('TOKEN-10', { token });
  if (only !== undefined) return only;
  throw new StationError(matching.length > 0 ? 'TOKEN-04' : 'TOKEN-02', { token });
}

function answersTo(token: KnownToken, { serial, label }: TokenSelector): boolean {
  return (
    (serial === undefined || token.serial === serial.trim()) &&
    (label === undefined || token.label === label.trim())
  );
}
