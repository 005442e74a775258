import { expect, it } from 'vitest';
import { serverNameIndication } from './server-name-indication.ts';

it.each([
  ['est.example', 'est.example'],
  ['EST.example.', 'est.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['localhost', 'localhost'],
  ['192.0.2.1', null],
  ['192.0.2.1.', null],
  ['0x7f.1', null],
  ['2001:db8::1', null],
  ['fe80::1%eth0', null],
  ['a b.example', null],
])('the server_name of %s is %s', (host, name) => {
  expect(serverNameIndication(host)).toBe(name);
});
