import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy } from './content-security-policy.ts';

/** The kinds of file a built renderer consists of; nothing else is served. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface RendererAnswer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Where a path of the window's origin lies on the disk. */
export interface RendererPath {
  /** Segments below the renderer's folder. */
  readonly segments: readonly string[];
  readonly mediaType: string;
}

/**
 * Reads the path of a URL as a file of the renderer: `/` is `index.html`.
 * @returns null for whatever could leave the folder (`..`, encoded separators, drive letters),
 * for hidden files and for kinds of file a renderer does not have.
 */
export function rendererPath(pathname: string): RendererPath | null {
  const decoded = decode(pathname === '/' ? '/index.html' : pathname);
  if (decoded === null || !decoded.startsWith('/')) return null;
  const segments = decoded.slice(1).split('/');
  if (!segments.every(isPlainName)) return null;
  const mediaType = mediaTypes[path.posix.extname(decoded).toLowerCase()];
  return mediaType === undefined ? null : { segments, mediaType };
}

/**
 * Answers a request for a page, script or style of the window.
 * @param root folder of the built renderer.
 * @param url the URL asked for; its origin has been checked by the host.
 */
export async function answerFromRenderer(root: string, url: string): Promise<RendererAnswer> {
  const found = URL.canParse(url) ? rendererPath(new URL(url).pathname) : null;
  const body = found === null ? null : await readInside(root, found.segments);
  if (found === null || body === null) {
    return { status: 404, headers: headersFor('text/plain'), body: Buffer.from('Not found\n') };
  }
  return { status: 200, headers: headersFor(found.mediaType), body };
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/** Letters, digits and `. _ -`, not hidden: what Vite names its files. */
function isPlainName(segment: string): boolean {
  return segment.length <= 200 && /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment);
}

/** Reads a file that really lies below `root`, links resolved; null when there is none. */
async function readInside(root: string, segments: readonly string[]): Promise<Buffer | null> {
  try {
    const folder = await realpath(root);
    const file = await realpath(path.join(folder, ...segments));
    return file.startsWith(folder + path.sep) ? await readFile(file) : null;
  } catch {
    return null;
  }
}

function headersFor(mediaType: string): Record<string, string> {
  return {
    'Content-Type': mediaType,
    'Content-Security-Policy': contentSecurityPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}
