import { StationError } from '../../shared/errors/station-error.ts';
import { digestAlgorithms, isDigestAlgorithm } from './digest-challenge.ts';
import { isPracticeFault, type PracticeOptions, practiceFaults } from './practice.ts';

const defaults: Omit<PracticeOptions, 'dir'> = {
  port: 0,
  unwrapped: false,
  requirePop: false,
  pendingSeconds: null,
  approval: false,
  revoked: [],
  rollover: null,
  cmcRa: false,
  csrattrs: null,
  mode: 'request',
  httpAuth: 'basic',
  digest: ['SHA-256', 'MD5'],
  digestQop: 'auth',
  maxTls: 'TLSv1.3',
  faults: [],
};

const weekSeconds = 7 * 24 * 3600;

/** Fills in defaults. @throws StationError USAGE-01 for a value that makes no sense. */
export function completeOptions(
  given: Partial<PracticeOptions> & { readonly dir: string },
): PracticeOptions {
  const options = { ...defaults, ...given };
  const { port, pendingSeconds, revoked, digest, faults } = options;
  if (!isWholeNumber(port, 65_535)) {
    throw unusable('the port must be a whole number from 0 to 65535');
  }
  if (pendingSeconds !== null && !isWholeNumber(pendingSeconds, weekSeconds)) {
    throw unusable(`Retry-After must be a whole number from 0 to ${weekSeconds} seconds`);
  }
  if (!revoked.every((serial) => /^[0-9A-F]{2,40}$/i.test(serial) && serial.length % 2 === 0)) {
    throw unusable('a serial number to revoke must be hexadecimal, two digits to a byte');
  }
  if (!digest.every(isDigestAlgorithm) || digest.length === 0) {
    throw unusable(`a Digest algorithm is one of ${digestAlgorithms.join(', ')}`);
  }
  const unknown = faults.find((fault) => !isPracticeFault(fault));
  if (unknown !== undefined) {
    throw unusable(`there is no fault "${unknown}"; choose from ${practiceFaults.join(', ')}`);
  }
  return options;
}

function isWholeNumber(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

function unusable(detail: string): StationError {
  return new StationError('USAGE-01', { detail });
}
