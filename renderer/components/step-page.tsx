import type { Step } from '../stores/steps.ts';
import { testIds } from '../test-ids.ts';
import { Page, type PageProps } from './page.tsx';

/** A page of the wizard. */
export function StepPage({
  step,
  ...props
}: Omit<PageProps, 'testId' | 'serverName'> & { readonly step: Step }) {
  return <Page testId={testIds.step[step]} {...props} />;
}
