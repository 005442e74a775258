import { useOnAppear } from '../../../components/use-on-appear.ts';
import { ask } from '../../../stores/ask.ts';
import { judge } from '../../../stores/restrictions.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { Allowed } from './allowed.tsx';
import { Blocked } from './blocked.tsx';

/** What the policy allows: either the way is free, or it is blocked and there are ways out. */
export function RestrictionsStep() {
  const { draft, wishes, set } = useWizard();
  const { busy, problem, run } = useTask();
  useOnAppear(() => {
    if (wishes !== null) return;
    void run(() => ask('enrollment.wishes', { profile: draft })).then((answer) => {
      if (answer !== null) set({ wishes: answer });
    });
  });
  const judgement = judge(draft, wishes);
  const { block } = judgement;
  if (block) return <Blocked key={block.code} block={block} />;
  return <Allowed key="allowed" judgement={judgement} asking={busy} unread={problem} />;
}
