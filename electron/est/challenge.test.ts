import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

const read = (...headers: string[]) =>
  parseChallenges(headers).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);

describe('challenges', () => {
  it.each([
    ['Basic realm="estrealm"', [['basic', { realm: 'estrealm' }]]],
    ['Basic', [['basic', {}]]],
    ['basic realm=unquoted, charset="UTF-8"', [['basic', { realm: 'unquoted', charset: 'UTF-8' }]]],
    [
      'Digest qop="auth,auth-int", realm="a, b", nonce="x\\"y", stale=TRUE',
      [['digest', { qop: 'auth,auth-int', realm: 'a, b', nonce: 'x"y', stale: 'TRUE' }]],
    ],
    [
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
      [
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
        ['basic', { realm: 'simple' }],
      ],
    ],
    [
      'Negotiate abc=, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['Basic realm = "spaced"', [['basic', { realm: 'spaced' }]]],
    [',, Basic realm="x",,', [['basic', { realm: 'x' }]]],
    ['Basic realm="first", realm="second"', [['basic', { realm: 'first' }]]],
    ['realm="without a scheme"', []],
    ['Basic realm="never closed', [['basic', {}]]],
  ])('%s', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('may stand in several headers', () => {
    expect(read('Basic realm="a"', 'Digest realm="b", nonce="c"')).toEqual([
      ['basic', { realm: 'a' }],
      ['digest', { realm: 'b', nonce: 'c' }],
    ]);
  });

  it('survive being written and read, commas and quotes included', () => {
    const name = fc.stringMatching(/^[a-z]{1,10}$/);
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    const challenge = fc.tuple(name, fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 }));
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const header = challenges
          .map(([scheme, parameters]) => {
            const fields = Object.entries(parameters).map(
              ([key, text]) => `${key}="${text.replace(/(["\\])/g, '\\$1')}"`,
            );
            return `${scheme} ${fields.join(', ')}`;
          })
          .join(', ');
        expect(read(header)).toEqual(challenges.map(([scheme, fields]) => [scheme, { ...fields }]));
      }),
    );
  });

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 500 }), { maxLength: 3 }), (headers) => {
        for (const { scheme } of parseChallenges(headers)) {
          expect(scheme).toBe(scheme.toLowerCase());
        }
      }),
    );
  });
});
