import type { Command } from 'commander';
import type { EnrollmentRecord } from '../../../shared/enrollment.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { CliContext } from '../context.ts';
import { writeNewFile } from '../new-file.ts';

/** `revocation-file`: what a CA's operator needs to revoke a certificate that cannot be stored. */
export function revocationFileCommand(program: Command, context: CliContext): void {
  program
    .command('revocation-file')
    .description('write an issued certificate with issuer and serial number, to have it revoked')
    .requiredOption('--enrollment <id>', 'enrollment that has a certificate')
    .requiredOption('--out <file>', 'a new file: words, then PEM')
    .addHelpText(
      'after',
      `
For a certificate that was issued and cannot be stored (state "issued-not-stored") because its key is
lost. If the key is still there, on this token or another, store-again stores it instead.

Example:
  est-station revocation-file --enrollment 3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f --out revoke-GW-20417.pem`,
    )
    .action(async ({ enrollment, out }: { enrollment: string; out: string }) => {
      const station = await context.station();
      await station.settleInterrupted();
      const record = await station.ended(enrollment);
      const { certificate, state } = record;
      if (certificate === null) {
        const detail = `The enrollment ${enrollment} is "${state}" and has no certificate.`;
        throw new StationError('USAGE-01', { detail });
      }
      await writeNewFile(out, Buffer.from(revocationText(record, certificate)));
      const { subject, issuer, serialNumber, fingerprint } = certificate;
      const document = { enrollment, state, file: out, subject, issuer, serialNumber, fingerprint };
      context.output.result(document, [`Written: ${out}`, `  Serial ${serialNumber} of ${issuer}`]);
    });
}

/** Words before the PEM block: every reader of PEM passes over them (RFC 7468 §2). */
function revocationText(
  { enrollmentId, state, server, startedAt }: EnrollmentRecord,
  certificate: NonNullable<EnrollmentRecord['certificate']>,
): string {
  const { subject, issuer, serialNumber, fingerprint, notBefore, notAfter, pem } = certificate;
  return [
    `Subject:        ${subject}`,
    `Issuer:         ${issuer}`,
    `Serial number:  ${serialNumber} (hexadecimal)`,
    `SHA-256:        ${fingerprint}`,
    `Valid:          ${notBefore} to ${notAfter}`,
    `Enrollment:     ${enrollmentId}, begun ${startedAt}, ${state}`,
    `Server:         ${server}`,
    '',
    pem,
  ].join('\n');
}
