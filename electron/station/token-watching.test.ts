import { expect, test } from 'vitest';
import type { StationEvent } from '../../shared/contract/handlers.ts';
import type { TokenPort } from './ports.ts';
import { TokenWatching } from './token-watching.ts';

type Tell = Parameters<TokenPort['watchTokens']>[1];

/** A port whose watched modules a test drives by hand. */
function watching() {
  const tells = new Map<string, Tell>();
  const told: string[] = [];
  const port: Pick<TokenPort, 'watchTokens'> = {
    watchTokens: (module, tell) => {
      tells.set(module, tell);
      return () => tells.delete(module);
    },
  };
  const note = ({ name, payload }: StationEvent) => {
    if (name === 'tokens.changed') told.push(payload.module);
  };
  const look = (module: string) => tells.get(module)?.({ tokens: [], changes: [], error: null });
  return { watching: new TokenWatching(port as TokenPort, note), tells, told, look };
}

test('several modules are watched at once, and only those asked for last', () => {
  const { watching: tokens, tells, told, look } = watching();
  tokens.watch(['/a.so', '/b.so', '/a.so']);
  look('/a.so');
  look('/b.so');
  expect(told).toEqual(['/a.so', '/b.so']);
  tokens.watch(['/b.so', '/c.so']);
  expect([...tells.keys()]).toEqual(['/b.so', '/c.so']);
  tokens.watch([]);
  expect(tells.size).toBe(0);
});

test('whoever asks anew is told what was seen last, at once', () => {
  const { watching: tokens, told, look } = watching();
  tokens.watch(['/a.so']);
  tokens.watch(['/a.so']);
  expect(told).toEqual([]);
  look('/a.so');
  tokens.watch(['/a.so', '/b.so']);
  expect(told).toEqual(['/a.so', '/a.so']);
});
