import { z } from 'zod';
import { profileSchema } from './profile.ts';

/** A JSON Schema or a part of one, as far as profiles need it. */
export interface JsonSchema {
  readonly $id?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Identifies the schema of profile version 1; it changes with `profileVersion`. */
const profileSchemaId = 'urn:est-station:profile:1';

/**
 * The profile as a person writes it, as JSON Schema 2020-12, without defaults filled in.
 * Rules between attributes stay with the station: the schema says no more than it can.
 */
export function profileJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(profileSchema, { io: 'input' });
  return { $schema, $id: profileSchemaId, title: 'EST Station profile', ...schema } as JsonSchema;
}
