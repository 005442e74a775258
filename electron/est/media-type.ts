import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';

/** A media type (RFC 9110 §8.3.1); type and parameter names in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const typePart = new RegExp(`^\\s*(${token}/${token})\\s*(?=;|$)`);
const parameterPart = new RegExp(
  `^;\\s*(?:(${token})\\s*=\\s*(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?\\s*(?=;|$)`,
);

/** Reads a Content-Type value: odd case, quoted parameters and empty parameters are tolerated. */
export function parseMediaType(value: string): MediaType | null {
  const type = typePart.exec(value);
  if (type?.[1] === undefined) return null;
  const parameters = new Map<string, string>();
  let rest = value.slice(type[0].length);
  while (rest !== '') {
    const parameter = parameterPart.exec(rest);
    if (parameter === null) return null;
    const [whole, name, plain, quoted] = parameter;
    if (name !== undefined) {
      parameters.set(name.toLowerCase(), plain ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
    }
    rest = rest.slice(whole.length);
  }
  return { type: type[1].toLowerCase(), parameters };
}

/** What servers send for certificates: the registered type and its older name. */
export const certificateTypes = ['application/pkcs7-mime', 'application/x-pkcs7-mime'] as const;
export const attributeTypes = ['application/csrattrs'] as const;

/**
 * Checks that an answer has one of the media types. A missing Content-Type is tolerated, since
 * the body is checked anyway.
 * @returns the type found, with the oddities tolerated.
 * @throws StationError SERVER-11 when it is another type.
 */
export function expectMediaType(
  operation: string,
  header: string | undefined,
  accepted: readonly string[],
): { readonly type: string | null; readonly warnings: readonly Notice[] } {
  if (header === undefined || header.trim() === '') {
    return {
      type: null,
      warnings: [notice('ANSWER-TOLERATED', { detail: `${operation} without a media type` })],
    };
  }
  const media = parseMediaType(header);
  // A server may spoil its parameters and still name the type.
  const type = media?.type ?? header.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!accepted.includes(type)) {
    throw new StationError('SERVER-11', {
      operation,
      type: header.slice(0, 100),
      expected: accepted[0] ?? '',
    });
  }
  return { type, warnings: [] };
}
