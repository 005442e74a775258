import type { TokenSelector } from '../../../shared/token.ts';

/** The token in words: `label (serial)`. */
export function tokenName(token: { readonly label: string; readonly serial: string }): string {
  return token.serial === '' ? token.label : `${token.label} (${token.serial})`;
}

/** The selector in words; an empty one means whatever single token is there. */
export function selectorName({ serial, label }: TokenSelector): string {
  if (label !== undefined && serial !== undefined) return tokenName({ label, serial });
  return label ?? serial ?? '(any)';
}
