import { useState } from 'react';
import type { CommandOutput } from '../../../shared/contract/commands.ts';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { ask } from '../../stores/ask.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTask } from '../../stores/task.ts';
import type { Anchor, TrustedServer } from '../../stores/trusted-servers.ts';
import { useWizard } from '../../stores/wizard.ts';
import { CompareRoot } from './compare-root.tsx';
import { ImportRoot } from './import-root.tsx';
import { RemoveRoot } from './remove-root.tsx';
import { ServerList } from './server-list.tsx';
import { ServerPage } from './server-page.tsx';

export type TrustReport = CommandOutput<'trust.refresh'>;

/** What is being done to the server in view. */
type Task =
  | { readonly kind: 'view' }
  | { readonly kind: 'import' }
  | { readonly kind: 'remove'; readonly anchor: Anchor }
  | { readonly kind: 'compare'; readonly root: CertificateSummary };

/** Whom the station trusts: every server, its roots and their story, and what can be done about them. */
export function Trust() {
  const { item, open } = useScreen();
  const [servers, setServers] = useState<readonly TrustedServer[] | null>(null);
  const [report, setReport] = useState<TrustReport | null>(null);
  const [task, setTask] = useState<Task>({ kind: 'view' });
  const { problem, run } = useTask();
  const read = async () => {
    const list = await run(() => ask('trust.list', {}));
    if (list !== null) setServers(list);
  };
  useOnAppear(() => void read());
  const server = servers?.find((one) => one.server === item) ?? null;
  const view = () => setTask({ kind: 'view' });
  /** Trust has changed: also the wizard must look again. */
  const changed = async (name: string | null) => {
    useWizard.setState({ trust: null });
    await read();
    view();
    if (name === null) open('trust');
    else open('trust', name);
  };

  if (task.kind === 'import') {
    return <ImportRoot server={server} onDone={changed} onLeave={view} />;
  }
  if (server === null) {
    return (
      <ServerList
        servers={servers}
        problem={problem}
        onOpen={(name) => {
          setReport(null);
          open('trust', name);
        }}
        onImport={() => setTask({ kind: 'import' })}
      />
    );
  }
  if (task.kind === 'remove') {
    return <RemoveRoot server={server} anchor={task.anchor} onDone={changed} onLeave={view} />;
  }
  if (task.kind === 'compare') {
    return <CompareRoot server={server} root={task.root} onDone={changed} onLeave={view} />;
  }
  return (
    <ServerPage
      key={server.server}
      server={server}
      report={report?.state.server === server.server ? report : null}
      onReport={(news) => {
        setReport(news);
        void read();
      }}
      onRemove={(anchor) => setTask({ kind: 'remove', anchor })}
      onCompare={(root) => setTask({ kind: 'compare', root })}
      onImport={() => setTask({ kind: 'import' })}
      onLeave={() => open('trust')}
    />
  );
}
