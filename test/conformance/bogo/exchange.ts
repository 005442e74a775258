import { groupCodes } from '../../../electron/tls/token/key-exchange.ts';
import { schemeCode } from '../../../electron/tls/token/signature-schemes.ts';
import type { TlsClient } from '../../../electron/tls/token/tls-client.ts';
import { certificatesIn } from './client-options.ts';
import type { Flags } from './flags.ts';

/** What was negotiated is not what the case wants. */
export class UnexpectedFacts extends Error {}

/**
 * One connection as BoringSSL's shim behaves (ssl/test/bssl_shim.cc): handshake, checks, then every byte that comes is
 * sent back inverted, until the runner closes.
 * @throws UnexpectedFacts, and what the client throws
 */
export async function exchange(client: TlsClient, flags: Flags): Promise<void> {
  await client.handshake();
  checkFacts(client, flags);
  await writeBindings(client, flags);
  if (flags.has('-shim-writes-first')) await write(client, Buffer.from('hello'));
  if (!flags.has('-shim-shuts-down')) {
    const orderly = await echo(client);
    if (flags.has('-check-close-notify') && !orderly) throw new UnexpectedFacts('no close_notify');
  }
  client.close();
  if (flags.has('-shim-shuts-down') && flags.has('-check-close-notify')) {
    const rest = await client.read();
    if (rest !== null) throw new UnexpectedFacts('data came instead of close_notify');
  }
}

/** @returns whether the end came by close_notify */
async function echo(client: TlsClient): Promise<boolean> {
  for (;;) {
    const bytes = await client.read();
    if (bytes === null) return true;
    await write(
      client,
      bytes.map((byte) => byte ^ 0xff),
    );
  }
}

function write(client: TlsClient, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    client.write(Buffer.from(bytes), resolve);
  });
}

async function writeBindings(client: TlsClient, flags: Flags): Promise<void> {
  const { tlsUnique, exportKeyingMaterial } = client.established;
  const length = flags.number('-export-keying-material') ?? 0;
  if (length > 0) {
    const label = flags.text('-export-label') ?? '';
    // TLS 1.3 knows no difference between no context and an empty one (RFC 8446 §7.5).
    const context = Buffer.from(flags.text('-export-context') ?? '', 'latin1');
    await write(client, exportKeyingMaterial(label, context, length));
  }
  if (flags.has('-tls-unique')) {
    if (tlsUnique === null) throw new UnexpectedFacts('no tls-unique');
    await write(client, tlsUnique);
  }
}

function checkFacts(client: TlsClient, flags: Flags): void {
  const { version, group, applicationProtocol, serverChain, serverScheme, extendedMasterSecret } =
    client.established.negotiated;
  expectSame(flags.number('-expect-version'), version === 'TLSv1.3' ? 0x0304 : 0x0303, 'version');
  expectSame(flags.number('-expect-curve-id'), groupCodes[group], 'group');
  expectSame(flags.number('-expect-peer-signature-algorithm'), schemeCode(serverScheme), 'scheme');
  expectSame(flags.number('-expect-total-renegotiations'), 0, 'renegotiations');
  expectSame(flags.text('-expect-alpn') ?? '', applicationProtocol ?? '', 'protocol');
  if (flags.has('-expect-extended-master-secret')) {
    expectSame(true, extendedMasterSecret, 'extended master secret');
  }
  const file = flags.text('-expect-peer-cert-file');
  if (file !== null) {
    const hex = (chain: readonly Buffer[]) => chain.map((der) => der.toString('hex')).join();
    expectSame(hex(certificatesIn(file)), hex(serverChain), 'chain');
  }
}

function expectSame<T>(wanted: T | null, found: T, what: string): void {
  if (wanted !== null && wanted !== found) {
    throw new UnexpectedFacts(`${what}: wanted ${String(wanted)}, got ${String(found)}`);
  }
}
