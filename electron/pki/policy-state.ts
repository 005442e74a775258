import type { PathCertificate } from './path-certificate.ts';
import { PathRefusal } from './path-refusal.ts';
import {
  anyPolicy,
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from './policy-extensions.ts';
import { PolicyGraph } from './policy-graph.ts';

/** The inputs of RFC 5280 §6.1.1 (c), (e), (f), (g). */
export interface PolicyDemands {
  /** Dotted OIDs the user accepts; anyPolicy accepts all. */
  readonly accepted: readonly string[];
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

export const noPolicyDemands: PolicyDemands = {
  accepted: [anyPolicy],
  explicit: false,
  inhibitMapping: false,
  inhibitAny: false,
};

/** The policy variables of RFC 5280 §6.1.2 on their way along a path. */
export class PolicyState {
  readonly #accepted: readonly string[];
  readonly #graph = new PolicyGraph();
  #explicit: number;
  #mapping: number;
  #any: number;

  /** @param length number of certificates in the path, without the anchor. */
  constructor(demands: PolicyDemands, length: number) {
    this.#accepted = demands.accepted;
    this.#explicit = demands.explicit ? 0 : length + 1;
    this.#mapping = demands.inhibitMapping ? 0 : length + 1;
    this.#any = demands.inhibitAny ? 0 : length + 1;
  }

  /** RFC 5280 §6.1.3 (d), (e), (f). @throws PathRefusal, MalformedDer. */
  enter({ extensions, selfIssued, title }: PathCertificate, last: boolean): void {
    const policies = certificatePolicies(extensions);
    if (policies === null) this.#graph.clear();
    else this.#graph.descend(policies, this.#any > 0 || (!last && selfIssued));
    if (this.#explicit <= 0 && this.#graph.empty) throw refusal(title);
  }

  /** RFC 5280 §6.1.4 (a), (b), (h), (i), (j). @throws PathRefusal, MalformedDer. */
  prepare({ extensions, selfIssued, title }: PathCertificate): void {
    const mappings = policyMappings(extensions);
    const mapsAny = [...mappings].some(([from, to]) => from === anyPolicy || to.has(anyPolicy));
    if (mapsAny) throw new PathRefusal('policy', `${title} maps every policy, which is forbidden`);
    if (this.#mapping > 0) this.#graph.map(mappings);
    else this.#graph.remove(mappings.keys());
    if (!selfIssued) {
      this.#explicit = Math.max(0, this.#explicit - 1);
      this.#mapping = Math.max(0, this.#mapping - 1);
      this.#any = Math.max(0, this.#any - 1);
    }
    const { requireExplicitPolicy, inhibitPolicyMapping } = policyConstraints(extensions);
    this.#explicit = Math.min(this.#explicit, requireExplicitPolicy ?? this.#explicit);
    this.#mapping = Math.min(this.#mapping, inhibitPolicyMapping ?? this.#mapping);
    this.#any = Math.min(this.#any, inhibitAnyPolicy(extensions) ?? this.#any);
  }

  /** RFC 5280 §6.1.5 (a), (b), (g). @throws PathRefusal, MalformedDer. */
  conclude({ extensions, title }: PathCertificate): void {
    this.#explicit = Math.max(0, this.#explicit - 1);
    if (policyConstraints(extensions).requireExplicitPolicy === 0) this.#explicit = 0;
    if (this.#explicit <= 0 && !this.#graph.permits(this.#accepted)) throw refusal(title);
  }
}

function refusal(title: string): PathRefusal {
  return new PathRefusal('policy', `${title} stands under none of the policies that are demanded`);
}
