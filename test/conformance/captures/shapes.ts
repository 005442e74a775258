import { generateKeyPairSync } from 'node:crypto';
import { element, objectIdentifier, sequence, setOf } from '../../../electron/pki/der-writer.ts';
import type { EstFixture } from '../../est-fixture.ts';

/** One answer as it stood on the wire. */
export interface Capture {
  readonly head: string;
  readonly body: string;
}

/** What a widely copied server answers, and what the station must make of it. */
export interface Shape {
  readonly title: string;
  readonly operation: 'cacerts' | 'csrattrs' | 'simpleenroll' | 'serverkeygen' | 'fullcmc';
  readonly scheme: 'none' | 'basic' | 'digest';
  /** As `readAnswer` of captures.test.ts tells it. */
  readonly expected: string;
  /** Files of real answers of this shape, in a folder of captures. */
  readonly files: readonly string[];
  /** The same shape, made by the project. */
  readonly made: (fixture: EstFixture) => readonly Capture[];
}

/** Base64 in lines of 64 columns, the last ended too. */
function wrapped(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString('base64')
    .replace(/(.{1,64})/g, '$1\n');
}

function ok(type: string, body: string): Capture {
  const head =
    `HTTP/1.1 200 OK\r\nStatus: 200 OK\r\nContent-Type: ${type}\r\n` +
    `Content-Transfer-Encoding: base64\r\nContent-Length: ${body.length}\r\n\r\n`;
  return { head, body };
}

function refusal(status: string): Capture {
  const body = `Error ${status.replace(' ', ': ')}\nThe request cannot be served.\n`;
  const head = `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  return { head, body };
}

const challenge = (value: string): Capture => ({
  head: `HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: ${value}\r\n\r\n`,
  body: '',
});

const bag = ({ bag: base64 }: EstFixture) => wrapped(Buffer.from(base64, 'base64'));

const text = (value: string) => element(0x13, Buffer.from(value));
const attributes = sequence(
  objectIdentifier('1.3.6.1.1.1.1.22'),
  sequence(objectIdentifier('2.999.1'), setOf(text('a value of 2.999.1'))),
  sequence(objectIdentifier('2.999.2'), setOf(objectIdentifier('2.999.3'), text('another'))),
  objectIdentifier('1.3.36.3.3.2.8.1.1.11'),
  objectIdentifier('2.16.840.1.101.3.4.2.2'),
);

/** LF inside the parts, CRLF around them, PKCS#1 where PKCS#8 belongs, an empty line behind. */
function keyAndCertificate(fixture: EstFixture): Capture {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = wrapped(privateKey.export({ type: 'pkcs1', format: 'der' }));
  const part = (type: string, body: string) =>
    `--server-boundary\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;
  const certificates = part('application/pkcs7-mime; smime-type=certs-only', bag(fixture));
  const body = `${part('application/pkcs8', key)}${certificates}--server-boundary--\r\n\r\n`;
  const head =
    'HTTP/1.1 200 OK\r\nStatus: 200 OK\r\nContent-Type: multipart/mixed; boundary=server-boundary\r\n' +
    `Content-Length: ${body.length}\r\n\r\n`;
  return { head, body };
}

const enrollment = { operation: 'simpleenroll', scheme: 'none' } as const;

/** Every shape of the answers that were captured. */
export const shapes: readonly Shape[] = [
  {
    title: 'certificates of a CA, wrapped, after stray headers',
    operation: 'cacerts',
    scheme: 'none',
    expected: '1 certificates',
    files: ['cacerts'],
    made: (fixture) => [ok('application/pkcs7-mime', bag(fixture))],
  },
  {
    ...enrollment,
    title: 'an issued certificate, wrapped, after stray headers',
    expected: '1 certificates',
    files: [
      ...['simpleenroll', 'reenroll', 'reenroll-othersubj', 'crlf-csr', 'pem-csr'],
      ...['retry202b', 'tls-ok'],
    ],
    made: (fixture) => [ok('application/pkcs7-mime; smime-type=certs-only', bag(fixture))],
  },
  {
    title: 'attributes in one line, most of them unknown',
    operation: 'csrattrs',
    scheme: 'none',
    expected: '1.3.6.1.1.1.1.22 2.999.1 2.999.2 1.3.36.3.3.2.8.1.1.11 2.16.840.1.101.3.4.2.2',
    files: ['csrattrs', 'csrattrs-noauth'],
    made: () => [ok('application/csrattrs', attributes.toString('base64'))],
  },
  {
    ...enrollment,
    title: 'a wait without a length',
    expected: 'wait 3600 s',
    files: ['retry-ok', 'retry202'],
    made: () => [
      {
        head: 'HTTP/1.1 202 Accepted\r\nStatus: 202 Accepted\r\nRetry-After: 3600\r\n\r\n',
        body: '',
      },
    ],
  },
  {
    title: 'a key in PKCS#1 beside its certificate',
    operation: 'serverkeygen',
    scheme: 'none',
    expected: 'a key in PKCS#1, 1 certificates',
    files: ['skg'],
    made: (fixture) => [keyAndCertificate(fixture)],
  },
  {
    ...enrollment,
    title: '400 with a sentence, closing',
    expected: 'refuse SERVER-06',
    files: [
      ...['bad-csr', 'chunked-csr', 'der-csr', 'enforce', 'get-enroll'],
      ...['oneline-csr', 'wrong-ct'],
    ],
    made: () => [refusal('400 Bad Request')],
  },
  {
    ...enrollment,
    title: '404 with a sentence, closing',
    expected: 'refuse SERVER-02',
    files: ['label', 'unknown-op'],
    made: () => [refusal('404 Not Found')],
  },
  {
    title: '404 for fullcmc',
    operation: 'fullcmc',
    scheme: 'none',
    expected: 'refuse SERVER-02',
    files: ['fullcmc'],
    made: () => [refusal('404 Not Found')],
  },
  {
    ...enrollment,
    title: '401 with Basic, then certificates',
    scheme: 'basic',
    expected: '1 certificates',
    files: ['simpleenroll-noauth'],
    made: () => [challenge('Basic realm="a realm"')],
  },
  {
    ...enrollment,
    title: '401 with Bearer',
    scheme: 'basic',
    expected: 'refuse SERVER-15',
    files: ['token-none'],
    made: () => [challenge('Bearer realm="a realm"')],
  },
  {
    ...enrollment,
    title: '401 without a challenge, closing',
    scheme: 'basic',
    expected: 'refuse SERVER-04',
    files: ['tls-noauth', 'token', 'wrongpwd'],
    made: () => [refusal('401 Unauthorized')],
  },
  {
    ...enrollment,
    title: 'Digest without algorithm, then 401 without a challenge',
    scheme: 'digest',
    expected: 'refuse SERVER-03',
    files: ['digest-nopop'],
    made: () => [
      challenge('Digest qop="auth", realm="a realm", nonce="1700000000"'),
      refusal('401 Unauthorized'),
    ],
  },
  {
    ...enrollment,
    title: 'nothing at all',
    expected: 'refuse NET-04',
    files: ['tls13'],
    made: () => [{ head: '', body: '' }],
  },
];
