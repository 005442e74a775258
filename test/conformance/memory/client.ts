import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { EstExchange } from '../../../electron/est/exchange.ts';
import { openExchange } from '../../../electron/est/open-exchange.ts';
import { readCertificate } from '../../../electron/pki/certificate.ts';
import { openEnvelopedData } from '../../../electron/pki/enveloped-data.ts';
import { readPrivateKey } from '../../../electron/pki/private-key-info.ts';
import { nodeConnector } from '../../../electron/tls/node-connector.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import { profileSchema } from '../../../shared/profile.ts';

/**
 * A process of its own that talks to a server it is told of, and says how much memory that took. Memory is what the
 * kernel counts as resident at its highest (VmHWM), reset when the process is idle: no sample can miss a peak.
 */
const task = z.strictObject({
  port: z.int(),
  root: z.string(),
  operation: z.enum(['cacerts', 'csrattrs', 'crls', 'enroll', 'serverkeygen', 'fullcmc']),
});

export interface MemoryReport {
  /** MiB, resident before the hostile answer. */
  readonly idle: number;
  /** MiB, resident at the highest while it was read. */
  readonly peak: number;
  /** `accept`, or the code of the error. */
  readonly ended: string;
}

const { port, root, operation } = task.parse(JSON.parse(process.argv[2] ?? ''));
const { limits } = profileSchema.parse({
  server: { endpoint: 'est.example:443' },
  keystore: { kind: 'software', path: 'keys' },
  request: { subject: 'CN=memory' },
});

const operations: Record<typeof operation, (exchange: EstExchange) => Promise<unknown>> = {
  cacerts: async (exchange) => {
    const { certificates } = await exchange.cacerts();
    return certificates.map((der) => readCertificate(der));
  },
  csrattrs: (exchange) => exchange.csrattrs(),
  crls: (exchange) => exchange.crls(),
  enroll: (exchange) => exchange.enroll('simpleenroll', null, async () => Buffer.alloc(300)),
  serverkeygen: async (exchange) => {
    const answer = await exchange.serverkeygen(null, async () => Buffer.alloc(300));
    if (answer.kind === 'pending') return;
    const { form, der } = answer.key;
    if (form === 'clear') readPrivateKey(der);
    else
      openEnvelopedData(der, {
        kind: 'secret',
        identifier: Buffer.of(1),
        key: Buffer.alloc(32),
      });
  },
  fullcmc: (exchange) => exchange.fullcmc(null, async () => Buffer.alloc(300)),
};

/** Asks once, over a connection of its own. */
async function ask(): Promise<string> {
  const exchange = await openExchange({
    connector: nodeConnector,
    host: '127.0.0.1',
    port,
    label: null,
    trust: {
      kind: 'anchors',
      anchors: [Buffer.from(root, 'base64')],
      origin: 'explicit',
      hostnameVerification: true,
    },
    credential: null,
    authentication: { scheme: 'none' },
    minTls: 'TLSv1.2',
    maxTls: 'TLSv1.3',
    limits,
  });
  try {
    await operations[operation](exchange);
    return 'accept';
  } catch (error) {
    return StationError.from(error).code;
  } finally {
    exchange.close();
  }
}

function resident(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}

// The first answers are small: what is loaded and compiled on the way belongs to the idle process.
for (const _ of [1, 2, 3]) await ask();
globalThis.gc?.();
await delay(100);
globalThis.gc?.();
const idle = resident('VmRSS');
writeFileSync('/proc/self/clear_refs', '5');
const ended = await ask();
const report: MemoryReport = { idle, peak: resident('VmHWM'), ended };
process.stdout.write(JSON.stringify(report));
