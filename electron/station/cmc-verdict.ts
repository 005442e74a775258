import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { longestWaitSeconds } from '../est/retry-after.ts';
import {
  type FullResponse,
  type ResponseDemands,
  readFullResponse,
} from '../pki/cmc/full-response.ts';
import type { CmcStatus } from '../pki/cmc/status.ts';

/** What a Full PKI Response comes to. */
export type CmcVerdict =
  | { readonly kind: 'issued'; readonly certificates: readonly Buffer[] }
  | {
      readonly kind: 'pending';
      /** To be shown with the next question (RFC 5272 §6.14). */
      readonly token: Buffer;
      /** Seconds, at most 7 days. */
      readonly retryAfterSeconds: number;
    };

/** RFC 5272 §6.1.4, by what a person can do about it. */
const failureCodes: Readonly<Record<string, ErrorCode>> = {
  badMessageCheck: 'CMC-01',
  badRequest: 'CMC-01',
  badCertId: 'CMC-01',
  badAlg: 'CMC-02',
  badTime: 'CMC-03',
  unsupportedExt: 'CMC-04',
  mustArchiveKeys: 'CMC-05',
  badIdentity: 'CMC-06',
  authDataFail: 'CMC-06',
  popRequired: 'CMC-07',
  popFailed: 'CMC-07',
  noKeyReuse: 'CMC-08',
  internalCAError: 'CMC-09',
  tryLater: 'CMC-09',
};

/**
 * Reads a Full PKI Response and says what it comes to; one refusal among its statuses decides.
 * @throws StationError CMC-01 to CMC-09 and CMC-11 what the CA refuses, CMC-10 and CMC-12 not to be believed,
 *   SERVER-09 malformed.
 */
export function cmcVerdict(der: Buffer, demands: ResponseDemands): CmcVerdict {
  const { statuses, certificates } = understood(der, demands);
  const bad = statuses.find(({ status }) => status !== 'success' && status !== 'pending');
  if (bad !== undefined) throw refusal(bad);
  const waiting = statuses.find(({ status }) => status === 'pending');
  if (waiting === undefined) return { kind: 'issued', certificates };
  if (waiting.pending === null) throw refusal(waiting);
  const { token, time } = waiting.pending;
  const seconds = Math.ceil((time.getTime() - demands.at.getTime()) / 1000);
  const retryAfterSeconds = Math.min(Math.max(seconds, 0), longestWaitSeconds);
  return { kind: 'pending', token, retryAfterSeconds };
}

function understood(der: Buffer, demands: ResponseDemands): FullResponse {
  try {
    return readFullResponse(der, demands);
  } catch (error) {
    if (!(error instanceof StationError) || error.code !== 'CERT-06') throw error;
    const { detail = 'its content is malformed' } = error.params;
    throw new StationError('SERVER-09', { operation: 'fullcmc', detail }, { cause: error });
  }
}

function refusal({ status, failure, text }: CmcStatus): StationError {
  const name = failure ?? status;
  const code = failureCodes[name] ?? 'CMC-11';
  return new StationError(code, { failure: name, text: text ?? 'no explanation' });
}
