import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { ecdsaOnDigest, rsaOnBlock } from './raw-signature.ts';
import { readTlv, tlv } from './tlv.ts';

/** The keys of a PIV card the station may use (NIST SP 800-73-4 part 1, table 4b). */
export type PivSlot = '9a' | '9c';

/** An EC P-256 or RSA-2048 private key and its certificate (DER). */
export interface PivCredential {
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
}

interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Buffer;
  /** Octets of answer the reader takes at once. */
  readonly le: number;
}

interface Answer {
  readonly sw: number;
  readonly data?: Buffer;
}

const applicationId = Buffer.from('a00000030800001000', 'hex');
const certificateObjects: Readonly<Record<PivSlot, string>> = { '9a': '5fc105', '9c': '5fc10a' };
const mostTries = 3;
const pinReference = 0x80;

const ok: Answer = { sw: 0x9000 };
const notFound: Answer = { sw: 0x6a82 };
const notAllowed: Answer = { sw: 0x6982 };
const wrongData: Answer = { sw: 0x6a80 };
const blocked: Answer = { sw: 0x6983 };

/**
 * A PIV card without a chip (NIST SP 800-73-4): answers command APDUs. It counts what a station must be careful with;
 * what a holder would look at stays on it when it is pulled and inserted again.
 */
export class PivCard {
  /** VERIFY commands that carried a PIN. */
  pinsReceived = 0;
  /** PINs left to try. */
  triesLeft = mostTries;
  pukTriesLeft = mostTries;
  /** Signatures made, by key. */
  readonly signatures: Record<PivSlot, number> = { '9a': 0, '9c': 0 };
  /** Called when a signature is asked for, before it is made. */
  beforeSignature: () => void = () => undefined;
  #pin: string;
  readonly #puk: string;
  readonly #credentials: Partial<Record<PivSlot, PivCredential>>;
  readonly #objects: Map<string, Buffer>;
  #verified = false;
  /** A PIN was given since the last signature with the key that wants it each time. */
  #fresh = false;
  #rest = Buffer.alloc(0);
  #chained = Buffer.alloc(0);

  constructor(options: {
    readonly pin: string;
    readonly puk: string;
    readonly credentials: Partial<Record<PivSlot, PivCredential>>;
  }) {
    this.#pin = options.pin;
    this.#puk = options.puk;
    this.#credentials = options.credentials;
    this.#objects = dataObjects(options.credentials);
  }

  /** Loses what a card loses without power. */
  reset(): void {
    this.#verified = false;
    this.#fresh = false;
    this.#rest = Buffer.alloc(0);
    this.#chained = Buffer.alloc(0);
  }

  /** Answers a command APDU with a response APDU (ISO/IEC 7816-4 §5.1). */
  transmit(apdu: Buffer): Buffer {
    const command = readCommand(apdu);
    if ((command.cla & 0x10) !== 0) {
      this.#chained = Buffer.concat([this.#chained, command.data]);
      return Buffer.of(0x90, 0x00);
    }
    const data = Buffer.concat([this.#chained, command.data]);
    this.#chained = Buffer.alloc(0);
    if (command.ins === 0xc0) return this.#part(command.le);
    const answer = this.#answer({ ...command, data });
    this.#rest = Buffer.from(answer.data ?? []);
    return this.#rest.length > 0 ? this.#part(command.le) : Buffer.of(...octets(answer.sw));
  }

  /** As much of the answer as the reader takes; 61xx says that more is there. */
  #part(le: number): Buffer {
    const part = this.#rest.subarray(0, le);
    this.#rest = this.#rest.subarray(le);
    const left = Math.min(this.#rest.length, 0xff);
    return Buffer.concat([
      part,
      this.#rest.length > 0 ? Buffer.of(0x61, left) : Buffer.of(0x90, 0),
    ]);
  }

  #answer(command: Command): Answer {
    switch (command.ins) {
      case 0xa4:
        return this.#select(command);
      case 0xcb:
        return this.#getData(command);
      case 0x20:
        return this.#verify(command);
      case 0x24:
        return this.#changePin(command);
      case 0x2c:
        return this.#resetTries(command);
      case 0x87:
        return this.#authenticate(command);
      default:
        return { sw: 0x6d00 };
    }
  }

  #select({ p1, data }: Command): Answer {
    const named = data.subarray(0, applicationId.length);
    const ours = p1 === 0x04 && named.equals(applicationId.subarray(0, Math.max(5, named.length)));
    if (!ours) return notFound;
    this.#verified = false;
    return {
      ...ok,
      data: tlv('61', tlv('4f', '000010000100'), tlv('79', tlv('4f', 'a000000308'))),
    };
  }

  #getData({ data }: Command): Answer {
    const object = this.#objects.get(readTlv(data).get(0x5c)?.toString('hex') ?? '');
    return object === undefined ? notFound : { ...ok, data: object };
  }

  #verify({ p1, p2, data }: Command): Answer {
    if (p2 !== pinReference) return { sw: 0x6a88 };
    if (p1 === 0xff) {
      this.#verified = false;
      return ok;
    }
    if (data.length === 0) return this.#verified ? ok : tries(this.triesLeft);
    this.pinsReceived += 1;
    return this.#tryPin(data);
  }

  #tryPin(given: Buffer): Answer {
    this.#verified = false;
    this.#fresh = false;
    if (this.triesLeft === 0) return blocked;
    if (!given.equals(padded(this.#pin))) {
      this.triesLeft -= 1;
      return tries(this.triesLeft);
    }
    this.triesLeft = mostTries;
    this.#verified = true;
    this.#fresh = true;
    return ok;
  }

  #changePin({ p2, data }: Command): Answer {
    if (p2 !== pinReference || data.length !== 16) return wrongData;
    this.pinsReceived += 1;
    const answer = this.#tryPin(data.subarray(0, 8));
    if (answer.sw === ok.sw) this.#pin = unpadded(data.subarray(8));
    return answer;
  }

  #resetTries({ p2, data }: Command): Answer {
    if (p2 !== pinReference || data.length !== 16) return wrongData;
    if (this.pukTriesLeft === 0) return blocked;
    if (!data.subarray(0, 8).equals(padded(this.#puk))) {
      this.pukTriesLeft -= 1;
      return tries(this.pukTriesLeft);
    }
    this.pukTriesLeft = mostTries;
    this.triesLeft = mostTries;
    this.#pin = unpadded(data.subarray(8));
    return ok;
  }

  /** GENERAL AUTHENTICATE as a signature: the challenge is the padded block or the digest. */
  #authenticate({ p1, p2, data }: Command): Answer {
    const slot: PivSlot | null = p2 === 0x9a ? '9a' : p2 === 0x9c ? '9c' : null;
    const credential = slot === null ? undefined : this.#credentials[slot];
    if (slot === null || credential === undefined) return { sw: 0x6a88 };
    if (!this.#verified || (slot === '9c' && !this.#fresh)) return notAllowed;
    this.#fresh = false;
    const challenge = readTlv(readTlv(data).get(0x7c) ?? Buffer.alloc(0)).get(0x81);
    const type = credential.key.asymmetricKeyType;
    if (challenge === undefined || p1 !== (type === 'rsa' ? 0x07 : 0x11)) return wrongData;
    this.beforeSignature();
    this.signatures[slot] += 1;
    const made = type === 'rsa' ? rsaOnBlock : ecdsaOnDigest;
    return { ...ok, data: tlv('7c', tlv('82', made(credential.key, challenge))) };
  }
}

/** What GET DATA finds, by tag in hex (SP 800-73-4 part 1, appendix A). */
function dataObjects(credentials: Partial<Record<PivSlot, PivCredential>>): Map<string, Buffer> {
  const none = ['f3', 'f6', 'f7', 'fa', 'fb', 'fc', 'fd', 'fe'].map((tag) => tlv(tag));
  const capabilities = tlv(
    '53',
    tlv('f0', 'a000000116ff02', randomBytes(14)),
    ...[tlv('f1', '21'), tlv('f2', '21'), tlv('f4', '00'), tlv('f5', '10'), ...none],
  );
  const holder = tlv(
    '53',
    tlv('30', 'd4e739da739ced39ce739d836858210842108421c84210c3eb'),
    ...[tlv('34', randomBytes(16)), tlv('35', '3230353030313031'), tlv('3e'), tlv('fe')],
  );
  const discovery = tlv('7e', tlv('4f', 'a000000308000010000100'), tlv('5f2f', '4000'));
  const objects = new Map([
    ['5fc107', capabilities],
    ['5fc102', holder],
    ['7e', discovery],
  ]);
  for (const [slot, { certificate }] of Object.entries(credentials)) {
    const tag = slot === '9a' ? certificateObjects['9a'] : certificateObjects['9c'];
    objects.set(tag, tlv('53', tlv('70', certificate), tlv('71', '00'), tlv('fe')));
  }
  return objects;
}

/** Cases 1 to 4, short and extended (ISO/IEC 7816-4 §5.1). */
function readCommand(apdu: Buffer): Command {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, first] = apdu;
  const header = { cla, ins, p1, p2 };
  const none = { ...header, data: Buffer.alloc(0), le: 256 };
  if (first === undefined) return none;
  if (apdu.length === 5) return { ...none, le: first || 256 };
  if (first === 0) {
    const size = apdu.readUInt16BE(5);
    return { ...header, data: apdu.subarray(7, 7 + size), le: 65_536 };
  }
  const rest = apdu.subarray(5 + first);
  return { ...header, data: apdu.subarray(5, 5 + first), le: rest[0] || 256 };
}

const tries = (left: number): Answer => (left === 0 ? blocked : { sw: 0x63c0 | left });
const octets = (sw: number) => [sw >> 8, sw & 0xff] as const;
const padded = (pin: string) => Buffer.concat([Buffer.from(pin), Buffer.alloc(8, 0xff)], 8);
const unpadded = (pin: Buffer) => pin.toString('latin1').replace(/\xff+$/, '');
