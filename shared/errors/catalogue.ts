import { certificateErrors } from './certificate.ts';
import { cmcErrors } from './cmc.ts';
import type { ErrorEntry } from './entry.ts';
import { generalErrors } from './general.ts';
import { keyDeliveryErrors } from './key-delivery.ts';
import { moduleErrors } from './module.ts';
import { networkErrors } from './network.ts';
import { objectErrors } from './object.ts';
import { outcomeErrors } from './outcome.ts';
import { pinErrors } from './pin.ts';
import { popErrors } from './pop.ts';
import { profileErrors } from './profile.ts';
import { serverErrors } from './server.ts';
import { serverAuthenticationErrors } from './server-authentication.ts';
import { storageErrors } from './storage.ts';
import { tlsErrors } from './tls.ts';
import { tokenErrors } from './token.ts';
import { tokenChoiceErrors } from './token-choice.ts';
import { trustErrors } from './trust.ts';

/** Every error the station can report, by code. One file per area; the codes never change their meaning. */
export const catalogue = {
  ...generalErrors,
  ...profileErrors,
  ...moduleErrors,
  ...tokenErrors,
  ...tokenChoiceErrors,
  ...pinErrors,
  ...objectErrors,
  ...networkErrors,
  ...tlsErrors,
  ...trustErrors,
  ...serverErrors,
  ...serverAuthenticationErrors,
  ...outcomeErrors,
  ...cmcErrors,
  ...certificateErrors,
  ...keyDeliveryErrors,
  ...storageErrors,
  ...popErrors,
} satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;

/** True when `code` stands in the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
