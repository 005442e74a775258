import { useState } from 'react';
import type { TokenInfo } from '../../../../shared/token.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { BlankToken } from './blank-token.tsx';
import { ChooseToken } from './choose-token.tsx';
import { OpenedToken } from './opened-token.tsx';
import { PinEntry } from './pin-entry.tsx';
import { SoftwareKeystore } from './software-keystore.tsx';

/** Which token takes the key: chosen, initialised when blank, opened with its PIN. */
export function TokenStep() {
  const { draft, token: opened } = useWizard();
  const [chosen, setChosen] = useState<TokenInfo | null>(null);
  const leave = () => setChosen(null);
  if (draft.keystore.kind === 'software') return <SoftwareKeystore key="software" />;
  if (chosen && !chosen.initialised) {
    return <BlankToken key="blank" token={chosen} onReady={setChosen} onLeave={leave} />;
  }
  if (chosen) return <PinEntry key="pin" token={chosen} onToken={setChosen} onLeave={leave} />;
  if (opened) return <OpenedToken key="opened" token={opened} />;
  return <ChooseToken key="choose" onChosen={setChosen} />;
}
