import { createPublicKey } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import type { DeliveredKeyData } from '../est/exchange.ts';
import { type DecryptionKey, openEnvelopedData } from '../pki/enveloped-data.ts';
import {
  type DecryptionWish,
  decryptionAttributes,
  isAesKeyLength,
} from '../pki/key-delivery-attributes.ts';
import { type DeliveredKey, readPrivateKey } from '../pki/private-key-info.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import type { RequestAttribute } from '../pki/request.ts';
import { type SignerQuestion, verifiedKeyOf } from '../pki/signed-key-package.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { StationPorts } from './ports.ts';

/** How a key the server generates is asked for, and opened when it comes. */
export interface KeyDelivery {
  /** Attributes of the request that ask for encryption; none when TLS is to be enough. */
  readonly attributes: readonly RequestAttribute[];
  /**
   * Reads the key; the octets given stay the caller's to zero.
   * @throws StationError KEY-01, KEY-03, KEY-05, KEY-06, KEY-07
   */
  open(key: DeliveredKeyData, signer: SignerQuestion): DeliveredKey;
  /** Zeroes what it holds of secrets. */
  forget(): void;
}

/**
 * The delivery the profile asks for, with its decryption key ready before anything is asked of the server.
 * @throws StationError KEYSTORE-01, PIN-07, TOKEN-09, SECRET-01, USAGE-01
 */
export async function keyDelivery(
  ports: StationPorts,
  { serverKeyGeneration }: Profile,
  secrets: HeldSecrets,
): Promise<KeyDelivery> {
  switch (serverKeyGeneration.encryption) {
    case 'none':
      return clearDelivery;
    case 'asymmetric':
      return encrypted(await privateDecryption(ports, serverKeyGeneration, secrets));
    case 'symmetric':
      return encrypted(await secretDecryption(serverKeyGeneration, secrets));
  }
}

const clearDelivery: KeyDelivery = {
  attributes: [],
  open: ({ form, der }) => {
    if (form === 'clear') return readPrivateKey(der);
    throw new StationError('KEY-05', { detail: 'the profile names no decryption key' });
  },
  forget: () => undefined,
};

interface Decryption {
  readonly wish: DecryptionWish;
  readonly key: DecryptionKey;
}

function encrypted({ wish, key }: Decryption): KeyDelivery {
  return {
    attributes: decryptionAttributes(wish),
    open: ({ form, der }, signer) => {
      if (form === 'clear') throw new StationError('KEY-03');
      const opened = openEnvelopedData(der, key);
      try {
        return readAndZero(verifiedKeyOf(opened, signer));
      } finally {
        opened.content.fill(0);
      }
    },
    forget: () => {
      if (key.kind === 'secret') key.key.fill(0);
    },
  };
}

function readAndZero(pkcs8: Buffer): DeliveredKey {
  try {
    return readPrivateKey(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

type Section = Profile['serverKeyGeneration'];

async function privateDecryption(
  ports: StationPorts,
  { keystore, alias }: Section,
  secrets: HeldSecrets,
): Promise<Decryption> {
  const path = keystore?.path ?? '';
  const passphrase = await secrets.borrow('decryption-key-passphrase', path);
  const opened = await ports.openSoftwareKeystore({ path, passphrase, create: false });
  try {
    const key = opened.privateKey(alias);
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const identifier = Buffer.from(keyIdentifier(spki), 'hex');
    const family = key.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC';
    const certificate = opened.certificateChain(alias)[0] ?? null;
    return {
      wish: { kind: 'asymmetric', identifier, family },
      key: { kind: 'private', key, certificate },
    };
  } finally {
    await opened.close();
  }
}

async function secretDecryption(
  { keyEncryptionKeyId }: Section,
  secrets: HeldSecrets,
): Promise<Decryption> {
  const identifier = Buffer.from(keyEncryptionKeyId ?? '', 'hex');
  const text = Buffer.from(await secrets.borrow('key-encryption-key', keyEncryptionKeyId ?? ''));
  const key = fromHex(text);
  text.fill(0);
  const keyLength = key?.length ?? 0;
  if (key === null || !isAesKeyLength(keyLength)) {
    const detail = 'The key encryption key must be 32, 48 or 64 hexadecimal digits.';
    throw new StationError('USAGE-01', { detail });
  }
  return {
    wish: { kind: 'symmetric', identifier, keyLength },
    key: { kind: 'secret', key, identifier },
  };
}

/** The octets of hexadecimal digits, without a text of them, which could not be zeroed; null for anything else. */
function fromHex(digits: Buffer): Buffer | null {
  if (digits.length % 2 !== 0) return null;
  const octets = Buffer.alloc(digits.length / 2);
  for (const [index, digit] of digits.entries()) {
    const value = hexDigit(digit);
    if (value === null) return null;
    const at = index >> 1;
    octets.writeUInt8((octets.readUInt8(at) << 4) | value, at);
  }
  return octets;
}

function hexDigit(octet: number): number | null {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : null;
}
