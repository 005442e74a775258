import { defineErrors } from './entry.ts';

/** Errors below TLS. */
export const networkErrors = defineErrors({
  'NET-01': {
    exit: 'network',
    en: {
      what: '{endpoint} refused the connection.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: '{endpoint} refused the connection.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'NET-02': {
    exit: 'network',
    en: {
      what: 'The name {host} could not be resolved.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The name {host} could not be resolved.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'NET-03': {
    exit: 'network',
    en: {
      what: '{endpoint} did not answer within {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: '{endpoint} did not answer within {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'NET-04': {
    exit: 'network',
    en: {
      what: 'The connection to {endpoint} was cut off.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The connection to {endpoint} was cut off.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'NET-05': {
    exit: 'network',
    en: { what: '{endpoint} does not speak TLS.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: '{endpoint} does not speak TLS.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'NET-06': {
    exit: 'network',
    en: {
      what: 'The exchange with {endpoint} took longer than {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The exchange with {endpoint} took longer than {seconds} s.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'NET-07': {
    exit: 'network',
    en: {
      what: '{endpoint} cannot be reached: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: '{endpoint} cannot be reached: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
