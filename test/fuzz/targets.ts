import { parseChallenges } from '../../electron/est/challenge.ts';
import { parseMediaType } from '../../electron/est/media-type.ts';
import { parseMultipart } from '../../electron/est/multipart.ts';
import { parseRetryAfter } from '../../electron/est/retry-after.ts';
import { excerptOf } from '../../electron/est/status.ts';
import { decodeBody } from '../../electron/est/transfer-encoding.ts';
import { readCertificate } from '../../electron/pki/certificate.ts';
import { readCertsOnly } from '../../electron/pki/certs-only.ts';
import { octetsOf, readControls, transactionIdOf } from '../../electron/pki/cmc/controls.ts';
import { readFullRequest } from '../../electron/pki/cmc/full-request.ts';
import { isFullResponse, readFullResponse } from '../../electron/pki/cmc/full-response.ts';
import { controls } from '../../electron/pki/cmc/identifiers.ts';
import { statusesOf } from '../../electron/pki/cmc/status.ts';
import { readCrl } from '../../electron/pki/crl.ts';
import { readCsrAttributes } from '../../electron/pki/csr-attributes.ts';
import { openEnvelopedData } from '../../electron/pki/enveloped-data.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import { readPkcs12 } from '../../electron/pki/pkcs12/reader.ts';
import { readPrivateKey } from '../../electron/pki/private-key-info.ts';
import { reading } from '../../electron/pki/refusal.ts';
import { readRequest } from '../../electron/pki/request.ts';
import { readKeyFile } from '../../electron/station/key-file.ts';
import { pathTargets } from './path-targets.ts';
import { tlsTargets } from './tls-targets.ts';

/** A reader of what others send. It returns, or throws a StationError, at once or later; anything else is a defect. */
export interface FuzzTarget {
  /** Also the folder of its corpus. */
  readonly name: string;
  readonly read: (input: Buffer) => unknown;
}

const now = new Date(0);
const nothing = Buffer.alloc(0);
/** The key the corpus of enveloped-data was made with. */
const keyEncryptionKey = Buffer.alloc(32, 7);
/** The password of the corpus of pkcs12 and key-file. */
const keyFilePassword = Buffer.from('corpus');
const identifier = Buffer.from('01020304', 'hex');

/** Every parser of answers, requests, certificates and messages. */
export const targets: readonly FuzzTarget[] = [
  { name: 'media-type', read: (input) => parseMediaType(input.toString('latin1')) },
  { name: 'retry-after', read: (input) => parseRetryAfter(input.toString('latin1'), now) },
  { name: 'challenge', read: (input) => parseChallenges([input.toString('latin1')]) },
  { name: 'error-body', read: excerptOf },
  { name: 'base64', read: (input) => decodeBody('cacerts', input, null) },
  { name: 'multipart', read: readMultipart },
  { name: 'pem', read: (input) => certificatesFromPem(input.toString('latin1')) },
  { name: 'certificate', read: readCertificate },
  { name: 'crl', read: readCrl },
  { name: 'certs-only', read: (input) => readCertsOnly(input, 64) },
  { name: 'csr-attributes', read: readCsrAttributes },
  { name: 'request', read: readRequest },
  { name: 'private-key', read: readPrivateKey },
  { name: 'enveloped-data', read: readEnveloped },
  { name: 'pkcs12', read: (input) => readPkcs12(input, keyFilePassword) },
  { name: 'key-file', read: (input) => readKeyFile(input, keyFilePassword) },
  { name: 'cmc-request', read: (input) => readFullRequest(input, 64) },
  { name: 'cmc-response', read: readResponse },
  { name: 'cmc-controls', read: readStatuses },
  ...pathTargets,
  ...tlsTargets,
];

/** The first line stands for the Content-Type. */
function readMultipart(input: Buffer): unknown {
  const end = Math.max(input.indexOf('\n'), 0);
  return parseMultipart('serverkeygen', input.toString('latin1', 0, end), input.subarray(end + 1));
}

function readEnveloped(input: Buffer): unknown {
  return openEnvelopedData(input, { kind: 'secret', key: keyEncryptionKey, identifier });
}

/** What stands behind the signature of a response, where changed octets do not come otherwise. */
function readStatuses(input: Buffer): unknown {
  return reading('CERT-06', () => {
    const found = readControls(input);
    return [transactionIdOf(found), octetsOf(found, controls.recipientNonce), statusesOf(found)];
  });
}

function readResponse(input: Buffer): unknown {
  isFullResponse(input, 64);
  return readFullResponse(input, {
    transactionId: nothing,
    senderNonce: nothing,
    anchors: [],
    caCertificates: [],
    at: now,
    serverDate: null,
    limit: 64,
  });
}
