import type { RequestPlan } from '../../shared/request-plan.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { boundedLine, demandComplete, planFor, planNotices } from './planned-request.ts';
import { popFor, refuseBlocked } from './pop-policy.ts';

/** Settles what will be sent before a key is made for it: said, never silently changed (RFC 7030 §4.5.2). */
export async function attributesKnown(
  task: EnrollmentTask,
  exchange: EstExchange,
): Promise<RequestPlan> {
  const { log, profile, answers, choice, earlier } = task;
  return await log.step('attributes-known', async () => {
    const attributes = await exchange.csrattrs();
    refuseBlocked(popFor(task, attributes.asksForPop));
    const renewal = choice.operation === 'reenroll';
    const plan = planFor(profile, attributes, answers, {
      keyFixed: earlier !== null || (renewal && !choice.rekey),
      namesFixed: earlier !== null || renewal,
    });
    demandComplete(plan);
    log.warn(...planNotices(plan));
    const { asksForPop, oids, template } = attributes;
    const lines = JSON.stringify(plan.lines.map(boundedLine));
    return { result: plan, evidence: { asksForPop, oids: oids.join(' '), template, plan: lines } };
  });
}
