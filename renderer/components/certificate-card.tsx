import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../shared/enrollment.ts';
import { useFormat } from '../i18n/format.ts';
import type { LampState } from '../stores/frame.ts';
import { testIds } from '../test-ids.ts';
import { commonName, nameBeyondCommon } from './distinguished-name.ts';
import { type Fact, Facts, fact } from './facts.tsx';
import { Fingerprint, groupsOf } from './fingerprint.tsx';
import { State } from './state.tsx';
import { ValiditySpan } from './validity-span.tsx';

/** A certificate as a person reads it. */
export function CertificateCard({
  certificate,
  state,
  word,
  keyOrigin,
  moreFacts = [],
  footer,
}: {
  readonly certificate: CertificateSummary;
  readonly state: LampState;
  readonly word: string;
  /** Where the key was made and whether it can be copied. */
  readonly keyOrigin?: string | undefined;
  readonly moreFacts?: readonly Fact[];
  /** What can be done with it. */
  readonly footer?: ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { subject, issuer, notBefore, notAfter, subjectAltNames } = certificate;
  const names: readonly Fact[] =
    subjectAltNames.length === 0
      ? []
      : [[t('certificate.alsoNamed'), subjectAltNames.map(withoutKind).join(', ')]];
  return (
    <div className="cert">
      <header>
        <div>
          <h2 data-testid={testIds.resultSubject} title={subject}>
            {commonName(subject)}
          </h2>
          <p>{nameBeyondCommon(subject) || subject}</p>
        </div>
        <State state={state} form="solid">
          {word}
        </State>
      </header>
      <Facts
        facts={[
          [
            t('certificate.issuedBy'),
            issuer === subject ? t('certificate.itself') : commonName(issuer),
          ],
          fact(
            t('certificate.good'),
            <>
              {t('certificate.fromTo', { from: format.day(notBefore), to: format.day(notAfter) })}
              <ValiditySpan from={notBefore} to={notAfter} />
            </>,
          ),
          ...names,
          [
            t('certificate.key'),
            keyOrigin ? `${certificate.publicKey}, ${keyOrigin}` : certificate.publicKey,
          ],
          ...moreFacts,
          fact(
            t('certificate.serial'),
            <span className="mono">{spaced(certificate.serialNumber)}</span>,
          ),
          fact(
            'SHA-256',
            <Fingerprint
              small
              groups={groupsOf(certificate.fingerprint)}
              testId={testIds.resultFingerprint}
            />,
          ),
        ]}
      />
      {footer && <footer>{footer}</footer>}
    </div>
  );
}

/** A serial number in pairs, as certificates are read out. */
function spaced(serial: string): string {
  return serial.match(/.{1,2}/g)?.join(':') ?? serial;
}

/** `DNS:gw.example` reads as `gw.example`. */
function withoutKind(name: string): string {
  return name.replace(/^(?:DNS|IP|email|URI):/, '');
}
