import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { validatePath } from '../../electron/pki/path.ts';
import { anyPolicy } from '../../electron/pki/policy-extensions.ts';

/** NIST's Public Key Interoperability Test Suite, 2011 edition, as Debian's python3-cryptography-vectors holds it. */
const suite = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data';
const present = existsSync(join(suite, 'certs', 'TrustAnchorRootCertificate.crt'));

/** One verdict. Files without their ends; `accepted` are numbers of NIST's test policies. */
const vector = z.strictObject({
  name: z.string(),
  certificates: z.array(z.string()).min(2),
  crls: z.array(z.string()),
  accepted: z.array(z.union([z.literal('any'), z.int()])),
  explicit: z.boolean(),
  inhibitMapping: z.boolean(),
  inhibitAny: z.boolean(),
  suite: z.enum(['valid', 'invalid']),
  /** What the station says: `valid`, or the reason it refuses for. */
  station: z.string(),
});

const vectors = z
  .array(vector)
  .parse(JSON.parse(readFileSync(new URL('pkits.json', import.meta.url), 'utf8')));

/** The suite's certificates and CRLs are in force from 2010 to 2030. */
const at = new Date('2020-06-01T00:00:00Z');
const testPolicies = '2.16.840.1.101.3.2.1.48';

/** DSA with SHA-1, which the station refuses whatever it signs. */
const refusedByPolicy = [
  '4.1.4 Valid DSA Signatures Test4',
  '4.1.5 Valid DSA Parameter Inheritance Test5',
];

function verdictOf(row: z.infer<typeof vector>): string {
  const [anchor, ...others] = row.certificates.map((name) =>
    readFileSync(join(suite, 'certs', `${name}.crt`)),
  );
  const certificate = others.pop();
  if (!anchor || !certificate) throw new Error(`${row.name} has no path`);
  const verdict = validatePath({
    certificate,
    intermediates: others,
    anchors: [anchor],
    at,
    purpose: 'any',
    crls: row.crls.map((name) => readFileSync(join(suite, 'crls', `${name}.crl`))),
    requireRevocation: true,
    policies: {
      accepted: row.accepted.map((one) => (one === 'any' ? anyPolicy : `${testPolicies}.${one}`)),
      explicit: row.explicit,
      inhibitMapping: row.inhibitMapping,
      inhibitAny: row.inhibitAny,
    },
  });
  return verdict.valid ? 'valid' : verdict.reason;
}

describe('the table of verdicts', () => {
  test('holds all 249 of the suite and differs from it only where the policy refuses DSA', () => {
    const differing = vectors.filter(
      (row) => (row.station === 'valid') !== (row.suite === 'valid'),
    );
    expect(vectors).toHaveLength(249);
    expect(differing.map(({ name }) => name)).toEqual(refusedByPolicy);
    expect(differing.map(({ station }) => station)).toEqual(['algorithm', 'algorithm']);
  });
});

describe('PKITS', () => {
  if (!present) {
    process.stderr.write(
      `\nPKITS: ${vectors.length} path validation verdicts were NOT checked, ${suite} is absent.\n` +
        'Install Debian package python3-cryptography-vectors and run again.\n\n',
    );
  }

  test.skipIf(!present).each(vectors)('$name: $station', (row) => {
    expect(verdictOf(row)).toBe(row.station);
  });
});
