import type { CommandOutput } from '../../shared/contract/commands.ts';
import { issued, issuing } from './certificates.ts';

type TokenObject = CommandOutput<'objects.list'>['objects'][number];

const key = { id: '9a57c1d20e4b7780125f6cc3a1b0e4d96c0d8bb1', algorithm: 'EC P-256' };

/** A certificate in use, its predecessor, a CA certificate, and the key of an enrollment under way. */
export function fakeObjects(): TokenObject[] {
  const object = (alias: string, facts: Partial<TokenObject>): TokenObject => ({
    alias,
    key,
    certificate: issued,
    generatedThere: true,
    neededBy: null,
    ...facts,
  });
  return [
    object('est-enrolled-key-pair', {}),
    object('est-enrolled-key-pair-previous', {
      certificate: {
        ...issued,
        notBefore: '2024-11-21T00:00:00Z',
        notAfter: '2025-11-21T00:00:00Z',
      },
      generatedThere: false,
    }),
    object('est-ca-certificate-0', { key: null, certificate: issuing, generatedThere: null }),
    object('est-request-key-pair', {
      certificate: null,
      neededBy: '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f',
    }),
  ];
}
