import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Transcript } from './transcript.ts';

describe('a transcript', () => {
  it('hashes its messages in order', () => {
    const transcript = new Transcript();
    transcript.add(Buffer.from('one'));
    const before = transcript.digest('sha256');
    transcript.add(Buffer.from('two'));
    expect(before).toEqual(createHash('sha256').update('one').digest());
    expect(transcript.digest('sha384')).toEqual(createHash('sha384').update('onetwo').digest());
    expect(transcript.bytes().toString()).toBe('onetwo');
  });

  it('puts the hash of the first ClientHello in its place (RFC 8446 §4.4.1)', () => {
    const transcript = new Transcript();
    transcript.add(Buffer.from('hello'));
    transcript.replaceByHash('sha256');
    const digest = createHash('sha256').update('hello').digest();
    expect(transcript.bytes()).toEqual(Buffer.concat([Buffer.from('fe000020', 'hex'), digest]));
  });
});
