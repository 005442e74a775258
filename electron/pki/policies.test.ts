import { describe, expect, test } from 'vitest';
import { caExtensions, certify, ecKeys, extension } from '../../test/certificate-draft.ts';
import { element, objectIdentifier, sequence, unsignedInteger } from './der-writer.ts';
import { validatePath } from './path.ts';
import { anyPolicy } from './policy-extensions.ts';
import { PolicyGraph } from './policy-graph.ts';
import { noPolicyDemands, type PolicyDemands } from './policy-state.ts';

const gold = '2.999.1';
const silver = '2.999.2';
const foreign = '2.999.3';
const root = { subject: 'CN=Root', keys: ecKeys() };
const issuing = { subject: 'CN=Issuing', keys: ecKeys() };
const leafKeys = ecKeys();
const rootDer = certify({ ...root, extensions: caExtensions() });

const policies = (...oids: readonly string[]): Buffer =>
  extension('2.5.29.32', sequence(...oids.map((oid) => sequence(objectIdentifier(oid)))));
const mapping = (from: string, to: string): Buffer =>
  extension('2.5.29.33', sequence(sequence(objectIdentifier(from), objectIdentifier(to))));
const requireExplicit = extension('2.5.29.36', sequence(element(0x80, Buffer.of(0))));
const inhibitMapping = extension('2.5.29.36', sequence(element(0x81, Buffer.of(0))));
const inhibitAny = extension('2.5.29.54', unsignedInteger(Buffer.of(0)));

function verdict(
  ofIssuer: readonly Buffer[],
  ofLeaf: readonly Buffer[],
  demands: Partial<PolicyDemands> = {},
): string {
  const answer = validatePath({
    certificate: certify({
      subject: 'CN=leaf',
      keys: leafKeys,
      issuer: issuing,
      extensions: ofLeaf,
    }),
    intermediates: [
      certify({ ...issuing, issuer: root, extensions: [...caExtensions(), ...ofIssuer] }),
    ],
    anchors: [rootDer],
    at: new Date('2030-01-01T00:00:00Z'),
    purpose: 'any',
    policies: { ...noPolicyDemands, ...demands },
  });
  return answer.valid ? 'valid' : answer.reason;
}

describe('certificate policies', () => {
  test.each<
    [
      why: string,
      issuer: Buffer[],
      leaf: Buffer[],
      demands: Partial<PolicyDemands>,
      verdict: string,
    ]
  >([
    ['none are needed', [], [], {}, 'valid'],
    ['one is demanded and none is there', [], [], { explicit: true }, 'policy'],
    ['both have it', [policies(gold)], [policies(gold)], { explicit: true }, 'valid'],
    ['they differ, which nobody forbids', [policies(gold)], [policies(silver)], {}, 'valid'],
    [
      'they differ and one is demanded',
      [policies(gold)],
      [policies(silver)],
      { explicit: true },
      'policy',
    ],
    [
      'the issuer demands one and the leaf has none',
      [policies(gold), requireExplicit],
      [],
      {},
      'policy',
    ],
    [
      'another is accepted',
      [policies(gold)],
      [policies(gold)],
      { explicit: true, accepted: [silver] },
      'policy',
    ],
    [
      'the accepted one is among them',
      [policies(gold, silver)],
      [policies(silver)],
      { explicit: true, accepted: [silver] },
      'valid',
    ],
    [
      'the issuer has any',
      [policies(anyPolicy)],
      [policies(gold)],
      { explicit: true, accepted: [gold] },
      'valid',
    ],
    [
      'any is inhibited from outside',
      [policies(anyPolicy)],
      [policies(gold)],
      { explicit: true, inhibitAny: true },
      'policy',
    ],
    [
      'any is inhibited by the issuer',
      [policies(gold), inhibitAny],
      [policies(anyPolicy)],
      { explicit: true },
      'policy',
    ],
    [
      'one is mapped',
      [policies(gold), mapping(gold, foreign)],
      [policies(foreign)],
      { explicit: true, accepted: [gold] },
      'valid',
    ],
    [
      'mapping is inhibited from outside',
      [policies(gold), mapping(gold, foreign)],
      [policies(foreign)],
      { explicit: true, inhibitMapping: true },
      'policy',
    ],
    [
      'the mapped one is not the accepted one',
      [policies(gold), mapping(gold, foreign)],
      [policies(foreign)],
      { explicit: true, accepted: [foreign] },
      'policy',
    ],
    [
      'mapping stands beside its inhibition, which begins below',
      [policies(gold), mapping(gold, foreign), inhibitMapping],
      [policies(foreign)],
      { explicit: true },
      'valid',
    ],
    ['any is mapped', [policies(gold), mapping(anyPolicy, gold)], [], {}, 'policy'],
  ])('%s', (_, issuer, leaf, demands, expected) => {
    expect(verdict(issuer, leaf, demands)).toBe(expected);
  });
});

test('many policies that map onto each other at many levels cost little (RFC 9618 §1)', () => {
  const names = Array.from({ length: 60 }, (_, index) => `2.999.${index}`);
  const graph = new PolicyGraph();
  const crossed = new Map(names.map((name) => [name, new Set(names)]));
  const started = performance.now();
  for (let level = 0; level < 30; level += 1) {
    graph.descend(names, true);
    graph.map(crossed);
  }
  expect(graph.permits(['2.999.59'])).toBe(true);
  expect(graph.permits(['2.998'])).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
