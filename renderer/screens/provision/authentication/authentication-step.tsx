import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandInput } from '../../../../shared/contract/commands.ts';
import { takeSecret } from '../../../components/secret-field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { ask } from '../../../stores/ask.ts';
import { type Draft, otherTlsToken } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
import { unlockTlsToken } from '../../../stores/tls-token.ts';
import { needsTlsSecret, useWizard } from '../../../stores/wizard.ts';
import { AuthenticationHelp } from './authentication-help.tsx';
import { HttpSignIn } from './http-sign-in.tsx';
import { TlsSignIn } from './tls-sign-in.tsx';

type Purpose = CommandInput<'credentials.hold'>['purpose'];

/** How the server knows who asks: a password, a TLS client certificate, both or neither. */
export function AuthenticationStep() {
  const { t } = useTranslation();
  const { draft, held, hold, back, advance } = useWizard();
  const password = useRef<HTMLInputElement>(null);
  const passphrase = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState({ password: false, passphrase: false });
  const { busy, problem, run } = useTask();
  const missing = firstMissing(draft, {
    password: held.password || typed.password,
    passphrase: held.tlsKey || typed.passphrase,
  });

  async function keep(purpose: Purpose, field: HTMLInputElement | null): Promise<boolean> {
    const secret = takeSecret(field);
    try {
      if (secret.length === 0) return true;
      return (await run(() => ask('credentials.hold', { purpose, secret }))) !== null;
    } finally {
      secret.fill(0);
    }
  }
  async function openTlsKey(field: HTMLInputElement | null): Promise<boolean> {
    const other = otherTlsToken(draft);
    if (other === null) return await keep('tls-key-passphrase', field);
    const pin = takeSecret(field);
    try {
      if (pin.length === 0) return held.tlsKey;
      return (await run(() => unlockTlsToken(other, pin))) !== null;
    } finally {
      pin.fill(0);
    }
  }
  async function submit() {
    const kept =
      (await keep('http-password', password.current)) && (await openTlsKey(passphrase.current));
    setTyped({ password: false, passphrase: false });
    if (!kept) return;
    hold({
      password: draft.httpAuthentication.scheme !== 'none',
      tlsKey: needsTlsSecret(draft),
    });
    advance();
  }

  return (
    <StepPage
      step="authentication"
      title={t('authentication.title')}
      lead={t('authentication.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={missing ? t(`authentication.next.${missing}`) : t('authentication.nextChecks')}
      problem={problem}
      panel={<AuthenticationHelp />}
      back={{ text: t('action.back'), onPress: back }}
      why={missing ? t(`authentication.missing.${missing}`) : t('authentication.held')}
      primary={{ text: t('action.continue'), disabled: busy || missing !== null }}
      onSubmit={() => {
        if (missing === null) void submit();
      }}
    >
      <HttpSignIn
        field={password}
        onFilled={(filled) => setTyped((before) => ({ ...before, password: filled }))}
      />
      <TlsSignIn
        field={passphrase}
        onFilled={(filled) => setTyped((before) => ({ ...before, passphrase: filled }))}
      />
    </StepPage>
  );
}

/** What the chosen ways of signing in still need. */
function firstMissing(
  draft: Draft,
  given: { readonly password: boolean; readonly passphrase: boolean },
): 'username' | 'password' | 'path' | 'passphrase' | 'pin' | null {
  const { httpAuthentication, tlsClientAuthentication } = draft;
  if (httpAuthentication.scheme !== 'none') {
    if (httpAuthentication.username === '') return 'username';
    if (!given.password) return 'password';
  }
  const { enabled, keystore } = tlsClientAuthentication;
  if (enabled && keystore?.kind === 'software') {
    if (keystore.path === '') return 'path';
    if (!given.passphrase) return 'passphrase';
  }
  if (otherTlsToken(draft) !== null && !given.passphrase) return 'pin';
  return null;
}
