import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../shared/errors/station-error.ts';
import { Field } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { chooseModule, useTokens } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';

/** A module by its file, with what it wants to be told. */
export function ChooseModule({ onLeave }: { onLeave(): void }) {
  const { t } = useTranslation();
  const modules = useTokens((state) => state.modules) ?? [];
  const [path, setPath] = useState('');
  const [parameters, setParameters] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorData | null>(null);
  const wanting = modules.filter(({ libraryParameters }) => libraryParameters !== null);

  async function load() {
    setBusy(true);
    const trouble = await chooseModule(path, parameters === '' ? null : parameters);
    setBusy(false);
    setProblem(trouble);
    if (trouble === null) onLeave();
  }

  return (
    <Page
      testId={testIds.tokens.module}
      title={t('tokens.module.title')}
      lead={t('tokens.module.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={t('tokens.module.next')}
      problem={problem}
      panel={
        <section>
          <h2>{t('token.help.module')}</h2>
          <p>{t('token.help.moduleText')}</p>
        </section>
      }
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={t('tokens.module.why')}
      primary={{ text: t('tokens.module.load'), disabled: busy || path === '' }}
      onSubmit={() => {
        if (!busy && path !== '') void load();
      }}
    >
      <section className="stack">
        <Field
          label={t('tokens.module.path')}
          className="mono-field"
          value={path}
          maxLength={4096}
          onChange={(event) => setPath(event.target.value.trim())}
          testId={testIds.module}
        />
        <Field
          label={t('tokens.module.parameters')}
          className="mono-field"
          value={parameters}
          maxLength={1024}
          onChange={(event) => setParameters(event.target.value)}
          hint={
            <>
              {t('tokens.module.parametersHint')}{' '}
              {wanting.map(({ name, path: file, libraryParameters }) => (
                <button
                  key={file}
                  type="button"
                  className="link"
                  title={file}
                  onClick={() => {
                    setPath(file);
                    setParameters(libraryParameters ?? '');
                  }}
                >
                  {name}
                </button>
              ))}
            </>
          }
          testId={testIds.libraryParameters}
        />
      </section>
    </Page>
  );
}
