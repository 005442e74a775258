import { z } from 'zod';
import { type TokenInfo, tokenInfo } from './token.ts';

/** What happened to one token between two looks; a removed one is told as it was last. */
export const tokenChange = z.strictObject({
  kind: z.enum(['arrived', 'removed', 'changed']),
  token: tokenInfo,
});
export type TokenChange = z.infer<typeof tokenChange>;

/**
 * What tells two looks at the same module apart: removals first, so that a token given another label is removed and
 * arrives. A change of the slot number alone is none: the number names nothing.
 */
export function tokenChanges(
  before: readonly TokenInfo[],
  after: readonly TokenInfo[],
): TokenChange[] {
  const [earlier, later] = [byIdentity(before), byIdentity(after)];
  const removed = [...earlier].filter(([identity]) => !later.has(identity));
  const others = [...later].flatMap(([identity, token]): TokenChange[] => {
    const known = earlier.get(identity);
    if (known === undefined) return [{ kind: 'arrived', token }];
    return facts(known) === facts(token) ? [] : [{ kind: 'changed', token }];
  });
  return [...removed.map(([, token]): TokenChange => ({ kind: 'removed', token })), ...others];
}

/** Module, serial and label; tokens that share all three are told apart by their order. */
function byIdentity(tokens: readonly TokenInfo[]): Map<string, TokenInfo> {
  const found = new Map<string, TokenInfo>();
  for (const token of tokens) {
    const name = JSON.stringify([token.module, token.serial, token.label]);
    let number = 0;
    while (found.has(`${name}${number}`)) number += 1;
    found.set(`${name}${number}`, token);
  }
  return found;
}

function facts({ slot: _, ...rest }: TokenInfo): string {
  return JSON.stringify(rest);
}
