import { InvalidArgumentError } from 'commander';

const mostValues = 64;
const longestValue = 512;

/** Collects `--fill NAME=VALUE`: values for names a server's template leaves open. */
export function fill(
  value: string,
  earlier: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, text] = /^([A-Za-z][A-Za-z0-9.-]{0,63}|\d[\d.]{0,127})=(.+)$/s.exec(value) ?? [];
  if (name === undefined || text === undefined || text.length > longestValue) {
    throw new InvalidArgumentError('It must be NAME=VALUE, for example serialNumber=20417.');
  }
  if (Object.keys(earlier).length >= mostValues) {
    throw new InvalidArgumentError('There are too many values.');
  }
  return { ...earlier, [name]: text };
}
