import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { parseEndpoint } from '../../shared/profile.ts';
import { useFrame } from '../stores/frame.ts';
import { useScreen } from '../stores/screen.ts';
import { placeOf, steps } from '../stores/steps.ts';
import { useWizard } from '../stores/wizard.ts';
import { Icon } from './icon.tsx';

/** Four readouts, the same order on every screen: which server, which token, which step, what next. */
export function Strip() {
  const { t } = useTranslation();
  const step = useWizard((wizard) => wizard.step);
  const screen = useScreen((state) => state.screen);
  const next = useFrame((frame) => frame.next);
  return (
    <header className="strip-bar">
      <dl className="strip">
        <Readout name={t('strip.server')}>
          {screen === 'provision' ? <ServerReadout /> : <NamedServer />}
        </Readout>
        <Readout name={t('strip.token')}>
          {screen === 'provision' ? <TokenReadout /> : <NamedToken />}
        </Readout>
        <Readout name={screen === 'provision' ? t('strip.step') : t('strip.screen')}>
          <span>
            {screen === 'provision'
              ? t('strip.place', {
                  place: placeOf(step),
                  of: steps.length,
                  name: t(`steps.${step}`),
                })
              : t(`frame.${screen}`)}
          </span>
        </Readout>
        <div className="next">
          <dt>{t('strip.next')}</dt>
          <dd>
            <Icon name="next" />
            <span>{next}</span>
          </dd>
        </div>
      </dl>
    </header>
  );
}

function Readout({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Outside the wizard: the server the page is about. */
function NamedServer() {
  const { t } = useTranslation();
  const name = useFrame((frame) => frame.serverName);
  if (name === '') return <span className="none">{t('strip.nothing')}</span>;
  return <span title={name}>{name}</span>;
}

function NamedToken() {
  const { t } = useTranslation();
  const { tokenName, tokenNote } = useFrame();
  if (tokenName === '') return <span className="none">{t('strip.nothing')}</span>;
  return (
    <>
      <span title={tokenName}>{tokenName}</span>
      <small>{tokenNote}</small>
    </>
  );
}

function ServerReadout() {
  const { t } = useTranslation();
  const { server } = useWizard((wizard) => wizard.draft);
  const trusted = useWizard((wizard) => wizard.trust !== null);
  if (server.endpoint === '') return <span className="none">{t('strip.none')}</span>;
  const unnamed = !server.hostnameVerification;
  const note = trusted ? (unnamed ? t('strip.nameNotChecked') : '') : t('strip.notTrusted');
  const calm = trusted && !unnamed;
  return (
    <>
      <span className="mark" data-state={calm ? 'done' : 'attention'}>
        <Icon name={calm ? 'done' : 'attention'} />
      </span>
      <span title={server.endpoint}>{parseEndpoint(server.endpoint)?.host ?? server.endpoint}</span>
      <small>{note}</small>
    </>
  );
}

function TokenReadout() {
  const { t } = useTranslation();
  const token = useWizard((wizard) => wizard.token);
  const { keystore } = useWizard((wizard) => wizard.draft);
  const { tokenName, tokenNote } = useFrame();
  const name =
    tokenName ||
    (keystore.kind === 'software'
      ? t('strip.softwareKeystore')
      : (token?.label ?? keystore.token.label ?? keystore.token.serial));
  if (!name) return <span className="none">{t('strip.none')}</span>;
  return (
    <>
      <span>{name}</span>
      <small>{tokenNote}</small>
    </>
  );
}
