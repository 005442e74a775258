import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EstExchange, HttpAuthentication } from '../../electron/est/exchange.ts';
import { readCsrAttributes } from '../../electron/pki/csr-attributes.ts';
import { readPrivateKey } from '../../electron/pki/private-key-info.ts';
import { readRequest } from '../../electron/pki/request.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { basic, EstFixture, maker } from '../est-fixture.ts';
import type { Reply } from '../scripted-server.ts';
import { type Capture, type Shape, shapes } from './captures/shapes.ts';
import { observe } from './observe.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

/** Sends an answer exactly as it stood; whoever announces no length, or nothing at all, closes. */
function replay({ head, body }: Capture): Reply {
  return (socket) => {
    const closes = !/^Content-Length:/im.test(head) || /^Connection: close/im.test(head);
    if (head !== '') socket.write(Buffer.from(`${head}${body}`, 'latin1'));
    if (closes) socket.end();
  };
}

/** What the station makes of the answer, in words. */
async function answered(exchange: EstExchange, operation: Shape['operation']): Promise<string> {
  if (operation === 'cacerts') return counted((await exchange.cacerts()).certificates);
  if (operation === 'csrattrs') return (await exchange.csrattrs()).oids.join(' ');
  if (operation === 'serverkeygen') {
    const answer = await exchange.serverkeygen(null, maker());
    if (answer.kind === 'pending') return `wait ${answer.retryAfterSeconds} s`;
    const { form } = readPrivateKey(answer.key.der);
    return `a key in ${form}, ${counted(answer.certificates)}`;
  }
  const answer =
    operation === 'fullcmc'
      ? await exchange.fullcmc(null, maker())
      : await exchange.enroll(operation, null, maker());
  if (answer.kind === 'pending') return `wait ${answer.retryAfterSeconds} s`;
  return answer.kind === 'issued' ? counted(answer.certificates) : answer.kind;
}

const counted = (certificates: readonly Buffer[]) => `${certificates.length} certificates`;

async function readAnswer(
  { operation, scheme }: Shape,
  captures: readonly Capture[],
): Promise<string> {
  const authentication: HttpAuthentication = scheme === 'none' ? { scheme } : { ...basic, scheme };
  const script = [...captures.map(replay), fixture.certificates];
  await using talk = await fixture.talk(script, { authentication });
  try {
    return await answered(talk.exchange, operation);
  } catch (error) {
    return `refuse ${StationError.from(error).code}`;
  }
}

describe('an answer of the shape', () => {
  test.each(shapes.map((shape) => [shape.title, shape] as const))('%s', async (title, shape) => {
    const read = await readAnswer(shape, shape.made(fixture));
    expect(read).toBe(shape.expected);
    observe('capture', title, read.startsWith('refuse') ? read : 'accept');
  });
});

const folder = process.env.EST_STATION_CAPTURES;
if (folder === undefined) {
  process.stderr.write(
    '\nReal answers of servers were NOT read: EST_STATION_CAPTURES names no folder of captures.\n\n',
  );
}

describe.skipIf(folder === undefined)('a folder of captures', () => {
  const answers = join(folder ?? '', 'libest');
  const rfc9908 = join(folder ?? '', 'rfc9908');

  /** Several heads in one file are several answers; the body belongs to the last. */
  function captures(name: string): Capture[] {
    const heads = readFileSync(join(answers, `${name}.hdr`), 'latin1').split(/(?<=\r\n\r\n)(?=.)/s);
    const file = join(answers, `${name}.body`);
    const last = existsSync(file) ? readFileSync(file, 'latin1') : '';
    return heads.map((head, index) => ({ head, body: index === heads.length - 1 ? last : '' }));
  }

  test('holds no answer of a shape that is not listed', () => {
    const names = readdirSync(answers)
      .filter((file) => file.endsWith('.hdr'))
      .map((file) => file.replace(/\.hdr$/, ''));
    expect(shapes.flatMap(({ files }) => files).toSorted()).toEqual(names.toSorted());
  });

  test.each(shapes.flatMap((shape) => shape.files.map((file) => [file, shape] as const)))(
    'holds %s, which is read as its shape is',
    async (file, shape) => {
      expect(await readAnswer(shape, captures(file))).toBe(shape.expected);
    },
  );

  test.each([
    ['rfc7030-example01', { asksForPop: true, key: { algorithm: 'EC', parameter: 'secp384r1' } }],
    ['realistic-acp', { oids: ['1.2.840.113549.1.9.14'], asksForPop: false, template: false }],
  ])('holds the attributes %s', (name, expected) => {
    const text = readFileSync(join(rfc9908, `${name}.csrattr.b64`), 'latin1');
    expect(readCsrAttributes(Buffer.from(text, 'base64'))).toMatchObject(expected);
  });

  test('holds a request that a server makes attributes of', () => {
    const read = readRequest(readFileSync(join(rfc9908, 'CSR-template.der')));
    expect(read.subject.includes(Buffer.from('myGroup'))).toBe(true);
  });
});
