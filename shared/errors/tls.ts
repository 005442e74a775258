import { defineErrors } from './entry.ts';

/** Errors of the TLS handshake that are not about who the server is. */
export const tlsErrors = defineErrors({
  'TLS-01': {
    exit: 'trust',
    en: {
      what: 'The TLS handshake with {endpoint} failed: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The TLS handshake with {endpoint} failed: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TLS-02': {
    exit: 'trust',
    en: {
      what: '{endpoint} offers no TLS version the station accepts ({versions}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: '{endpoint} offers no TLS version the station accepts ({versions}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TLS-03': {
    exit: 'trust',
    en: {
      what: '{endpoint} refused the client certificate.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: '{endpoint} refused the client certificate.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TLS-04': {
    exit: 'trust',
    en: {
      what: 'The TLS handshake with {endpoint} took longer than {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The TLS handshake with {endpoint} took longer than {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TLS-05': {
    exit: 'trust',
    en: {
      what: 'The TLS client credential {alias} cannot be used: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The TLS client credential {alias} cannot be used: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
