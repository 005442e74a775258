import type { en } from '../en/en.ts';
import { authentication, restrictions, review } from './checks.ts';
import { frame } from './frame.ts';
import { outcome } from './outcome.ts';
import { screens } from './screens.ts';
import { token } from './token.ts';
import { tokens } from './tokens.ts';
import { trust } from './trust.ts';

/** Every text of the window in German. */
export const de: typeof en = {
  ...frame,
  ...trust,
  ...token,
  authentication,
  ...restrictions,
  review,
  ...outcome,
  ...screens,
  ...tokens,
};
