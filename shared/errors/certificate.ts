import { defineErrors } from './entry.ts';

/** Errors about an issued certificate. */
export const certificateErrors = defineErrors({
  'CERT-01': {
    exit: 'server',
    en: {
      what: 'The server sent no certificate for the key it was asked about.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server sent no certificate for the key it was asked about.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-02': {
    exit: 'trust',
    en: {
      what: 'The issued certificate does not lead to a trusted root: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The issued certificate does not lead to a trusted root: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-03': {
    exit: 'server',
    en: {
      what: 'The issued certificate is not valid now ({notBefore} to {notAfter}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The issued certificate is not valid now ({notBefore} to {notAfter}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-04': {
    exit: 'issued-not-stored',
    en: {
      what: 'The certificate read back from {keystore} differs from the one issued.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate read back from {keystore} differs from the one issued.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-05': {
    exit: 'issued-not-stored',
    en: {
      what: 'Key and certificate on {keystore} do not belong together.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'Key and certificate on {keystore} do not belong together.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-06': {
    exit: 'server',
    en: {
      what: 'A certificate cannot be read: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'A certificate cannot be read: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'CERT-07': {
    exit: 'issued-not-stored',
    en: {
      what: 'The certificate was issued but could not be stored on {keystore}: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate was issued but could not be stored on {keystore}: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
