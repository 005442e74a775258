import { StationError } from '../../shared/errors/station-error.ts';
import { boundedFile } from './given-file.ts';

/** One token of a batch. */
export interface TokenRow {
  /** 1 to 32 bytes of UTF-8. */
  readonly label: string;
  /** Names a token in use; without it the only blank one is meant. */
  readonly serial?: string;
  /** The present label or serial of a token in use whose contents may be destroyed. */
  readonly destroy?: string;
}

const columns = ['label', 'serial', 'destroy'] as const;
const mostRows = 500;

/**
 * Reads a batch: CSV (RFC 4180 without quotes) with the header `label`, `label,serial` or `label,serial,destroy`.
 * @throws StationError USAGE-01 for another form, more than 500 rows, or a label or serial that comes twice.
 */
export async function readTokenRows(file: string): Promise<TokenRow[]> {
  return parseTokenRows(await textOf(file));
}

/** @throws StationError USAGE-01 */
export function parseTokenRows(text: string): TokenRow[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const [header = '', ...rest] = lines;
  const names = header.split(',').map((name) => name.trim());
  const fits = names.length <= columns.length && names.every((name, at) => name === columns[at]);
  if (!fits || names.length === 0) throw refusal(`its header must be ${columns.join(',')}`);
  if (rest.length === 0 || rest.length > mostRows)
    throw refusal(`it must have 1 to ${mostRows} rows`);
  const rows = rest.map((line, index) => rowOf(line, names.length, index + 2));
  demandDifferent(rows.map(({ label }) => label));
  demandDifferent(rows.flatMap(({ serial }) => serial ?? []));
  return rows;
}

function rowOf(line: string, width: number, number: number): TokenRow {
  const [label = '', serial = '', destroy = '', ...others] = line
    .split(',')
    .map((cell) => cell.trim());
  const bytes = Buffer.byteLength(label);
  const plain = !/["\p{Cc}]/u.test(line) && others.length === 0 && line.split(',').length <= width;
  if (!plain || bytes < 1 || bytes > 32 || serial.length > 16 || destroy.length > 32) {
    throw refusal(`line ${number} is not label, serial, destroy`);
  }
  return {
    label,
    ...(serial === '' ? {} : { serial }),
    ...(destroy === '' ? {} : { destroy }),
  };
}

function demandDifferent(values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw refusal(`${twice} comes twice`);
}

async function textOf(file: string): Promise<string> {
  try {
    return (await boundedFile(file)).toString('utf8');
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function refusal(detail: string): StationError {
  return new StationError('USAGE-01', { detail: `The file of rows cannot be used: ${detail}.` });
}
