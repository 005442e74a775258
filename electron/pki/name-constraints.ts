import {
  contextConstructed,
  contextPrimitive,
  DerReader,
  enterOnly,
  MalformedDer,
  tags,
} from './der.ts';
import { smallInteger } from './der-values.ts';
import { extensionOids } from './extensions.ts';
import { type GeneralName, generalName, generalNames } from './general-names.ts';
import { attributeText, nameRdns } from './name.ts';
import { withinSubtree } from './name-subtree.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathRefusal } from './path-refusal.ts';

/** The names of a certificate that constraints apply to, and its title. */
export interface ConstrainedNames {
  readonly names: readonly GeneralName[];
  readonly title: string;
}

const emailAddress = '1.2.840.113549.1.9.1';

/** Every comparison costs time; an honest path needs a few hundred. */
const mostComparisons = 100_000;

/**
 * Subject and alternative names (RFC 5280 §6.1.3 (b), (c)). Mail addresses in the subject count when there is
 * none among the alternative names (§4.2.1.10).
 * @throws MalformedDer.
 */
export function constrainingNames({
  subject,
  extensions,
  title,
}: PathCertificate): ConstrainedNames {
  const alternatives = extensions.get(extensionOids.subjectAltName);
  const names = alternatives ? generalNames(alternatives.value) : [];
  const attributes = nameRdns(subject).flat();
  if (!names.some(({ kind }) => kind === 'email')) {
    for (const { oid, value } of attributes) {
      const text = oid === emailAddress ? attributeText(value) : null;
      if (text !== null) names.push({ kind: 'email', text });
    }
  }
  if (attributes.length > 0) names.push({ kind: 'directory', name: subject });
  return { names, title };
}

/** The permitted and excluded subtrees gathered on the way from the anchor (RFC 5280 §6.1.2 (b), (c)). */
export class NameConstraints {
  /** One list for each certificate that permits: a name must stand in every list that speaks of its kind. */
  readonly #permitted: (readonly GeneralName[])[] = [];
  readonly #excluded: GeneralName[] = [];
  #comparisons = 0;

  /** Takes over what an issuer's certificate says (RFC 5280 §6.1.4 (g)). @throws MalformedDer */
  add({ extensions }: PathCertificate): void {
    const found = extensions.get(extensionOids.nameConstraints);
    if (!found) return;
    const reader = enterOnly(found.value, tags.sequence, 'the name constraints');
    const permitted = reader.optional(contextConstructed(0));
    const excluded = reader.optional(contextConstructed(1));
    reader.end('the name constraints');
    if (permitted) this.#permitted.push(subtrees(permitted.contents));
    if (excluded) this.#excluded.push(...subtrees(excluded.contents));
  }

  /** @throws PathRefusal when a name is outside what is permitted or inside what is excluded. */
  check({ names, title }: ConstrainedNames): void {
    for (const name of names) {
      for (const list of this.#permitted) {
        const speaking = list.filter(({ kind }) => kind === name.kind);
        if (speaking.length === 0) continue;
        if (!speaking.some((subtree) => this.#within(name, subtree, 'permitted'))) {
          throw new PathRefusal(
            'name-constraints',
            `${title} has a name its issuers do not permit`,
          );
        }
      }
      const applying = this.#excluded.filter(({ kind }) => kind === name.kind);
      if (applying.some((subtree) => this.#within(name, subtree, 'excluded'))) {
        throw new PathRefusal('name-constraints', `${title} has a name its issuers exclude`);
      }
    }
  }

  #within(name: GeneralName, subtree: GeneralName, side: 'permitted' | 'excluded'): boolean {
    this.#comparisons += 1;
    if (this.#comparisons > mostComparisons) {
      throw new PathRefusal('name-constraints', 'there are too many names and constraints');
    }
    return withinSubtree(name, subtree, side);
  }
}

/** RFC 5280 §4.2.1.10: the minimum is zero and the maximum absent. */
function subtrees(contents: Buffer): GeneralName[] {
  return new DerReader(contents).rest().map(({ whole }) => {
    const reader = enterOnly(whole, tags.sequence, 'a subtree');
    const base = generalName(reader.next().whole);
    const minimum = reader.optional(contextPrimitive(0));
    reader.end('a subtree');
    if (minimum !== null && smallInteger(minimum.contents) !== 0) {
      throw new MalformedDer('a subtree of names begins below its base');
    }
    return base;
  });
}
