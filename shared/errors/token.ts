import { defineErrors } from './entry.ts';

/** Errors of PKCS#11 modules, tokens and software keystores. */
export const tokenErrors = defineErrors({
  'MODULE-01': {
    exit: 'token',
    en: { what: 'There is no file {module}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'There is no file {module}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'MODULE-02': {
    exit: 'token',
    en: {
      what: 'The file {module} is not a library this computer can load: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The file {module} is not a library this computer can load: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'MODULE-03': {
    exit: 'token',
    en: {
      what: 'The library {module} is not a PKCS#11 module.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The library {module} is not a PKCS#11 module.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'MODULE-04': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} crashed during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The PKCS#11 module {module} crashed during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'MODULE-05': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} did not answer {call} within {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The PKCS#11 module {module} did not answer {call} within {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'MODULE-06': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} could not be started: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The PKCS#11 module {module} could not be started: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-01': {
    exit: 'token',
    en: {
      what: 'There is no token in any reader of {module}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'There is no token in any reader of {module}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-02': {
    exit: 'token',
    en: { what: 'The token {token} is not present.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The token {token} is not present.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'TOKEN-03': {
    exit: 'token',
    en: {
      what: 'The token was removed during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token was removed during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-04': {
    exit: 'token',
    en: {
      what: 'The token {token} is not initialised.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token {token} is not initialised.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-05': {
    exit: 'token',
    en: { what: 'The token cannot do {mechanism}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The token cannot do {mechanism}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'TOKEN-06': {
    exit: 'token',
    en: {
      what: 'The token has no room left for {object}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token has no room left for {object}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-07': {
    exit: 'token',
    en: {
      what: 'The token {token} is write-protected.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token {token} is write-protected.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-08': {
    exit: 'token',
    en: {
      what: 'The token reported {detail} during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token reported {detail} during {call}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-09': {
    exit: 'token',
    en: {
      what: 'There is no {object} under the alias {alias}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'There is no {object} under the alias {alias}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-10': {
    exit: 'token',
    en: { what: 'Several tokens answer to {token}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'Several tokens answer to {token}.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'TOKEN-11': {
    exit: 'token',
    en: {
      what: 'The token {token} is already initialised; initialising it would destroy what it holds.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The token {token} is already initialised; initialising it would destroy what it holds.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'TOKEN-12': {
    exit: 'token',
    en: {
      what: 'A new key did not come out as required: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'A new key did not come out as required: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'KEYSTORE-01': {
    exit: 'token',
    en: {
      what: 'The software keystore {path} cannot be used: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The software keystore {path} cannot be used: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
