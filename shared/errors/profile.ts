import { defineErrors } from './entry.ts';

/** Errors of a profile or a file a person gave. */
export const profileErrors = defineErrors({
  'PROFILE-01': {
    exit: 'profile',
    en: {
      what: 'The file {file} cannot be read as a profile.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The file {file} cannot be read as a profile.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-02': {
    exit: 'profile',
    en: {
      what: 'The profile is not valid: {problems}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The profile is not valid: {problems}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-03': {
    exit: 'profile',
    en: {
      what: 'The profile has a key the station does not know: {key} (nearest: {nearest}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The profile has a key the station does not know: {key} (nearest: {nearest}).',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-04': {
    exit: 'profile',
    en: { what: 'The profile "{name}" is disabled.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
    de: { what: 'The profile "{name}" is disabled.', why: 'PLACEHOLDER', waysOut: ['PLACEHOLDER'] },
  },
  'PROFILE-05': {
    exit: 'profile',
    en: {
      what: 'The name {dn} is not a distinguished name: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The name {dn} is not a distinguished name: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-06': {
    exit: 'profile',
    en: {
      what: 'The CA root certificate is not a PEM certificate: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The CA root certificate is not a PEM certificate: {detail}.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-07': {
    exit: 'profile',
    en: {
      what: 'HTTP credentials would go to a server whose name is not checked.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'HTTP credentials would go to a server whose name is not checked.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
  'PROFILE-08': {
    exit: 'profile',
    en: {
      what: 'The profile asks for {what}, which this version does not offer.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
    de: {
      what: 'The profile asks for {what}, which this version does not offer.',
      why: 'PLACEHOLDER',
      waysOut: ['PLACEHOLDER'],
    },
  },
});
