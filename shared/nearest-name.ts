import { distance } from 'fastest-levenshtein';
import { type JsonSchema, profileJsonSchema } from './profile-json-schema.ts';

/** Characters of a name that are compared; no name of a profile is longer. */
const comparedLength = 64;
/** A neighbour this close is a typing error; farther off, the name may stand in the wrong place. */
const typingError = 2;

const schema = profileJsonSchema();

/**
 * The valid name, with its dotted path, that an unknown `key` at `path` most likely means:
 * the closest spelling in the same place, or the same spelling in another place.
 */
export function nearestName(path: readonly string[], key: string, profile: unknown): string {
  const wanted = key.slice(0, comparedLength).toLowerCase();
  const neighbours = namesAt(path, profile)
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far);
  const neighbour = neighbours[0];
  if (neighbour && neighbour.far <= typingError) return [...path, neighbour.name].join('.');
  const elsewhere = everyName.find(({ leaf }) => leaf.toLowerCase() === wanted);
  if (elsewhere) return elsewhere.path;
  return neighbour ? [...path, neighbour.name].join('.') : 'none';
}

/** Valid names in the object at `path`; a union is resolved by what stands in the profile. */
function namesAt(path: readonly string[], profile: unknown): readonly string[] {
  let part: JsonSchema | undefined = schema;
  let value = profile;
  for (const name of path) {
    part = part?.properties?.[name];
    value = propertyOf(value, name);
    part = part && resolveUnion(part, propertyOf(value, 'kind'));
  }
  return Object.keys(part?.properties ?? {});
}

function resolveUnion(part: JsonSchema, kind: unknown): JsonSchema {
  const members = (part.oneOf ?? part.anyOf ?? []).flatMap((member) => member.oneOf ?? [member]);
  if (members.length === 0) return part;
  const meant = members.find((member) => member.properties?.kind?.const === kind);
  return meant ?? members.find((member) => member.properties !== undefined) ?? part;
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** Every name outside unions; those inside depend on the kind chosen there. */
const everyName = listNames(schema, []);

function listNames(part: JsonSchema, path: readonly string[]): { leaf: string; path: string }[] {
  return Object.entries(part.properties ?? {}).flatMap(([leaf, inner]) => {
    const here = [...path, leaf];
    return [{ leaf, path: here.join('.') }, ...listNames(inner, here)];
  });
}
