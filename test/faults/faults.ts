/** One way a module misbehaves at one call. */
export interface Fault {
  /** Over its column in docs/faults.md. */
  readonly name: string;
  /** Whether the fault can happen to this function at all. */
  readonly happensTo: (functionName: string) => boolean;
  /** The lines for the faulty module when it is to happen at the call of this number. */
  readonly script: (call: number) => readonly string[];
  /** The call never returns. */
  readonly hangs?: true;
}

const any = () => true;
const among =
  (...names: readonly string[]) =>
  (functionName: string) =>
    names.includes(functionName);

/** Functions that give a length or a number back. */
const counting = among(
  'C_GetSlotList',
  'C_GetMechanismList',
  'C_GetAttributeValue',
  'C_FindObjects',
  'C_Sign',
);
/** Functions that change something, on the token or in the session. */
const changing = among(
  'C_OpenSession',
  'C_Login',
  'C_GenerateKeyPair',
  'C_CreateObject',
  'C_DestroyObject',
  'C_SetAttributeValue',
);
const tokenInfo = among('C_GetTokenInfo');

/** A fault of one line for the faulty module. */
const line = (name: string, happensTo: Fault['happensTo'], action: string): Fault => ({
  name,
  happensTo,
  script: (call) => [`#${call} ${action}`],
});

/** Every fault of docs/faults.md, in the order of its columns; `slow` is tried at all calls of one run. */
export const faults: readonly Fault[] = [
  { ...line('hang', any, 'hang'), hangs: true },
  line('crash', any, 'crash'),
  { name: 'pulled', happensTo: any, script: (call) => [`* pulled ${call}`] },
  line('device error', any, 'fail 0x30'),
  line('session invalid', any, 'fail 0xB3'),
  line('memory full', any, 'fail 0x31'),
  line('done, then error', changing, 'late 0x30'),
  line('length too long', counting, 'longer'),
  line('length too short', counting, 'shorter'),
  line('PIN low', tokenInfo, 'flags 0x10000'),
  line('PIN final', tokenInfo, 'flags 0x20000'),
  line('PIN locked', tokenInfo, 'flags 0x40000'),
];

/** Milliseconds every call of one run takes longer, and how that is told to the faulty module. */
export const slowness = { name: 'slow', script: ['* slow 5'] } as const;
