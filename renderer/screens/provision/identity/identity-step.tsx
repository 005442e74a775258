import { useFieldArray, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import {
  type ErrorData,
  type Language,
  translate,
} from '../../../../shared/errors/station-error.ts';
import { profileSchema } from '../../../../shared/profile.ts';
import { Field } from '../../../components/field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { ask } from '../../../stores/ask.ts';
import type { Draft } from '../../../stores/draft.ts';
import { useSettings } from '../../../stores/settings.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { AlternativeNames } from './alternative-names.tsx';
import { IdentityPreview } from './identity-preview.tsx';
import { KeyFields } from './key-fields.tsx';

export const nameKinds = ['DNS', 'IP', 'email', 'URI'] as const;

export interface IdentityForm {
  subject: string;
  names: { kind: (typeof nameKinds)[number]; value: string }[];
}

/** Who the certificate will name, and which key it will hold. */
export function IdentityStep() {
  const { t } = useTranslation();
  const { draft, setDraft, back, advance } = useWizard();
  const form = useForm<IdentityForm>({
    defaultValues: {
      subject: draft.request.subject,
      names: draft.request.subjectAltNames.map(splitName),
    },
  });
  const names = useFieldArray({ control: form.control, name: 'names' });
  const { busy, problem, run } = useTask();
  const language = useSettings((settings) => settings.language);
  const values = form.watch();
  const filled = values.subject.trim() !== '';

  const submit = form.handleSubmit(async ({ subject, names: chosen }) => {
    const request: Draft['request'] = {
      ...draft.request,
      subject: subject.trim(),
      subjectAltNames: chosen
        .filter(({ value }) => value.trim() !== '')
        .map(({ kind, value }) => `${kind}:${value.trim()}`),
    };
    if (!profileSchema.shape.request.safeParse(request).success) {
      return form.setError('subject', { message: t('identity.subjectWrong', { detail: '' }) });
    }
    const next = { ...draft, request };
    const checked = await run(() => ask('profiles.check', { profile: next }));
    if (checked === null) return;
    const wrong = checked.valid
      ? undefined
      : checked.problems.find(({ path }) => path.startsWith('request'));
    if (wrong) {
      return form.setError('subject', {
        message: t('identity.subjectWrong', { detail: firstWayOut(wrong.error, language) }),
      });
    }
    setDraft(next);
    advance();
  });

  return (
    <StepPage
      step="identity"
      title={t('identity.title')}
      lead={t('identity.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={filled ? t('identity.next') : t('identity.nextSubject')}
      problem={problem}
      panel={<IdentityPreview values={values} />}
      back={{ text: t('action.back'), onPress: back }}
      why={filled ? t('identity.nothingMade') : t('identity.why')}
      primary={{ text: t('action.continue'), disabled: busy || !filled }}
      onSubmit={submit}
    >
      <section>
        <Field
          {...form.register('subject')}
          label={t('identity.subject')}
          placeholder="CN=GW-20417,OU=Plant 4,O=Halden Works"
          hint={t('identity.subjectHint')}
          error={form.formState.errors.subject?.message}
          testId={testIds.subject}
        />
      </section>
      <AlternativeNames form={form} names={names} />
      <KeyFields />
    </StepPage>
  );
}

/** What the person can write instead, in the window's language. */
function firstWayOut(error: ErrorData | null, language: Language): string {
  return error === null ? '' : (translate(error, language).waysOut[0] ?? '');
}

function splitName(name: string): IdentityForm['names'][number] {
  const kind = nameKinds.find((known) => name.startsWith(`${known}:`)) ?? 'DNS';
  return { kind, value: name.slice(name.indexOf(':') + 1) };
}
