import { StationError } from '../../shared/errors/station-error.ts';
import { MalformedDer } from './der.ts';
import { PathBuilder } from './path-building.ts';
import { type PathCertificate, pathCertificate, readableCertificates } from './path-certificate.ts';
import { type PathReason, PathRefusal } from './path-refusal.ts';
import { checkPath, type PathDemands, type PathPurpose } from './path-validation.ts';
import { noPolicyDemands, type PolicyDemands } from './policy-state.ts';
import { Revocation } from './revocation.ts';

/** What `validatePath` is asked. Certificates are DER. */
export interface PathQuestion {
  readonly certificate: Uint8Array;
  /** May be unordered, hold strangers and duplicates; what cannot be read is passed over. */
  readonly intermediates: readonly Uint8Array[];
  /** Only these are believed. */
  readonly anchors: readonly Uint8Array[];
  readonly at: Date;
  readonly purpose: PathPurpose;
  readonly policies?: PolicyDemands;
  /** CRLs, DER; those that are out of date or not understood do not count. */
  readonly crls?: readonly Uint8Array[];
  /** Refuse certificates about which no CRL says anything. Default false. */
  readonly requireRevocation?: boolean;
}

export type PathVerdict =
  | {
      readonly valid: true;
      /** DER: the certificate first, the anchor last. */
      readonly path: Buffer[];
    }
  | { readonly valid: false; readonly reason: PathReason; readonly detail: string };

const mostCandidates = 64;

/**
 * Finds and validates a path from a certificate to a trust anchor (RFC 5280 §6.1, RFC 4158).
 * Signatures below SHA-256, RSA below 2048 bits and curves other than P-256, P-384, P-521 are refused.
 * Never throws for what others sent: anything malformed is a verdict.
 */
export function validatePath(question: PathQuestion): PathVerdict {
  try {
    return firstValid(question);
  } catch (error) {
    return refused(error);
  }
}

function firstValid(question: PathQuestion): PathVerdict {
  const { at, purpose, policies = noPolicyDemands } = question;
  const intermediates = readableCertificates(question.intermediates);
  const revocation = new Revocation({
    crls: question.crls ?? [],
    at,
    required: question.requireRevocation ?? false,
    signers: intermediates,
    vouch: (signer, anchor) => {
      const demands = { at, purpose: 'any', policies: noPolicyDemands } as const;
      return search(signer, new PathBuilder([anchor], intermediates), demands, revocation).valid;
    },
  });
  const builder = new PathBuilder(readableCertificates(question.anchors), intermediates);
  const target = pathCertificate(question.certificate);
  return search(target, builder, { at, purpose, policies }, revocation);
}

function search(
  target: PathCertificate,
  builder: PathBuilder,
  demands: PathDemands,
  revocation: Revocation,
): PathVerdict {
  let nearest: PathVerdict | null = null;
  let candidates = 0;
  for (const path of builder.paths(target)) {
    candidates += 1;
    if (candidates > mostCandidates) break;
    try {
      checkPath(path, demands);
      revocation.check(path);
      return { valid: true, path: path.map(({ der }) => der) };
    } catch (error) {
      nearest ??= refused(error);
    }
  }
  return nearest ?? refused(builder.obstacle);
}

function refused(error: unknown): PathVerdict {
  if (error instanceof PathRefusal) {
    return { valid: false, reason: error.reason, detail: error.message };
  }
  if (error instanceof MalformedDer) {
    return { valid: false, reason: 'malformed', detail: error.message };
  }
  if (error instanceof StationError && error.code === 'CERT-06') {
    return { valid: false, reason: 'malformed', detail: String(error.params.detail) };
  }
  throw error;
}
