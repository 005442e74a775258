import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EnrollmentRecord } from '../../../../shared/enrollment.ts';

/** The whole record for the clipboard: it holds no PIN and no password. */
export function CopyReport({
  record,
  brief = false,
}: {
  readonly record: EnrollmentRecord;
  /** No room for a remark beside the button. */
  readonly brief?: boolean;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  async function copy() {
    try {
      await navigator.clipboard.writeText(JSON.stringify(record, null, 2));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  }
  const said = copied === null ? '' : copied ? t('result.copied') : t('result.notCopied');
  return (
    <>
      <button type="button" className="btn" onClick={() => void copy()}>
        {t('result.copy')}
      </button>
      <p className="small quiet" role="status">
        {said || (brief ? '' : t('result.noSecrets'))}
      </p>
    </>
  );
}
