import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasExtendedMasterSecret } from './session-facts.ts';

const read = (hex: string) => hasExtendedMasterSecret(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const preamble = '00 6e6f64656a733a746c733a73657373696f6e3a31 00 0003 616263';

describe('the extended master secret of a session', () => {
  it.each([
    ['OpenSSL with flags', '300a 020101 ad03 020101 8300', true],
    ['OpenSSL with other flags', '3008 020101 ad03 020102', false],
    ['OpenSSL without flags', '3003 020101', false],
    ['BoringSSL with it', '3008 020101 b103 0101ff', true],
    ['BoringSSL without it', '3008 020101 ad03 040161', false],
    ['OpenSSL’s fragment length in BoringSSL’s place', '3008 020101 b103 020101', false],
    ['Node’s server name in front', `${preamble} 3008 020101 ad03 020101`, true],
    ['something that is no session', '0203010203', null],
    ['a session cut short', '3008 020101 ad03', null],
  ])('is read from %s', (_what, hex, expected) => {
    expect(read(hex)).toBe(expected);
  });

  it('is unknown without a session', () => {
    expect(hasExtendedMasterSecret(undefined)).toBeNull();
  });

  it('is read or unknown, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, session) => {
        const body = Buffer.from(bytes);
        const der = Buffer.concat([Buffer.of(0x30, 0x81, body.length), body]);
        expect([true, false, null]).toContain(hasExtendedMasterSecret(session ? der : body));
      }),
    );
  });
});
