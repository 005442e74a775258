import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { Authority } from '../../test/authority.ts';
import { judgeIssued } from './issued-certificate.ts';

const day = 86_400_000;

test('a certificate whose CA is out of time by this clock is refused with both clocks’ times', async () => {
  const root = await Authority.root('Root', { notAfter: new Date(Date.now() + 9 * day) });
  const issuing = await root.subordinate('Issuing');
  const issued = await issuing.issue({ notAfter: new Date(Date.now() + 5 * day) });
  const spki = createPublicKey(issued.key).export({ type: 'spki', format: 'der' });
  const question = (at: Date, serverDate: Date | null) => ({
    answer: [issued.der],
    caCertificates: [issuing.identity.der],
    anchors: [root.identity.der],
    spki,
    at,
    serverDate,
  });
  const now = new Date();
  expect(judgeIssued(question(now, now)).path).toHaveLength(3);
  const ahead = new Date(now.getTime() + 2 * day);
  for (const server of [now, null]) {
    expect(() => judgeIssued(question(ahead, server))).toThrow(
      expect.objectContaining({
        code: 'CERT-13',
        params: {
          detail: expect.stringContaining('Issuing'),
          now: ahead.toISOString(),
          server: server?.toISOString() ?? '–',
        },
      }),
    );
  }
});
