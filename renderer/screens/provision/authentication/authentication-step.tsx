import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandInput } from '../../../../shared/contract/commands.ts';
import { takeSecret } from '../../../components/secret-field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { type NeededToken, useToken } from '../../../components/use-token.ts';
import { ask } from '../../../stores/ask.ts';
import { type Draft, otherTlsToken } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
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
  const otherSelection = otherTlsToken(draft);
  const other = useToken(otherSelection);
  const otherNeeded = otherSelection !== null && !held.tlsKey;
  const missing =
    firstMissing(draft, {
      password: held.password || typed.password,
      passphrase: held.tlsKey || typed.passphrase,
    }) ?? (otherNeeded ? missingOfToken(other) : null);
  const lastTry = otherNeeded && missing === null && other.pin.finalTryConfirmed;

  async function keep(purpose: Purpose, field: HTMLInputElement | null): Promise<boolean> {
    const secret = takeSecret(field);
    try {
      if (secret.length === 0) return true;
      return (await run(() => ask('credentials.hold', { purpose, secret }))) !== null;
    } finally {
      secret.fill(0);
    }
  }
  async function openTlsKey(): Promise<boolean> {
    if (otherSelection === null) return await keep('tls-key-passphrase', passphrase.current);
    return held.tlsKey || (await run(other.give)) !== null;
  }
  async function submit() {
    const kept = (await keep('http-password', password.current)) && (await openTlsKey());
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
      lamp={busy ? 'busy' : lastTry ? 'attention' : 'ready'}
      next={missing ? t(`authentication.next.${missing}`) : t('authentication.nextChecks')}
      problem={problem}
      panel={<AuthenticationHelp />}
      back={{ text: t('action.back'), onPress: back }}
      why={
        missing
          ? t(`authentication.missing.${missing}`)
          : t(lastTry ? 'pin.whyFinal' : 'authentication.held')
      }
      primary={{
        text: t(lastTry ? 'pin.useLast' : 'action.continue'),
        grave: lastTry,
        disabled: busy || missing !== null,
      }}
      onSubmit={() => {
        if (!busy && missing === null) void submit();
      }}
    >
      <HttpSignIn
        field={password}
        onFilled={(filled) => setTyped((before) => ({ ...before, password: filled }))}
      />
      <TlsSignIn
        field={passphrase}
        other={other}
        onFilled={(filled) => setTyped((before) => ({ ...before, passphrase: filled }))}
      />
    </StepPage>
  );
}

/** What the chosen ways of signing in still need. */
function firstMissing(
  draft: Draft,
  given: { readonly password: boolean; readonly passphrase: boolean },
): 'username' | 'password' | 'path' | 'passphrase' | null {
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
  return null;
}

/** What the token that signs in still needs before it is opened. */
function missingOfToken({ token, pin }: NeededToken): 'token' | 'shut' | 'lastTry' | 'pin' | null {
  if (pin.ready) return null;
  if (token === 'missing') return 'token';
  if (token?.pinState === 'locked' || token?.pinState === 'not-set') return 'shut';
  return token?.pinState === 'final' ? 'lastTry' : 'pin';
}
