import { describe, expect, test } from 'vitest';
import { caExtensions, certify, ecKeys, extension } from '../../test/certificate-draft.ts';
import { type CrlDraft, certifyCrl, directoryNames, scopeExtension } from '../../test/crl-draft.ts';
import { element, sequence } from './der-writer.ts';
import { type PathQuestion, validatePath } from './path.ts';

const root = { subject: 'CN=Root', keys: ecKeys() };
const lister = { subject: 'CN=Lister', keys: ecKeys() };
const rootDer = certify({ ...root, extensions: caExtensions() });
const crlSigner = extension('2.5.29.15', element(3, Buffer.of(1, 0x02)));
const listerDer = certify({ ...lister, issuer: root, serialNumber: 50, extensions: [crlSigner] });

/** A distribution point that names another issuer of the CRL. */
const listedBy = (issuer: string): Buffer =>
  extension(
    '2.5.29.31',
    sequence(sequence(element(0xa2, directoryNames(issuer).subarray(2)))),
    false,
  );
const leaf = (extensions: readonly Buffer[] = []): Buffer =>
  certify({ subject: 'CN=leaf', keys: ecKeys(), issuer: root, serialNumber: 7, extensions });

const list = (draft: Partial<CrlDraft> = {}): Buffer =>
  certifyCrl({ issuer: root.subject, keys: root.keys, ...draft });
const listed = [{ serialNumber: 7 }];

function verdict(crls: readonly Buffer[], question: Partial<PathQuestion> = {}): string {
  const answer = validatePath({
    certificate: leaf(),
    intermediates: [listerDer],
    anchors: [rootDer],
    at: new Date('2030-01-01T00:00:00Z'),
    purpose: 'any',
    crls,
    ...question,
  });
  return answer.valid ? 'valid' : answer.reason;
}

const required = { requireRevocation: true };

describe('a complete CRL', () => {
  test('revokes what it lists', () => {
    expect(verdict([list({ entries: listed })])).toBe('revoked');
    expect(
      verdict([list({ entries: [{ serialNumber: 8 }, { serialNumber: 7, reason: 6 }] })]),
    ).toBe('revoked');
    expect(verdict([list({ entries: [{ serialNumber: 8 }] })], required)).toBe('valid');
  });

  const unknownCritical = extension('2.999.1', sequence());
  test.each<[why: string, draft: Partial<CrlDraft>]>([
    ['it is out of date', { nextUpdate: '20250101000000Z' }],
    ['it is not yet in force', { thisUpdate: '20350101000000Z' }],
    ['it does not say how long it holds', { nextUpdate: null }],
    ['another key signed it', { keys: ecKeys() }],
    ['another issuer wrote it', { issuer: 'CN=Other' }],
    ['it is for CA certificates only', { extensions: [scopeExtension(2)] }],
    ['it is for attribute certificates only', { extensions: [scopeExtension(5)] }],
    ['it depends on an extension nobody knows', { extensions: [unknownCritical] }],
    [
      'an entry depends on an extension nobody knows',
      { entries: [{ serialNumber: 7, extensions: [unknownCritical] }] },
    ],
    ['it is a delta alone', { base: 1, number: 2 }],
  ])('counts for nothing when %s', (_, draft) => {
    const crl = list({ entries: listed, ...draft });
    expect(verdict([crl])).toBe('valid');
    expect(verdict([crl], required)).toBe('revocation-unknown');
  });

  test('is demanded only on request', () => {
    expect(verdict([])).toBe('valid');
    expect(verdict([], required)).toBe('revocation-unknown');
    expect(verdict([Buffer.from('no list')], required)).toBe('revocation-unknown');
  });

  test('revokes an issuer on the way', () => {
    const issuing = { subject: 'CN=Issuing', keys: ecKeys() };
    const between = certify({
      ...issuing,
      issuer: root,
      serialNumber: 7,
      extensions: caExtensions(),
    });
    const certificate = certify({ subject: 'CN=leaf', keys: ecKeys(), issuer: issuing });
    expect(verdict([list({ entries: listed })], { certificate, intermediates: [between] })).toBe(
      'revoked',
    );
  });
});

describe('a delta CRL', () => {
  const complete = list({ number: 5, entries: listed });

  test('adds to and removes from its complete CRL', () => {
    expect(verdict([list({ number: 5 }), list({ number: 6, base: 5, entries: listed })])).toBe(
      'revoked',
    );
    const removal = list({ number: 6, base: 5, entries: [{ serialNumber: 7, reason: 8 }] });
    expect(verdict([complete, removal], required)).toBe('valid');
  });

  test.each<[why: string, draft: Partial<CrlDraft>]>([
    ['it builds on a later list', { number: 7, base: 6 }],
    ['it is older than the list', { number: 4, base: 3 }],
    ['its scope differs', { number: 6, base: 5, extensions: [scopeExtension(1)] }],
    ['another key signed it', { number: 6, base: 5, keys: ecKeys() }],
  ])('counts for nothing when %s', (_, draft) => {
    const removal = list({ entries: [{ serialNumber: 7, reason: 8 }], ...draft });
    expect(verdict([complete, removal])).toBe('revoked');
  });
});

describe('an indirect CRL', () => {
  const certificate = leaf([listedBy(lister.subject)]);
  const indirect = (draft: Partial<CrlDraft> = {}): Buffer =>
    list({ issuer: lister.subject, keys: lister.keys, extensions: [scopeExtension(4)], ...draft });
  const others = list();

  test('revokes for the issuer its entries name, and for those after it', () => {
    const named = [{ serialNumber: 1, issuer: root.subject }, { serialNumber: 7 }];
    expect(verdict([indirect({ entries: named }), others], { certificate })).toBe('revoked');
    expect(verdict([indirect({ entries: listed }), others], { certificate })).toBe('valid');
  });

  test('counts only when it says that it is one, and its signer is proven', () => {
    const named = [{ serialNumber: 7, issuer: root.subject }];
    const direct = indirect({ entries: named, extensions: [] });
    expect(verdict([direct, others], { certificate })).toBe('valid');
    const stranger = indirect({ entries: named });
    expect(verdict([stranger, others], { certificate, intermediates: [] })).toBe('valid');
    const revokedLister = list({ entries: [{ serialNumber: 50 }] });
    expect(verdict([stranger, revokedLister], { certificate })).toBe('valid');
  });
});
