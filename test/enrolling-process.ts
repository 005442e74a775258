import { writeHeapSnapshot } from 'node:v8';
import { composeStation } from '../electron/compose.ts';
import { profileSchema } from '../shared/profile.ts';

/**
 * A station that enrolls once, for the scan of what it leaves: reads a line of JSON and two of secrets in hexadecimal
 * digits from standard input, prints the record, and writes its heap.
 */
const newline = 0x0a;
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = Buffer.concat(chunks);
for (const chunk of chunks) chunk.fill(0);

const first = input.indexOf(newline);
const second = input.indexOf(newline, first + 1);
const third = input.indexOf(newline, second + 1);
const given = JSON.parse(input.toString('utf8', 0, first));
const secrets = {
  pin: octets(input.subarray(first + 1, second)),
  password: octets(input.subarray(second + 1, third)),
};
input.fill(0);

Object.assign(globalThis, { marker: ['a marker', 'the scan must find'].join(' ') });
const station = await composeStation({
  env: process.env,
  secretSource: {
    ask: async (purpose) =>
      Uint8Array.from(purpose === 'token-pin' ? secrets.pin : secrets.password),
  },
});
const profile = profileSchema.parse(given.profile);
const record = await station.ended(await station.start({ profile, operation: 'enroll' }));
for (const secret of Object.values(secrets)) secret.fill(0);
process.stdout.write(`${JSON.stringify(record)}\n`);
writeHeapSnapshot(given.snapshot);
await station.close();
process.exitCode = record.state === 'done' ? 0 : 1;

/** Octets from hexadecimal digits, without a text of them. */
function octets(digits: Uint8Array): Uint8Array {
  const value = (digit = 0) => (digit < 0x3a ? digit - 0x30 : digit - 0x57);
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => {
    return value(digits[2 * at]) * 16 + value(digits[2 * at + 1]);
  });
}
