import { describe, expect, it } from 'vitest';
import { StationError } from './errors/station-error.ts';
import { serverKey } from './server-key.ts';

const server = (endpoint: string, label: string | null = null) => ({
  server: { endpoint, label, hostnameVerification: true },
});

describe('serverKey', () => {
  it.each([
    ['est.example', null, 'est.example:443'],
    ['est.example:443', null, 'est.example:443'],
    ['EST.Example:8443', null, 'est.example:8443'],
    ['est.example:8443', 'Line3', 'est.example:8443/Line3'],
    ['[2001:DB8::1]', null, '[2001:db8::1]:443'],
    ['192.0.2.1:9443', 'a', '192.0.2.1:9443/a'],
  ])('names %s with label %s as %s', (endpoint, label, key) => {
    expect(serverKey(server(endpoint, label))).toBe(key);
  });

  it('refuses what is no endpoint', () => {
    expect(() => serverKey(server('https://est.example'))).toThrow(StationError);
  });
});
