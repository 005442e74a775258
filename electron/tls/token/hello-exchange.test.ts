import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { groups } from '../../../test/tls-server/key-exchange.ts';
import {
  type ClientHello,
  clientShares,
  type Extension,
  extension,
  extensionTypes,
  keyShareExtension,
  message,
  readClientHello,
  retryRandom,
  type ServerHello,
  serverHello,
} from '../../../test/tls-server/messages.ts';
import { signatureSchemes } from '../connector.ts';
import { Channel } from './channel.ts';
import { alerts } from './failure.ts';
import { exchangeHellos } from './hello-exchange.ts';
import { RecordLayer } from './record-layer.ts';
import { contentTypes, recordHeader } from './record-protection.ts';

const chosen = extension(extensionTypes.supportedVersions, Buffer.from('0304', 'hex'));
const group = (code: number) => extension(extensionTypes.keyShare, uint16(code));
const cookie = extension(extensionTypes.cookie, Buffer.from('0003010203', 'hex'));

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

/** A server's answer to a ClientHello: one or more messages. */
type Reply = (client: ClientHello) => Buffer;

const answer =
  (change: Partial<ServerHello> = {}): Reply =>
  ({ sessionId, ...client }) => {
    const [share] = clientShares({ sessionId, ...client });
    const extensions = [chosen, keyShareExtension(share?.[0] ?? 0, share?.[1] ?? Buffer.alloc(0))];
    const hello = { version: 0x0303, random: Buffer.alloc(32, 5), sessionId, suite: 0x1301 };
    return serverHello({ ...hello, compression: 0, extensions, ...change });
  };

const retry = (...extensions: Extension[]): Reply =>
  answer({ random: retryRandom, extensions: [chosen, ...extensions] });

/** Lets a client say hello to a server with these replies; all it says stands in `hellos`. */
async function talk(...replies: readonly Reply[]) {
  const wire = new PassThrough();
  const hellos: { readonly version: number; readonly bytes: Buffer }[] = [];
  let turn = 0;
  const hear = (sent: Buffer) => {
    for (let at = 0; at < sent.length; at += 5 + sent.readUInt16BE(at + 3)) {
      if (sent[at] !== contentTypes.handshake) continue;
      const bytes = sent.subarray(at + 5, at + 5 + sent.readUInt16BE(at + 3));
      hellos.push({ version: sent.readUInt16BE(at + 1), bytes });
      const reply = replies[turn++]?.(readClientHello(bytes));
      if (reply === undefined) wire.end();
      else
        wire.write(
          Buffer.concat([recordHeader(contentTypes.handshake, 0x0303, reply.length), reply]),
        );
    }
  };
  const records = new RecordLayer(wire.iterator({ destroyOnReturn: false }), hear);
  const handshake = await exchangeHellos(
    {
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      serverName: 'est.example',
      applicationProtocols: ['http/1.1'],
      groups: ['x25519', 'secp256r1'],
      schemes: signatureSchemes,
      requireExtendedMasterSecret: false,
      credential: null,
      judge: () => undefined,
    },
    records,
    new Channel(records),
  );
  return { handshake, hellos };
}

describe('the hellos', () => {
  it('agree at once when the bet on a group was right', async () => {
    const { handshake, hellos } = await talk(answer());
    expect(handshake).toMatchObject({ retried: false, server: { version: 'TLSv1.3' } });
    expect(hellos.map(({ version }) => version)).toEqual([0x0301]);
    expect(handshake.transcript.bytes().subarray(0, hellos[0]?.bytes.length)).toEqual(
      hellos[0]?.bytes,
    );
  });

  it('are said again with another key and the cookie, and nothing else changed', async () => {
    const { handshake, hellos } = await talk(retry(group(groups.p256), cookie), answer());
    const [first, second] = hellos.map(({ bytes }) => readClientHello(bytes));
    if (first === undefined || second === undefined) throw new Error('no second hello');
    expect(handshake.retried).toBe(true);
    expect([...clientShares(second).keys()]).toEqual([groups.p256]);
    expect(second.extensions.get(extensionTypes.cookie)).toEqual(cookie.data);
    const rest = ({ extensions, ...fields }: ClientHello) => {
      const kept = [...extensions].filter(
        ([type]) => type !== extensionTypes.keyShare && type !== extensionTypes.cookie,
      );
      return { ...fields, kept };
    };
    expect(rest(second)).toEqual(rest(first));
    // RFC 8446 §4.4.1: the first ClientHello stands there as its hash.
    const transcript = handshake.transcript.bytes();
    expect(transcript.subarray(0, 4).toString('hex')).toBe('fe000020');
    expect(transcript[36]).toBe(2);
  });

  it('keep their key when only a cookie was asked for', async () => {
    const { hellos } = await talk(retry(cookie), answer());
    const shares = hellos.map(({ bytes }) => [...clientShares(readClientHello(bytes))]);
    expect(shares[1]).toEqual(shares[0]);
  });

  it('never use a key twice', async () => {
    const seen = new Set<string>();
    for (let count = 0; count < 3; count++) {
      const { hellos } = await talk(retry(group(groups.p256)), answer());
      for (const { bytes } of hellos) {
        for (const share of clientShares(readClientHello(bytes)).values()) {
          seen.add(share.toString('hex'));
        }
      }
    }
    expect(seen.size).toBe(6);
  });

  it.each<[string, keyof typeof alerts, readonly Reply[]]>([
    [
      'two retries',
      'unexpectedMessage',
      [retry(group(groups.p256)), retry(group(groups.x25519), cookie)],
    ],
    ['a retry of nothing', 'illegalParameter', [retry()]],
    ['a retry with the group it has', 'illegalParameter', [retry(group(groups.x25519))]],
    ['a retry with a group not offered', 'illegalParameter', [retry(group(groups.p384))]],
    ['an empty cookie', 'decodeError', [retry(extension(extensionTypes.cookie, uint16(0)))]],
    ['a retry that says more', 'unsupportedExtension', [retry(cookie, extension(42))]],
    ['another suite after a retry', 'illegalParameter', [retry(cookie), answer({ suite: 0x1302 })]],
    [
      'TLS 1.2 after a retry',
      'illegalParameter',
      [retry(cookie), answer({ sessionId: Buffer.alloc(0), suite: 0xc02b, extensions: [] })],
    ],
    ['another session number', 'illegalParameter', [answer({ sessionId: Buffer.alloc(32, 9) })]],
    ['another message', 'unexpectedMessage', [() => message('Finished', Buffer.alloc(12))]],
    [
      'a message in one record with its retry',
      'unexpectedMessage',
      [(client) => Buffer.concat([retry(cookie)(client), answer()(client)])],
    ],
  ])('end with an alert at %s', async (_what, name, replies) => {
    await expect(talk(...replies)).rejects.toMatchObject({ alert: alerts[name] });
  });
});
