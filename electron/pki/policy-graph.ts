import { anyPolicy } from './policy-extensions.ts';

interface PolicyNode {
  readonly policy: string;
  expected: ReadonlySet<string>;
  readonly parents: ReadonlySet<PolicyNode>;
}

type Level = Map<string, PolicyNode>;

/**
 * The valid policy graph (RFC 9618 §5): one node for each policy and certificate, so that its size grows with
 * the path and not with the number of ways through it.
 */
export class PolicyGraph {
  #levels: Level[] = [
    new Map([
      [anyPolicy, { policy: anyPolicy, expected: new Set([anyPolicy]), parents: new Set() }],
    ]),
  ];

  /** RFC 5280's NULL: no policy is left under which the path is valid. */
  get empty(): boolean {
    return this.#levels.length === 0;
  }

  /** No policies in a certificate end all of them (RFC 9618 §5.3 (e)). */
  clear(): void {
    this.#levels = [];
  }

  /**
   * Adds the level of the next certificate (RFC 9618 §5.3 (d)).
   * @param acceptAny whether anyPolicy among `policies` counts here.
   */
  descend(policies: readonly string[], acceptAny: boolean): void {
    const above = this.#levels.at(-1);
    if (!above) return;
    const expecting = this.#expecting(above);
    const level: Level = new Map();
    const any = above.get(anyPolicy);
    for (const policy of policies) {
      if (policy === anyPolicy) continue;
      const parents = expecting.get(policy) ?? (any ? new Set([any]) : null);
      if (parents) level.set(policy, { policy, expected: new Set([policy]), parents });
    }
    if (acceptAny && policies.includes(anyPolicy)) {
      for (const [policy, parents] of expecting) {
        if (level.has(policy)) continue;
        level.set(policy, { policy, expected: new Set([policy]), parents });
      }
    }
    this.#levels.push(level);
    this.#prune();
  }

  /** Renames policies for the next certificate (RFC 9618 §5.4 (b) (1)). */
  map(mappings: ReadonlyMap<string, ReadonlySet<string>>): void {
    const level = this.#levels.at(-1);
    const any = this.#levels.at(-2)?.get(anyPolicy);
    if (!level) return;
    for (const [policy, expected] of mappings) {
      const node = level.get(policy);
      if (node) node.expected = expected;
      else if (any && level.has(anyPolicy)) {
        level.set(policy, { policy, expected, parents: new Set([any]) });
      }
    }
  }

  /** Ends the policies that would be mapped where mapping is inhibited (RFC 9618 §5.4 (b) (2)). */
  remove(policies: Iterable<string>): void {
    const level = this.#levels.at(-1);
    if (!level) return;
    for (const policy of policies) level.delete(policy);
    this.#prune();
  }

  /** True when one of the policies the user accepts is left (RFC 9618 §5.5 (g)). */
  permits(accepted: readonly string[]): boolean {
    const last = this.#levels.at(-1);
    if (!last) return false;
    if (accepted.includes(anyPolicy) || last.has(anyPolicy)) return true;
    const authorised = this.#levels
      .slice(1)
      .flatMap((level) => [...level.values()].filter(({ parents }) => [...parents].some(isAny)));
    return authorised.some(({ policy }) => accepted.includes(policy));
  }

  #expecting(level: Level): Map<string, Set<PolicyNode>> {
    const expecting = new Map<string, Set<PolicyNode>>();
    for (const node of level.values()) {
      for (const policy of node.expected) {
        expecting.set(policy, (expecting.get(policy) ?? new Set()).add(node));
      }
    }
    return expecting;
  }

  /** Takes away the nodes from which no policy of the last level is reached. */
  #prune(): void {
    let alive: ReadonlySet<PolicyNode> = new Set(this.#levels.at(-1)?.values());
    if (alive.size === 0) {
      this.clear();
      return;
    }
    for (const level of this.#levels.slice(0, -1).reverse()) {
      alive = new Set([...alive].flatMap(({ parents }) => [...parents]));
      for (const [policy, node] of level) if (!alive.has(node)) level.delete(policy);
    }
  }
}

function isAny({ policy }: PolicyNode): boolean {
  return policy === anyPolicy;
}
