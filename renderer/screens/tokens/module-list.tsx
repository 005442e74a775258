import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../components/problem.tsx';
import { State } from '../../components/state.tsx';
import { isLoading, type KnownModule, useTokens } from '../../stores/tokens.ts';

/** The modules of this computer, and whether each can be used. */
export function ModuleList() {
  const { t } = useTranslation();
  const modules = useTokens((state) => state.modules) ?? [];
  if (modules.length === 0) return null;
  return (
    <section>
      <div className="bar">
        <h2>{t('tokens.modules')}</h2>
        <p>{t('tokens.modulesOwn')}</p>
      </div>
      <ul className="rows still">
        {modules.map((module) => (
          <li key={module.path}>
            <span className="what">
              <b title={module.path}>{module.name || t('tokens.chosen')}</b>
              <span className="mono">{module.path}</span>
            </span>
            <span className="how">
              <Usable module={module} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Usable({ module }: { readonly module: KnownModule }) {
  const { t } = useTranslation();
  const { path, probe, libraryParameters } = module;
  const trouble = useTokens((state) => state.troubles[path]);
  if (trouble) return <Refused error={trouble} />;
  if (probe?.usable === true) {
    return (
      <>
        <State state="done">{t('tokens.usable')}</State>
        <small>{`${probe.library} ${probe.version}`}</small>
      </>
    );
  }
  if (probe !== null) return <Refused error={probe.error} />;
  if (libraryParameters !== null) return <State state="ready">{t('tokens.wantsParameters')}</State>;
  return isLoading(module) ? (
    <State state="busy">{t('tokens.loading')}</State>
  ) : (
    <State state="ready">{t('tokens.repeats')}</State>
  );
}

function Refused({ error }: { readonly error: Parameters<typeof useProblemText>[0] }) {
  const { t } = useTranslation();
  const { message } = useProblemText(error);
  return (
    <>
      <State state="attention">{t('tokens.unusable')}</State>
      <small title={message}>{error.code}</small>
    </>
  );
}
