import {
  contextPrimitive,
  type DerReader,
  enterOnly,
  MalformedDer,
  readOnly,
  tags,
} from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import type { Extensions } from './extension-list.ts';
import { extensionOids } from './extensions.ts';

export const anyPolicy = '2.5.29.32.0';
const mostPolicies = 1024;

/** RFC 5280 §4.2.1.11; numbers of certificates, null when absent. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null;
  readonly inhibitPolicyMapping: number | null;
}

/** Dotted OIDs of the policies (RFC 5280 §4.2.1.4); null when absent. @throws MalformedDer. */
export function certificatePolicies(extensions: Extensions): string[] | null {
  const found = extensions.get(extensionOids.certificatePolicies);
  if (!found) return null;
  const list = enterOnly(found.value, tags.sequence, 'the policies').rest();
  if (list.length === 0) throw new MalformedDer('the list of policies is empty');
  if (list.length > mostPolicies) throw new MalformedDer('the list of policies is far too long');
  const policies = list.map(({ whole }) => {
    const reader = enterOnly(whole, tags.sequence, 'a policy');
    const policy = identifier(reader);
    reader.optional(tags.sequence);
    reader.end('a policy');
    return policy;
  });
  if (new Set(policies).size < policies.length) throw new MalformedDer('a policy stands twice');
  return policies;
}

/** Subject domain policies by issuer domain policy (RFC 5280 §4.2.1.5). @throws MalformedDer. */
export function policyMappings(extensions: Extensions): Map<string, Set<string>> {
  const mappings = new Map<string, Set<string>>();
  const found = extensions.get(extensionOids.policyMappings);
  if (!found) return mappings;
  const list = enterOnly(found.value, tags.sequence, 'the policy mappings').rest();
  if (list.length > mostPolicies) throw new MalformedDer('there are far too many policy mappings');
  for (const { whole } of list) {
    const reader = enterOnly(whole, tags.sequence, 'a policy mapping');
    const [from, to] = [identifier(reader), identifier(reader)];
    reader.end('a policy mapping');
    mappings.set(from, (mappings.get(from) ?? new Set()).add(to));
  }
  return mappings;
}

/** @throws MalformedDer. */
export function policyConstraints(extensions: Extensions): PolicyConstraints {
  const found = extensions.get(extensionOids.policyConstraints);
  if (!found) return { requireExplicitPolicy: null, inhibitPolicyMapping: null };
  const reader = enterOnly(found.value, tags.sequence, 'the policy constraints');
  const require = reader.optional(contextPrimitive(0));
  const inhibit = reader.optional(contextPrimitive(1));
  reader.end('the policy constraints');
  return {
    requireExplicitPolicy: require === null ? null : smallInteger(require.contents),
    inhibitPolicyMapping: inhibit === null ? null : smallInteger(inhibit.contents),
  };
}

/** RFC 5280 §4.2.1.14. @throws MalformedDer. */
export function inhibitAnyPolicy(extensions: Extensions): number | null {
  const found = extensions.get(extensionOids.inhibitAnyPolicy);
  if (!found) return null;
  return smallInteger(readOnly(found.value, tags.integer, 'the inhibition of any policy').contents);
}

function identifier(reader: DerReader): string {
  return dottedIdentifier(reader.take(tags.objectIdentifier, 'a policy').contents);
}
