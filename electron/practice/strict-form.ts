import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './answer.ts';

const wrapped = /^(?:[A-Za-z0-9+/=]{1,76}\r?\n)*[A-Za-z0-9+/=]{1,76}(?:\r?\n)?$/;

/**
 * What servers demand that read one form of a request only.
 * @throws Refusal 411 without Content-Length.
 */
export function demandLength(headers: IncomingHttpHeaders): void {
  if (headers['transfer-encoding'] !== undefined || headers['content-length'] === undefined) {
    throw new Refusal(411, 'This server reads requests with a Content-Length only.', {
      Connection: 'close',
    });
  }
}

/** @throws Refusal 415 for a Content-Type with parameters, 400 for base64 in lines of more than 76 columns. */
export function demandPlainForm(headers: IncomingHttpHeaders, body: Buffer, type: string): void {
  if (headers['content-type'] !== type) {
    throw new Refusal(415, `This server reads ${type} without parameters only.`);
  }
  if (!wrapped.test(body.toString('latin1'))) {
    throw new Refusal(400, 'This server reads base64 in lines of at most 76 columns only.');
  }
}
