import { zodResolver } from '@hookform/resolvers/zod';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { profileSchema } from '../../../../shared/profile.ts';
import { CheckRow } from '../../../components/check-row.tsx';
import { Field } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { SecretField, takeSecret } from '../../../components/secret-field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { ask } from '../../../stores/ask.ts';
import { type Draft, emptyDraft } from '../../../stores/draft.ts';
import { needsProxyPassword } from '../../../stores/needed-secrets.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { ProfileList } from './profile-list.tsx';
import { ServerHelp } from './server-help.tsx';

const { endpoint, label } = profileSchema.shape.server.shape;
const serverForm = z.object({ endpoint, label: z.union([z.literal(''), label]) });

/** Which server: a saved profile or a new endpoint. Nothing is sent from here. */
export function ServerStep() {
  const { t } = useTranslation();
  const { station, profiles, draft, held, hold, setDraft, advance } = useWizard();
  const proxyPassword = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(false);
  const { busy, problem, run } = useTask();
  const form = useForm({
    resolver: zodResolver(serverForm),
    values: { endpoint: draft.server.endpoint, label: draft.server.label ?? '' },
    resetOptions: { keepErrors: true },
  });
  const { errors } = form.formState;
  const named = form.watch('endpoint') !== '';
  const setServer = (server: Partial<Draft['server']>) =>
    setDraft({ ...draft, server: { ...draft.server, ...server } });
  const proxied = needsProxyPassword(draft);
  const proxyMissing = proxied && !held.proxyPassword && !typed;
  const submit = form.handleSubmit(async (values) => {
    setServer(entered(values));
    if (proxied && typed) {
      const secret = takeSecret(proxyPassword.current);
      setTyped(false);
      const kept = await run(() => ask('credentials.hold', { purpose: 'proxy-password', secret }));
      secret.fill(0);
      if (kept === null) return;
      hold({ proxyPassword: true });
    }
    advance();
  });
  return (
    <StepPage
      step="server"
      title={t('server.title')}
      lead={t('server.lead')}
      next={named ? t('server.next') : t('server.nextEmpty')}
      panel={<ServerHelp />}
      problem={problem}
      primary={{ text: t('action.continue'), disabled: busy || !named || proxyMissing }}
      why={proxyMissing ? t('server.whyProxy') : named ? t('server.nothingSent') : t('server.why')}
      onSubmit={(event) => {
        if (!busy && !proxyMissing) void submit(event);
      }}
    >
      {station?.practice && (
        <section>
          <Notice state="busy" icon="station" title={t('server.practiceTitle')}>
            <p>{t('server.practiceText')}</p>
          </Notice>
        </section>
      )}
      {profiles.length > 0 && (
        <ProfileList
          profiles={profiles}
          draft={draft}
          onChoose={(profile) => setDraft(profile ?? emptyDraft())}
        />
      )}
      <section className="columns wide-narrow">
        <Field
          {...form.register('endpoint')}
          label={t('server.endpoint')}
          placeholder="est.example:8443"
          hint={t('server.endpointHint')}
          error={errors.endpoint && t('server.endpointWrong')}
          testId={testIds.endpoint}
        />
        <Field
          {...form.register('label')}
          label={t('server.label')}
          hint={t('server.labelHint')}
          error={errors.label && t('server.labelWrong')}
          testId={testIds.label}
        />
      </section>
      {proxied && (
        <section className="narrow">
          <SecretField
            label={t('enrollments.secret.proxy-password')}
            hint={
              held.proxyPassword
                ? t('authentication.passwordHeld')
                : t('enrollments.atProxy', {
                    user: draft.server.proxy?.username ?? '',
                    proxy: draft.server.proxy?.endpoint ?? '',
                  })
            }
            field={proxyPassword}
            testId={testIds.proxyPassword}
            onFilled={setTyped}
          />
        </section>
      )}
      <section>
        <CheckRow
          label={t('server.verify')}
          checked={draft.server.hostnameVerification}
          onChange={(hostnameVerification) =>
            setServer({ ...entered(form.getValues()), hostnameVerification })
          }
          testId={testIds.hostnameVerification}
        >
          <p>{draft.server.hostnameVerification ? t('server.verifyOn') : t('server.verifyOff')}</p>
        </CheckRow>
      </section>
    </StepPage>
  );
}

/** An empty label field means no label. */
function entered(values: {
  readonly endpoint: string;
  readonly label?: string | null | undefined;
}): Partial<Draft['server']> {
  return { endpoint: values.endpoint, label: values.label || null };
}
