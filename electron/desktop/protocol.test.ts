import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { rendererProtocol, stationScheme } from './protocol.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'protocol-'));
  await writeFile(path.join(root, 'index.html'), '<!doctype html>');
});

afterAll(() => discardFolder(root));

describe('the scheme of the station’s pages', () => {
  it('is a standard, secure origin without a way around the policy', () => {
    expect(stationScheme.privileges).toMatchObject({ standard: true, secure: true });
    expect(stationScheme.privileges?.bypassCSP).toBeUndefined();
    expect(stationScheme.privileges?.corsEnabled).toBeUndefined();
  });

  it('serves the page with its policy', async () => {
    const response = await rendererProtocol(root)({ url: 'est-station://app/' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await response.text()).toBe('<!doctype html>');
  });

  it.each([
    'est-station://other/',
    'est-station://app.evil/index.html',
    'est-station://app/../../etc/hosts',
    'est-station://app/%2e%2e/%2e%2e/x.js',
  ])('answers %s with 404', async (url) => {
    expect((await rendererProtocol(root)({ url })).status).toBe(404);
  });
});
