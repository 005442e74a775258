import pkcs11js from 'pkcs11js';
import { describe, expect, test } from 'vitest';
import { returnCodeOf, stationErrorFor } from './return-codes.ts';

const context = {
  call: 'sign',
  token: 'meter (0815)',
  login: 'user',
  mechanism: 'CKM_ECDSA',
  object: 'certificate',
  minPinLength: 4,
  maxPinLength: 8,
} as const;

describe('a return code', () => {
  test.each([
    ['CKR_PIN_INCORRECT', 'PIN-01'],
    ['CKR_PIN_LOCKED', 'PIN-02'],
    ['CKR_PIN_LEN_RANGE', 'PIN-04'],
    ['CKR_USER_PIN_NOT_INITIALIZED', 'PIN-05'],
    ['CKR_SESSION_HANDLE_INVALID', 'PIN-08'],
    ['CKR_USER_NOT_LOGGED_IN', 'PIN-08'],
    ['CKR_DEVICE_REMOVED', 'TOKEN-03'],
    ['CKR_TOKEN_NOT_PRESENT', 'TOKEN-03'],
    ['CKR_MECHANISM_INVALID', 'TOKEN-05'],
    ['CKR_DEVICE_MEMORY', 'TOKEN-06'],
    ['CKR_TOKEN_WRITE_PROTECTED', 'TOKEN-07'],
    ['CKR_FUNCTION_FAILED', 'TOKEN-08'],
  ])('%s is %s, with every word of its text filled', (name, code) => {
    const error = stationErrorFor({ name, call: 'C_Sign' }, context);
    expect(error.code).toBe(code);
    expect(JSON.stringify([error.toData('en'), error.toData('de')])).not.toMatch(/\{\w+\}/);
  });

  test('of a refused PIN is the SO PIN’s where that was given', () => {
    const code = { name: 'CKR_PIN_INCORRECT', call: 'C_InitToken' };
    expect(stationErrorFor(code, { ...context, login: 'so' }).code).toBe('PIN-06');
  });

  test.each([
    ['so', 'CKR_GENERAL_ERROR', 'C_Login', 'PIN-12'],
    ['so', 'CKR_USER_TYPE_INVALID', 'C_Login', 'PIN-12'],
    ['so', 'CKR_FUNCTION_NOT_SUPPORTED', 'C_Login', 'PIN-12'],
    ['so', 'CKR_GENERAL_ERROR', 'C_InitPIN', 'TOKEN-08'],
    ['user', 'CKR_GENERAL_ERROR', 'C_Login', 'TOKEN-08'],
  ] as const)(
    'of a token without an SO is told from others: %s %s %s',
    (login, name, call, told) => {
      expect(stationErrorFor({ name, call }, { ...context, login }).code).toBe(told);
    },
  );

  test.each([
    [new pkcs11js.Pkcs11Error('CKR_DEVICE_REMOVED:50', 50, 'C_Sign'), 'CKR_DEVICE_REMOVED'],
    [new Error('CKR_DEVICE_REMOVED:50'), 'CKR_DEVICE_REMOVED'],
    [new Error('CKR_VENDOR_DEFINED:320'), 'CKR_CURVE_NOT_SUPPORTED'],
    [new Error('CKR_VENDOR_DEFINED:2147483653'), 'CKR_VENDOR_DEFINED (0x80000005)'],
  ])('is read from %s', (error, name) => {
    expect(returnCodeOf(error)?.name).toBe(name);
  });

  test.each([new TypeError('Argument 0 has wrong type'), 'CKR_OK', null])(
    'is not seen in %s',
    (error) => {
      expect(returnCodeOf(error)).toBeNull();
    },
  );
});
