import { defineErrors } from './entry.ts';

/** Errors of the data folder and its database. */
export const storageErrors = defineErrors({
  'STORE-01': {
    exit: 'internal',
    en: {
      what: 'The data folder {path} cannot be written: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The data folder {path} cannot be written: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-02': {
    exit: 'internal',
    en: {
      what: 'The disk that holds {path} is full.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The disk that holds {path} is full.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-03': {
    exit: 'internal',
    en: {
      what: 'The database {path} is damaged: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The database {path} is damaged: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-04': {
    exit: 'internal',
    en: {
      what: 'The audit chain is broken at record {sequence}: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The audit chain is broken at record {sequence}: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-05': {
    exit: 'internal',
    en: {
      what: 'Another EST Station already runs here.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'Another EST Station already runs here.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-06': {
    exit: 'internal',
    en: {
      what: 'The database {path} is in use by another program for too long.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The database {path} is in use by another program for too long.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'STORE-07': {
    exit: 'internal',
    en: {
      what: 'The database {path} comes from a newer version.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The database {path} comes from a newer version.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
