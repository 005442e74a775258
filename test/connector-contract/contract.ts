import { describe } from 'vitest';
import { describeBinding } from './binding.ts';
import { describeFailures } from './failures.ts';
import type { Subject } from './fixture.ts';
import { describeIdentity } from './identity.ts';
import { describeTraffic } from './traffic.ts';

/** What every connector must do, whoever implements it. */
export function describeConnector(name: string, subject: Subject): void {
  describe(name, () => {
    describeTraffic(subject);
    describeIdentity(subject);
    describeFailures(subject);
    describeBinding(subject);
  });
}
