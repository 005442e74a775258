import type { ComponentType } from 'react';
import type { Step } from '../../stores/steps.ts';
import { useWizard } from '../../stores/wizard.ts';
import { AuthenticationStep } from './authentication/authentication-step.tsx';
import { EnrollStep } from './enroll/enroll-step.tsx';
import { IdentityStep } from './identity/identity-step.tsx';
import { RestrictionsStep } from './restrictions/restrictions-step.tsx';
import { ResultStep } from './result/result-step.tsx';
import { ReviewStep } from './review/review-step.tsx';
import { ServerStep } from './server/server-step.tsx';
import { TokenStep } from './token/token-step.tsx';
import { TrustStep } from './trust/trust-step.tsx';

const pages: Readonly<Record<Step, ComponentType>> = {
  server: ServerStep,
  trust: TrustStep,
  token: TokenStep,
  identity: IdentityStep,
  authentication: AuthenticationStep,
  restrictions: RestrictionsStep,
  review: ReviewStep,
  enroll: EnrollStep,
  result: ResultStep,
};

/** The wizard that takes one token from the drawer to a verified certificate on it. */
export function Provision() {
  const step = useWizard((wizard) => wizard.step);
  const Page = pages[step];
  return <Page key={step} />;
}
