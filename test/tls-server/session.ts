import type { Socket } from 'node:net';
import { type Action, type Conduct, honestly, type Outgoing } from './conduct.ts';
import { contentTypes, noProtection, type Protection, record } from './protection.ts';

/** An alert as the server received it; null for a protected record it could not read. */
export interface SeenAlert {
  readonly level: number;
  readonly description: number;
}

/** What arrived from the client. */
export type Incoming =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  | { readonly kind: 'changeCipherSpec' }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  /** A record that does not check. */
  | { readonly kind: 'unreadable'; readonly type: number }
  /** The client is gone, or has said why it goes. */
  | { readonly kind: 'end' };

/** What the server got to know of its client. */
export interface SessionLog {
  readonly alerts: SeenAlert[];
  /** Records that could not be read, such as an alert under keys the server does not have. */
  unreadable: number;
  readonly certificates: Buffer[];
  /** The server is content with the client's Finished. */
  complete: boolean;
  data: Buffer;
  /** Why the server stopped by itself. */
  stopped: unknown;
}

const largestRecord = 16_384;
const headerOctets = 5;
const messageHeaderOctets = 4;

/** One connection of the server: its records, its transcript and what its conduct makes of them. */
export class Session {
  readonly conduct: Conduct;
  readonly log: SessionLog = {
    alerts: [],
    unreadable: 0,
    certificates: [],
    complete: false,
    data: Buffer.alloc(0),
    stopped: null,
  };
  read: Protection = noProtection;
  write: Protection = noProtection;
  transcript: Buffer = Buffer.alloc(0);
  /** Takes the next keys for what the server sends (TLS 1.3). */
  changeKeys: () => void = () => undefined;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #messages: Buffer = Buffer.alloc(0);
  #outbox: Buffer[] = [];
  #over = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, conduct: Conduct) {
    this.#socket = socket;
    this.conduct = conduct;
    // What the client sends is taken at once: an alert must not be lost to a reset behind it.
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const ended = (): void => {
      this.#over = true;
      this.#wake();
    };
    socket.on('end', ended).on('close', ended);
  }

  /** Does what the conduct makes of a message that is due. */
  send(outgoing: Outgoing): void {
    const before = this.transcript;
    const actions = this.conduct.outgoing?.(outgoing, this) ?? [honestly(outgoing)];
    for (const action of actions) this.perform(action);
    if (this.conduct.transcript === 'honest' && outgoing.name !== 'ChangeCipherSpec') {
      this.transcript = Buffer.concat([before, outgoing.bytes]);
    }
  }

  perform(action: Action): void {
    switch (action.kind) {
      case 'message': {
        const size = action.recordSize ?? largestRecord;
        this.transcript = Buffer.concat([this.transcript, action.bytes]);
        for (let at = 0; at < action.bytes.length; at += size) {
          this.#record(contentTypes.handshake, action.bytes.subarray(at, at + size));
        }
        return;
      }
      case 'record':
        this.#record(action.type, action.bytes);
        return;
      case 'raw':
        this.#outbox.push(action.bytes);
        return;
      case 'end':
        this.flush();
        this.#socket.end();
        return;
      case 'reset':
        this.flush();
        this.#socket.resetAndDestroy();
    }
  }

  #record(type: number, bytes: Buffer): void {
    // In TLS 1.3 change_cipher_spec is never protected (RFC 8446 §5).
    const plain = type === contentTypes.changeCipherSpec && this.conduct.version === 'TLSv1.3';
    const whole = plain ? record(type, bytes) : this.write.seal({ type, bytes });
    this.#outbox.push(...(this.conduct.wire?.(whole) ?? [whole]));
  }

  /** Writes what has gathered, in one piece. */
  flush(): void {
    const bytes = Buffer.concat(this.#outbox);
    this.#outbox = [];
    if (bytes.length > 0 && this.#socket.writable) this.#socket.write(bytes);
    if (this.conduct.cutOff?.() === true) this.#socket.end();
  }

  /** Waits until the client has taken what was written, or is gone. @returns whether it is there. */
  async drained(): Promise<boolean> {
    this.flush();
    if (!this.#socket.writable) return false;
    return await new Promise((resolve) => {
      const settle = (): void => {
        this.#socket.off('close', settle).off('error', settle);
        resolve(this.#socket.writable);
      };
      this.#socket.once('close', settle).once('error', settle);
      this.#socket.write('', settle);
    });
  }

  /** The next thing the client sends; what gathered is written first. */
  async receive(): Promise<Incoming> {
    this.flush();
    for (;;) {
      const message = this.#takeMessage();
      if (message !== null) return { kind: 'message', bytes: message };
      const whole = await this.#nextRecord();
      if (whole === null) return { kind: 'end' };
      const incoming = this.#interpret(whole);
      if (incoming !== null) return incoming;
    }
  }

  #interpret(whole: Buffer): Incoming | null {
    const outer = whole[0] ?? 0;
    const isTls13 = this.conduct.version === 'TLSv1.3';
    if (outer === contentTypes.changeCipherSpec && (isTls13 || this.read === noProtection)) {
      return { kind: 'changeCipherSpec' };
    }
    try {
      const isPlain = isTls13 && outer !== contentTypes.data;
      const { type, bytes } = (isPlain ? noProtection : this.read).open(whole);
      if (type === contentTypes.handshake) {
        this.#messages = Buffer.concat([this.#messages, bytes]);
        return null;
      }
      if (type === contentTypes.data) return { kind: 'data', bytes };
      if (type !== contentTypes.alert) return { kind: 'unreadable', type };
      return this.#alert(bytes);
    } catch {
      this.log.unreadable += 1;
      return { kind: 'unreadable', type: outer };
    }
  }

  #alert(bytes: Buffer): Incoming | null {
    const [level = 0, description = 0] = bytes;
    this.log.alerts.push({ level, description });
    return level === 1 && description !== 0 && description !== 90 ? null : { kind: 'end' };
  }

  #takeMessage(): Buffer | null {
    if (this.#messages.length < messageHeaderOctets) return null;
    const size = messageHeaderOctets + this.#messages.readUIntBE(1, 3);
    if (this.#messages.length < size) return null;
    const message = this.#messages.subarray(0, size);
    this.#messages = this.#messages.subarray(size);
    return message;
  }

  async #nextRecord(): Promise<Buffer | null> {
    for (;;) {
      if (this.#received.length >= headerOctets) {
        const size = headerOctets + this.#received.readUInt16BE(3);
        if (this.#received.length >= size) {
          const whole = this.#received.subarray(0, size);
          this.#received = this.#received.subarray(size);
          return whole;
        }
      }
      if (this.#over) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
