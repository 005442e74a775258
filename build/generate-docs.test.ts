import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../shared/errors/catalogue.ts';
import { type Profile, profileSchema } from '../shared/profile.ts';
import { checkProfile } from '../shared/profile-check.ts';
import { profileJsonSchema } from '../shared/profile-json-schema.ts';
import { generatedDocs, staleDocs } from './generate-docs.ts';

const page = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

/** Code blocks of a language in a page. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, code]) => code ?? '',
  );

describe('generated documents', () => {
  it('are those of the sources', async () => {
    expect(await staleDocs()).toEqual([]);
  });

  it('list every error', () => {
    const errors = generatedDocs().get('docs/errors.md') ?? '';
    const headings = [...errors.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
    expect(headings.toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });
});

describe('the JSON Schema of the profile', () => {
  const validate = new Ajv2020({ strict: true }).compile(profileJsonSchema());
  const least = {
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: '/keys' },
    request: { subject: 'CN=a' },
  };

  it.each<[string, unknown, boolean]>([
    ['the least profile', least, true],
    ['a profile with every default written out', profileSchema.parse(least), true],
    ['an unknown key', { ...least, enabeld: true }, false],
    ['a missing subject', { ...least, request: {} }, false],
    ['another version', { ...least, profileVersion: 2 }, false],
    [
      'a keystore of both kinds',
      { ...least, keystore: { ...least.keystore, module: '/m' } },
      false,
    ],
  ])('judges %s as the station does', (_, profile, valid) => {
    expect(validate(profile)).toBe(valid);
    expect(checkProfile(profile).valid).toBe(valid);
  });
});

describe('docs/profile.md', () => {
  const text = page('profile.md');

  it('shows profiles that are valid', () => {
    const examples = blocks(text, 'json');
    expect(examples).toHaveLength(2);
    for (const example of examples)
      expect(checkProfile(JSON.parse(example))).toMatchObject({ valid: true });
  });

  it('tells every attribute with its default', () => {
    const rows = new Map(
      [...text.matchAll(/^\| `([\w.]+)` \| (.+?) \|/gm)].map(([, name, value]) => [name, value]),
    );
    const token = profileSchema.parse({
      server: { endpoint: 'a' },
      keystore: {
        kind: 'pkcs11',
        module: 'm',
        token: { serial: 's', label: 'l' },
        libraryParameters: 'p',
      },
      request: { subject: 'CN=a' },
    });
    const given = /^(server\.endpoint|keystore\..*|request\.subject)$/;
    const expected = leaves(token).map(([name, value]) =>
      given.test(name) ? [name, undefined] : [name, `\`${JSON.stringify(value)}\``],
    );
    for (const [name, value] of expected) {
      expect(rows.has(name), name).toBe(true);
      if (value !== undefined) expect(rows.get(name), name).toBe(value);
    }
    expect(rows.size).toBe(expected.length + 1);
    expect(rows.has('keystore.path')).toBe(true);
  });
});

function leaves(profile: Profile): (readonly [string, unknown])[] {
  const walk = (value: unknown, path: string): (readonly [string, unknown])[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, inner]) =>
          walk(inner, path === '' ? name : `${path}.${name}`),
        )
      : [[path, value]];
  return walk(profile, '');
}

describe('docs/audit-format.md', () => {
  it('gives a command that prints the hash it names', () => {
    const [command = ''] = blocks(page('audit-format.md'), 'sh');
    const [printed = ''] = blocks(page('audit-format.md'), 'text');
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(printed);
  });
});
