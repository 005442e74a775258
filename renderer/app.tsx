import { type ComponentType, useEffect } from 'react';
import { Frame } from './components/frame.tsx';
import { PinForUse } from './components/pin-for-use.tsx';
import { Enrollments } from './screens/enrollments/enrollments.tsx';
import { Provision } from './screens/provision/provision.tsx';
import { Tokens } from './screens/tokens/tokens.tsx';
import { Trust } from './screens/trust/trust.tsx';
import { followEnrollments, resumeEnrollment } from './stores/enrollment.ts';
import { useFrame } from './stores/frame.ts';
import { followOpenEnrollments } from './stores/open-enrollments.ts';
import { type Screen, useScreen } from './stores/screen.ts';
import { followTokens } from './stores/tokens.ts';
import { followWantedSecrets } from './stores/wanted-secret.ts';
import { useWizard } from './stores/wizard.ts';

const pages: Readonly<Record<Screen, ComponentType>> = {
  provision: Provision,
  trust: Trust,
  enrollments: Enrollments,
  tokens: Tokens,
};

/** The window: one frame around the screens of the rail. */
export function App() {
  const screen = useScreen((state) => state.screen);
  useEffect(() => {
    const stops = [
      followEnrollments(),
      followOpenEnrollments(),
      followTokens(),
      followWantedSecrets(),
    ];
    void useWizard.getState().open().then(resumeEnrollment);
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  const ready = useWizard((wizard) => wizard.station !== null);
  const framed = useFrame((frame) => frame.actions !== null && frame.panel !== null);
  const Screen = pages[screen];
  return (
    <>
      <Frame>{ready && framed ? <Screen key={screen} /> : <div className="page" />}</Frame>
      <PinForUse />
    </>
  );
}
