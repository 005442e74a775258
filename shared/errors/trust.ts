import { defineErrors } from './entry.ts';

/** Errors about who the server is. */
export const trustErrors = defineErrors({
  'TRUST-01': {
    exit: 'trust',
    en: {
      what: 'The station has no trust anchor for {server} yet.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The station has no trust anchor for {server} yet.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-02': {
    exit: 'trust',
    en: {
      what: 'The certificate of {endpoint} was not issued under a trusted root.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate of {endpoint} was not issued under a trusted root.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-03': {
    exit: 'trust',
    en: {
      what: 'The certificate of {endpoint} is for another name: {names}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate of {endpoint} is for another name: {names}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-04': {
    exit: 'trust',
    en: {
      what: 'The fingerprint differs: expected {expected}, the server sent {sent}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The fingerprint differs: expected {expected}, the server sent {sent}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-05': {
    exit: 'trust',
    en: {
      what: 'The certificate of {endpoint} is outside its validity ({notBefore} to {notAfter}); this computer says {now}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate of {endpoint} is outside its validity ({notBefore} to {notAfter}); this computer says {now}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-06': {
    exit: 'trust',
    en: {
      what: 'None of the certificates {endpoint} sent is a root its own certificate leads to.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'None of the certificates {endpoint} sent is a root its own certificate leads to.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-07': {
    exit: 'trust',
    en: {
      what: 'The certificate chain of {endpoint} is not valid: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The certificate chain of {endpoint} is not valid: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-08': {
    exit: 'trust',
    en: {
      what: 'A person declined to trust the root of {server}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'A person declined to trust the root of {server}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TRUST-09': {
    exit: 'trust',
    en: {
      what: 'The trust offer is no longer valid; fetch the certificates again.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The trust offer is no longer valid; fetch the certificates again.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
