import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';
import {
  chooseDigest,
  type DigestChallenge,
  digestAuthorization,
} from './digest-authentication.ts';

function chosen(...headers: string[]): DigestChallenge {
  const challenge = chooseDigest(parseChallenges(headers));
  if (challenge === null || typeof challenge === 'string') throw new Error(`none: ${challenge}`);
  return challenge;
}

const parametersOf = (authorization: string) => {
  const [fields] = parseChallenges([authorization]);
  return Object.fromEntries(fields?.parameters ?? []);
};

/** RFC 7616 §3.9.1. */
const mufasa = {
  username: 'Mufasa',
  password: Buffer.from('Circle of Life'),
  method: 'GET',
  uri: '/dir/index.html',
  body: Buffer.alloc(0),
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const example = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

describe('the answer to a Digest challenge', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is that of RFC 7616 §3.9.1 for %s', (algorithm, response) => {
    const fields = parametersOf(digestAuthorization(chosen(example(algorithm)), mufasa));
    expect(fields).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm,
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce: mufasa.cnonce,
      qop: 'auth',
      response,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    });
  });

  it('is that of RFC 7616 §3.9.2 for a hashed user name', () => {
    const challenge = chosen(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", charset=UTF-8, userhash=true',
    );
    const fields = parametersOf(
      digestAuthorization(challenge, { ...mufasa, username: 'J\u00e4s\u00f8n Doe' }),
    );
    expect(fields.userhash).toBe('true');
    expect(fields.username).toBe(
      createHash('sha512-256').update('J\u00e4s\u00f8n Doe:api@example.org').digest('hex'),
    );
  });

  it('is that of RFC 2069 when the server knows no qop', () => {
    const challenge = chosen('Digest realm="r", nonce="n"');
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const fields = parametersOf(digestAuthorization(challenge, mufasa));
    const expected = md5(`${md5('Mufasa:r:Circle of Life')}:n:${md5('GET:/dir/index.html')}`);
    expect(fields.response).toBe(expected);
    expect(fields).not.toHaveProperty('algorithm');
    expect(fields).not.toHaveProperty('cnonce');
  });

  it('covers the body with auth-int and the session with -sess', () => {
    const challenge = chosen('Digest realm="r", nonce="n", qop="auth-int", algorithm=SHA-256-sess');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const input = { ...mufasa, method: 'POST', body: Buffer.from('request'), count: 10 };
    const key = hash(`${hash('Mufasa:r:Circle of Life')}:n:${mufasa.cnonce}`);
    const action = hash(`POST:/dir/index.html:${hash('request')}`);
    const fields = parametersOf(digestAuthorization(challenge, input));
    expect(fields.nc).toBe('0000000a');
    expect(fields.response).toBe(hash(`${key}:n:0000000a:${mufasa.cnonce}:auth-int:${action}`));
  });

  it('escapes what the server put into quotes', () => {
    const challenge = chosen('Digest realm="a \\"b\\" \\\\c", nonce="n", opaque="o\\"p"');
    const value = digestAuthorization(challenge, { ...mufasa, username: 'x"y' });
    expect(value).toContain('username="x\\"y", realm="a \\"b\\" \\\\c"');
    expect(value).toContain('opaque="o\\"p"');
  });

  it('writes a user name beyond ASCII in extended notation', () => {
    const challenge = chosen('Digest realm="r", nonce="n"');
    const value = digestAuthorization(challenge, { ...mufasa, username: "Jürgen's" });
    expect(value).toContain("username*=UTF-8''J%C3%BCrgen%27s,");
  });
});

describe('the choice among Digest challenges', () => {
  it('takes the strongest, whatever their order', () => {
    const offers = [example('MD5'), example('SHA-512-256-sess'), example('SHA-256')];
    expect(chosen(...offers).algorithm).toBe('SHA-512-256-sess');
    expect(chosen(...offers.toReversed()).algorithm).toBe('SHA-512-256-sess');
  });

  it('leaves out those it cannot answer', () => {
    expect(chosen(example('SHA3-512'), example('MD5')).algorithm).toBe('MD5');
  });

  it.each([
    ['Digest nonce="n"', 'the Digest challenge has no realm'],
    ['Digest realm="", nonce="n"', 'the Digest challenge has no realm'],
    ['Digest realm="r"', 'the Digest challenge has no nonce'],
    ['Digest realm="r", nonce=""', 'the Digest challenge has no nonce'],
    ['Digest realm="r", nonce="n", qop=""', 'the Digest challenge has no usable qop'],
    ['Digest realm="r", nonce="n", qop="later"', 'the Digest challenge has no usable qop'],
    ['Digest realm="r", nonce="n", algorithm=X', 'the Digest algorithm X is not known'],
  ])('says what is wrong with %s', (header, problem) => {
    expect(chooseDigest(parseChallenges([header]))).toBe(problem);
  });

  it('finds none among other schemes', () => {
    expect(chooseDigest(parseChallenges(['Basic realm="r"']))).toBeNull();
  });
});
