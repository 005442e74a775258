import { expect, it } from 'vitest';
import { HeldSecrets } from './held-secrets.ts';

it('secrets held together are zeroed together, and not asked for afterwards', () => {
  const held = new HeldSecrets();
  const secrets = [held.hold(Buffer.from('one')), held.hold(Buffer.from('two'))];
  expect(() => held.demand()).not.toThrow();
  expect(String(secrets[1])).toBe('two');
  held.wipe();
  expect(secrets).toEqual([Buffer.alloc(3), Buffer.alloc(3)]);
  expect(() => held.demand()).toThrow('gone');
});
