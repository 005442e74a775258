import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import { parseEndpoint } from '../../../shared/profile.ts';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { CertificateFile } from '../../components/certificate-file.tsx';
import { CheckRow } from '../../components/check-row.tsx';
import { commonName } from '../../components/distinguished-name.ts';
import { Field } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Select } from '../../components/select.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { profileOf, type TrustedServer } from '../../stores/trusted-servers.ts';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';
import { ImportHelp } from './import-help.tsx';

interface Read {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly certificates: readonly CertificateSummary[];
}

/** A root from a file, trusted by the word of whoever knows where the file comes from. */
export function ImportRoot({
  server,
  onDone,
  onLeave,
}: {
  /** The server it is for; null when it must be named. */
  readonly server: TrustedServer | null;
  onDone(server: string): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { profiles, draft } = useWizard();
  const [name, setName] = useState('');
  const [read, setRead] = useState<Read | null>(null);
  const [wanted, setWanted] = useState('');
  const [known, setKnown] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const { busy, problem, run, setProblem } = useTask();
  const [endpoint = '', label] = name.split('/', 2);
  const named = server !== null || parseEndpoint(endpoint) !== null;
  const root = read?.certificates.find(({ fingerprint }) => fingerprint === wanted) ?? null;
  const missing = !named ? 'server' : root === null ? 'file' : known ? null : 'word';

  async function take(content: Uint8Array<ArrayBuffer> | null) {
    setRead(null);
    setKnown(false);
    setProblem(null);
    setTooLarge(content === null);
    if (content === null || content.length === 0) return;
    // The station wipes what it is sent.
    const certificates = await run(() => ask('trust.readFile', { content: content.slice() }));
    if (certificates === null) return;
    setRead({ content, certificates });
    setWanted(certificates[0]?.fingerprint ?? '');
  }
  async function trust() {
    if (read === null) return;
    const target =
      server === null
        ? { ...draft.server, endpoint, label: label || null, proxy: null }
        : profileOf(server.server, profiles, draft).server;
    const content = read.content.slice();
    const state = await run(() =>
      ask('trust.import', { server: target, content, fingerprint: wanted }),
    );
    if (state !== null) await onDone(state.server);
  }

  return (
    <Page
      testId={testIds.trust.file}
      title={server ? t('roots.fileTitleFor') : t('roots.fileTitle')}
      lead={t('roots.fileLead')}
      lamp={busy ? 'busy' : 'ready'}
      next={t(`roots.fileNext.${missing ?? 'trust'}`)}
      serverName={server?.server ?? ''}
      problem={problem}
      panel={<ImportHelp />}
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={t(`roots.fileWhy.${missing ?? 'trust'}`)}
      primary={{ text: t('trust.confirm'), disabled: busy || missing !== null }}
      onSubmit={() => {
        if (!busy && missing === null) void trust();
      }}
    >
      {server === null && (
        <section className="narrow">
          <Field
            label={t('roots.fileServer')}
            hint={t('roots.fileServerHint')}
            placeholder="est.example:8443"
            value={name}
            maxLength={430}
            onChange={(event) => setName(event.target.value.trim())}
            testId={testIds.endpoint}
          />
        </section>
      )}
      <section>
        <CertificateFile
          onContent={(content) => void take(content)}
          error={tooLarge ? t('certificateFile.tooLarge') : undefined}
        />
      </section>
      {read !== null && read.certificates.length > 1 && (
        <section className="narrow">
          <Select
            label={t('roots.fileWhich')}
            options={read.certificates.map(({ subject, fingerprint }) => ({
              value: fingerprint,
              text: commonName(subject),
            }))}
            value={wanted}
            onChange={(fingerprint) => {
              setWanted(fingerprint);
              setKnown(false);
            }}
            testId={testIds.compareRoot}
          />
        </section>
      )}
      {root && (
        <>
          <section>
            <CertificateCard certificate={root} state="attention" word={t('roots.notYet')} />
          </section>
          <section>
            <CheckRow
              label={t('roots.fileKnown')}
              checked={known}
              onChange={setKnown}
              testId={testIds.knowSource}
            >
              <p>{t('roots.fileKnownText')}</p>
            </CheckRow>
          </section>
        </>
      )}
    </Page>
  );
}
