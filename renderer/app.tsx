import { useEffect } from 'react';
import { Frame } from './components/frame.tsx';
import { Provision } from './screens/provision/provision.tsx';
import { followEnrollments, resumeEnrollment } from './stores/enrollment.ts';
import { useWizard } from './stores/wizard.ts';

/** The window: one frame around the one screen there is. */
export function App() {
  useEffect(() => {
    const stop = followEnrollments();
    void useWizard.getState().open().then(resumeEnrollment);
    return stop;
  }, []);
  return (
    <Frame>
      <Provision />
    </Frame>
  );
}
