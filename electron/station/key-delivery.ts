import { StationError } from '../../shared/errors/station-error.ts';
import type { DeliveredKeyData } from '../est/exchange.ts';
import { type DeliveredKey, readPrivateKey } from '../pki/private-key-info.ts';
import type { RequestAttribute } from '../pki/request.ts';
import type { EnrollmentTask } from './enrollment.ts';

/** What vouches for the signer of an encrypted key, DER. */
interface Vouchers {
  readonly anchors: readonly Buffer[];
  readonly certificates: readonly Buffer[];
}

/** How a key the server generates is asked for, and opened when it comes. */
export interface KeyDelivery {
  /** Attributes of the request that ask for encryption; none when TLS is to be enough. */
  readonly attributes: readonly RequestAttribute[];
  /** @throws StationError KEY-01, KEY-03, KEY-05, KEY-06, KEY-07 */
  open(key: DeliveredKeyData, vouchers: Vouchers): Promise<DeliveredKey>;
  /** Zeroes the secrets. */
  forget(): void;
}

/** The delivery the profile asks for. */
export async function keyDelivery({ profile }: EnrollmentTask): Promise<KeyDelivery> {
  const { encryption } = profile.serverKeyGeneration;
  return {
    attributes: [],
    open: async ({ form, der }) => {
      if (form === 'clear' && encryption !== 'none') throw new StationError('KEY-03');
      return readPrivateKey(der);
    },
    forget: () => undefined,
  };
}
