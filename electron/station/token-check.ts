import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { demandFit } from './keystore-steps.ts';
import { namedToken } from './named-token.ts';
import type { TokenPort } from './ports.ts';

/** A profile's token before anything is done with it. */
export interface TokenCheck {
  readonly token: TokenInfo;
  /** Why an enrollment with a new key would not succeed on it; empty when nothing is in its way. */
  readonly findings: readonly StationError[];
}

/**
 * Says beforehand whether the profile's token can do what the profile asks; no PIN is needed or sent.
 * @throws StationError TOKEN-01, 02, 10, MODULE-…, USAGE-01 for a profile whose keystore is no token.
 */
export async function checkToken(
  tokens: TokenPort,
  { keystore, request }: Profile,
): Promise<TokenCheck> {
  if (keystore.kind !== 'pkcs11') {
    const detail = 'The keystore of this profile is no token.';
    throw new StationError('USAGE-01', { detail });
  }
  const token = await namedToken(tokens, keystore);
  const findings = [
    ...(token.initialised ? pinTrouble(token) : [new StationError('TOKEN-04', naming(token))]),
    ...unfit(token, request),
  ];
  return { token, findings };
}

function pinTrouble({ pinState }: TokenInfo): StationError[] {
  if (pinState === 'locked') return [new StationError('PIN-02')];
  return pinState === 'not-set' ? [new StationError('PIN-05')] : [];
}

function unfit(token: TokenInfo, request: Profile['request']): StationError[] {
  try {
    demandFit(token, { ...request, newKey: true });
    return [];
  } catch (error) {
    return [StationError.from(error)];
  }
}

function naming({ label, serial }: TokenInfo): { token: string } {
  return { token: `${label} (${serial})` };
}
