import { StationError } from '../../shared/errors/station-error.ts';
import type { CliContext, CliPurpose } from './context.ts';
import { typedSecret } from './terminal.ts';

/** Where each secret comes from when nobody is asked, and what it is called. Never argv: other users can read it. */
const sources: Readonly<Record<CliPurpose, { variable: string; name: string }>> = {
  'token-pin': { variable: 'EST_STATION_PIN', name: 'PIN' },
  'so-pin': { variable: 'EST_STATION_SO_PIN', name: 'SO PIN' },
  'new-pin': { variable: 'EST_STATION_NEW_PIN', name: 'new PIN' },
  'new-so-pin': { variable: 'EST_STATION_NEW_SO_PIN', name: 'new SO PIN' },
  'file-password': { variable: 'EST_STATION_FILE_PASSWORD', name: 'password of the key file' },
  'new-file-password': { variable: 'EST_STATION_FILE_PASSWORD', name: 'password for the key file' },
  'http-password': { variable: 'EST_STATION_PASSWORD', name: 'HTTP password' },
  'proxy-password': { variable: 'EST_STATION_PROXY_PASSWORD', name: 'proxy password' },
  'tls-token-pin': {
    variable: 'EST_STATION_TLS_PIN',
    name: 'PIN of the token with the TLS key',
  },
  'tls-key-passphrase': { variable: 'EST_STATION_TLS_PIN', name: 'TLS key passphrase' },
  'decryption-key-passphrase': {
    variable: 'EST_STATION_DECRYPT_PIN',
    name: 'decryption key passphrase',
  },
  'key-encryption-key': { variable: 'EST_STATION_KEK', name: 'key encryption key' },
  'keystore-passphrase': { variable: 'EST_STATION_PIN', name: 'keystore passphrase' },
};

const longestSecret = 1024;

/** Secrets from the environment, else from a hidden prompt at a terminal. */
export function promptedSecrets(
  env: NodeJS.ProcessEnv,
  interactive: boolean,
  askLine: CliContext['askLine'],
  signal: AbortSignal,
): CliContext['secrets'] {
  const typed = (message: string) => typedSecret(message, signal);

  async function ask(purpose: CliPurpose, about: string, again: boolean): Promise<Uint8Array> {
    const { variable, name } = sources[purpose];
    const given = env[variable];
    if (given !== undefined) return encode(given, name);
    if (!interactive) throw new StationError('SECRET-01', { secret: name, variable });
    const first = await typed(`${name} for ${about}:`);
    if (again && (await typed(`${name} again:`)) !== first) {
      throw new StationError('USAGE-01', { detail: `The two entries of the ${name} differ.` });
    }
    return encode(first, name);
  }

  return {
    ask: (purpose, about) => ask(purpose, about, false),
    askNew: (purpose, about) => ask(purpose, about, true),
    confirmFinalTry: async (token) => {
      if (env.EST_STATION_FINAL_TRY === token) return true;
      if (!interactive) return false;
      return (await askLine(`One PIN try is left. Type ${token} to go on: `)).trim() === token;
    },
  };
}

function encode(secret: string, name: string): Uint8Array {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length > longestSecret) {
    bytes.fill(0);
    throw new StationError('USAGE-01', {
      detail: `The ${name} is longer than ${longestSecret} bytes.`,
    });
  }
  return bytes;
}
