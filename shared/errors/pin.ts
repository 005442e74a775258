import { defineErrors } from './entry.ts';

/** Errors of PINs and passphrases. A refused one is never sent again by the program. */
export const pinErrors = defineErrors({
  'PIN-01': {
    exit: 'pin',
    en: { what: 'The token refused the PIN.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The token refused the PIN.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PIN-02': {
    exit: 'pin',
    en: { what: 'The PIN of the token is locked.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The PIN of the token is locked.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PIN-03': {
    exit: 'pin',
    en: { what: 'Only one PIN try is left.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'Only one PIN try is left.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PIN-04': {
    exit: 'pin',
    en: {
      what: 'The PIN has the wrong length: {min} to {max} characters are allowed.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The PIN has the wrong length: {min} to {max} characters are allowed.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PIN-05': {
    exit: 'pin',
    en: { what: 'The token has no user PIN yet.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The token has no user PIN yet.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PIN-06': {
    exit: 'pin',
    en: { what: 'The token refused the SO PIN.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The token refused the SO PIN.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PIN-07': {
    exit: 'pin',
    en: {
      what: 'The passphrase does not open the software keystore {path}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The passphrase does not open the software keystore {path}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PIN-08': {
    exit: 'pin',
    en: {
      what: 'The PIN session has ended; the PIN is needed again.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The PIN session has ended; the PIN is needed again.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
