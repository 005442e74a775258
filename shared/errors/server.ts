import { defineErrors } from './entry.ts';

/** Answers of the EST server that end the task. */
export const serverErrors = defineErrors({
  'SERVER-01': {
    exit: 'server',
    en: {
      what: 'The server does not know the label {label} (400).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server does not know the label {label} (400).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-02': {
    exit: 'server',
    en: {
      what: 'The server does not offer {operation} (404).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server does not offer {operation} (404).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-03': {
    exit: 'server',
    en: {
      what: 'The server refused the credentials (401).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server refused the credentials (401).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-04': {
    exit: 'server',
    en: {
      what: 'The server asks for authentication without saying which (401).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server asks for authentication without saying which (401).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-05': {
    exit: 'server',
    en: {
      what: 'The server does not allow this request (403).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server does not allow this request (403).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-06': {
    exit: 'server',
    en: {
      what: 'The server refused the request ({status}): {excerpt}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server refused the request ({status}): {excerpt}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-07': {
    exit: 'server',
    en: {
      what: 'The server failed ({status}): {excerpt}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server failed ({status}): {excerpt}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-08': {
    exit: 'server',
    en: {
      what: 'The server is busy ({status}); it asks to wait {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server is busy ({status}); it asks to wait {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-09': {
    exit: 'server',
    en: {
      what: 'The answer to {operation} cannot be understood: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The answer to {operation} cannot be understood: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-10': {
    exit: 'server',
    en: {
      what: 'The answer to {operation} is larger than {limit} bytes.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The answer to {operation} is larger than {limit} bytes.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-11': {
    exit: 'server',
    en: {
      what: 'The answer to {operation} is {type}, not {expected}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The answer to {operation} is {type}, not {expected}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-12': {
    exit: 'server',
    en: {
      what: 'The answer to {operation} was cut off.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The answer to {operation} was cut off.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-13': {
    exit: 'pending',
    en: {
      what: 'The request is waiting for approval; ask again in {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The request is waiting for approval; ask again in {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-14': {
    exit: 'server',
    en: {
      what: 'The server sends {operation} elsewhere ({location}), which is not followed.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server sends {operation} elsewhere ({location}), which is not followed.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-15': {
    exit: 'server',
    en: {
      what: 'The server does not offer HTTP {scheme} authentication (offered: {offered}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server does not offer HTTP {scheme} authentication (offered: {offered}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'SERVER-16': {
    exit: 'server',
    en: {
      what: 'The server wants authentication, and the profile has none.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The server wants authentication, and the profile has none.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
