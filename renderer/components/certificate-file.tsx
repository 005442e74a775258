import { type RefObject, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { testIds } from '../test-ids.ts';

/** Bytes the contract takes. */
const largest = 65_536;

/** A certificate from a file (PEM or DER) or as pasted text; the station reads it. */
export function CertificateFile({
  onContent,
  error,
}: {
  /** The bytes, or null for a file that is too large. */
  onContent(content: Uint8Array<ArrayBuffer> | null): void;
  readonly error?: string | undefined;
}) {
  const { t } = useTranslation();
  const id = useId();
  const text = useRef<HTMLTextAreaElement>(null);
  const [name, setName] = useState('');
  const file: RefObject<HTMLInputElement | null> = useRef(null);
  async function choose(chosen: File | undefined) {
    if (chosen === undefined) return;
    setName(chosen.name);
    if (text.current) text.current.value = '';
    onContent(chosen.size > largest ? null : new Uint8Array(await chosen.arrayBuffer()));
  }
  return (
    <div className="columns">
      <div className="field">
        <span className="label" id={`${id}-label`}>
          {t('certificateFile.file')}
        </span>
        <div className="file-row">
          <input
            ref={file}
            id={`${id}-file`}
            type="file"
            className="sr"
            accept=".pem,.crt,.cer,.der,.txt"
            aria-labelledby={`${id}-label ${id}-choose`}
            aria-describedby={`${id}-about`}
            onChange={(event) => void choose(event.target.files?.[0])}
            data-testid={testIds.certificateFile}
          />
          <label id={`${id}-choose`} htmlFor={`${id}-file`} className="btn">
            {t('certificateFile.choose')}
          </label>
          <span className="small quiet" title={name}>
            {name || t('certificateFile.noFile')}
          </span>
        </div>
        <p
          id={`${id}-about`}
          className={error ? 'hint wrong' : 'hint'}
          role={error ? 'alert' : undefined}
        >
          {error ?? t('certificateFile.fileHint')}
        </p>
      </div>
      <div className="field">
        <label htmlFor={`${id}-text`}>{t('certificateFile.text')}</label>
        <textarea
          ref={text}
          id={`${id}-text`}
          className="input area"
          spellCheck={false}
          autoComplete="off"
          maxLength={largest}
          placeholder="-----BEGIN CERTIFICATE-----"
          onChange={(event) => {
            const { value } = event.target;
            setName('');
            if (file.current) file.current.value = '';
            // Half a certificate is not worth a question.
            if (value === '' || value.includes('-----END'))
              onContent(new TextEncoder().encode(value));
          }}
          data-testid={testIds.certificateText}
        />
      </div>
    </div>
  );
}
