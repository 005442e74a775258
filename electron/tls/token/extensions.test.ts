import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vector } from './bytes.ts';
import {
  checkEmpty,
  checkExtensions,
  checkPlaces,
  chosenProtocol,
  extension,
  extensionTypes,
  readExtensions,
} from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';

const what = 'ServerHello';
const refusal = (name: keyof typeof alerts) => expect.objectContaining({ alert: alerts[name] });
const found = (...types: number[]) =>
  readExtensions(Buffer.concat(types.map((type) => extension(type))), what);

describe('a list of extensions', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(0xffff), fc.uint8Array({ maxLength: 20 })), {
          selector: ([type]) => type,
          maxLength: 10,
        }),
        (list) => {
          const bytes = Buffer.concat(list.map(([type, content]) => extension(type, content)));
          const read = [...readExtensions(bytes, what)];
          expect(read.map(([type, content]) => [type, [...content]])).toEqual(
            list.map(([type, content]) => [type, [...content]]),
          );
        },
      ),
    );
  });

  it('is refused with one twice, and when it is cut short', () => {
    expect(() => found(16, 43, 16)).toThrow(refusal('illegalParameter'));
    const cut = extension(16, Buffer.of(1, 2)).subarray(0, -1);
    expect(() => readExtensions(cut, what)).toThrow(refusal('decodeError'));
  });

  it('ends in an alert or a value, whatever it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readExtensions(Buffer.from(bytes), what);
        } catch (error) {
          expect(error).toBeInstanceOf(TlsFailure);
        }
      }),
    );
  });
});

describe('answers of the server (RFC 8446 §4.2)', () => {
  const { serverName, cookie, keyShare } = extensionTypes;
  const offered = new Set<number>([serverName, keyShare]);

  it('must have been asked for', () => {
    expect(() => checkExtensions(found(serverName), offered, [serverName], what)).not.toThrow();
    expect(() => checkExtensions(found(5), offered, [5], what)).toThrow(
      refusal('unsupportedExtension'),
    );
  });

  it('must stand in their message', () => {
    expect(() => checkExtensions(found(keyShare), offered, [serverName], what)).toThrow(
      refusal('illegalParameter'),
    );
  });

  it('have one exception: a cookie comes unasked', () => {
    expect(() => checkExtensions(found(cookie), offered, [cookie], what)).not.toThrow();
    expect(() => checkExtensions(found(cookie), offered, [serverName], what)).toThrow();
  });
});

describe('what a server says by itself', () => {
  it('may hold what this client does not know, and nothing it knows from elsewhere', () => {
    const { signatureAlgorithms, supportedVersions } = extensionTypes;
    const check = (...types: number[]) => checkPlaces(found(...types), [signatureAlgorithms], what);
    expect(() => check(signatureAlgorithms, 47, 0x0a0a)).not.toThrow();
    expect(() => check(supportedVersions)).toThrow(refusal('illegalParameter'));
  });
});

describe('an extension that says all by being there', () => {
  it('is empty or absent', () => {
    expect(() => checkEmpty(undefined, what)).not.toThrow();
    expect(() => checkEmpty(Buffer.alloc(0), what)).not.toThrow();
    expect(() => checkEmpty(Buffer.of(0), what)).toThrow(refusal('decodeError'));
  });
});

describe('the application protocol (RFC 7301 §3.1)', () => {
  const choice = (...names: string[]) => {
    const list = vector(2, ...names.map((name) => vector(1, Buffer.from(name))));
    return chosenProtocol(new Map([[extensionTypes.applicationProtocols, list]]), ['http/1.1']);
  };

  it('is the one chosen, or none', () => {
    expect(choice('http/1.1')).toBe('http/1.1');
    expect(chosenProtocol(new Map(), ['http/1.1'])).toBeNull();
  });

  it.each<[string, string[], keyof typeof alerts]>([
    ['none', [], 'decodeError'],
    ['two', ['http/1.1', 'http/1.1'], 'decodeError'],
    ['an empty one', [''], 'decodeError'],
    ['one not offered', ['h2'], 'illegalParameter'],
  ])('is not %s', (_what, names, name) => {
    expect(() => choice(...names)).toThrow(refusal(name));
  });
});
