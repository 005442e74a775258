import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { answerFromRenderer, rendererPath } from './renderer-files.ts';

let folder = '';
let root = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'renderer-files-'));
  root = path.join(folder, 'renderer');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await writeFile(path.join(root, 'index.html'), '<!doctype html>');
  await writeFile(path.join(root, 'assets', 'index-1a.js'), 'export {};');
  await writeFile(path.join(root, '.hidden.js'), 'secret');
  await writeFile(path.join(folder, 'outside.js'), 'secret');
  await symlink(path.join(folder, 'outside.js'), path.join(root, 'link.js'));
});

afterAll(() => discardFolder(folder));

describe('the files of the renderer', () => {
  it.each([
    ['https://est-station.invalid/', 'text/html; charset=utf-8'],
    ['est-station://app/index.html', 'text/html; charset=utf-8'],
    ['est-station://app/index.html?x#y', 'text/html; charset=utf-8'],
    ['est-station://app/assets/index-1a.js', 'text/javascript; charset=utf-8'],
  ])('answers %s', async (url, mediaType) => {
    const answer = await answerFromRenderer(root, url);
    expect(answer.status).toBe(200);
    expect(answer.headers['Content-Type']).toBe(mediaType);
    expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'");
    expect(answer.headers['X-Content-Type-Options']).toBe('nosniff');
  });

  it.each([
    'est-station://app/assets/../../outside.js',
    'est-station://app/%2e%2e/outside.js',
    'est-station://app/..%2foutside.js',
    'est-station://app/..%5coutside.js',
    'est-station://app/assets/%2e%2e%2f%2e%2e%2foutside.js',
    'est-station://app/%252e%252e/outside.js',
    'est-station://app/C:/outside.js',
    'est-station://app//etc/hosts.json',
    'est-station://app/link.js',
    'est-station://app/.hidden.js',
    'est-station://app/index.html%00.js',
    'est-station://app/%E0%A4%A',
    'est-station://app/assets/',
    'est-station://app/assets',
    'est-station://app/missing.js',
    'est-station://app/outside.txt',
    'no url',
  ])('finds nothing at %s', async (url) => {
    const answer = await answerFromRenderer(root, url);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain('secret');
  });

  it('never leaves the folder, whatever the path', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      'a',
      '.js',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const found = rendererPath(`/${pieces.join('')}`);
        if (found === null) return;
        const file = path.resolve('/root/of', ...found.segments);
        expect(file.startsWith('/root/of/')).toBe(true);
      }),
    );
  });
});
