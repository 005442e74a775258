import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icon.tsx';

/** A button that puts a text on the clipboard and says whether it did. */
export function CopyText({
  text,
  label,
}: {
  /** Or what brings it; null when there is none. */
  readonly text: string | (() => Promise<string | null>);
  readonly label: string;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  async function copy() {
    try {
      const brought = typeof text === 'string' ? text : await text();
      if (brought !== null) await navigator.clipboard.writeText(brought);
      setCopied(brought !== null);
    } catch {
      setCopied(false);
    }
  }
  return (
    <span className="copy">
      <span role="status" className="small quiet">
        {copied === true && <Icon name="check" className="i-s" />}
        {copied === null ? '' : copied ? t('result.copied') : t('result.notCopied')}
      </span>
      <button type="button" className="btn small" onClick={() => void copy()}>
        {label}
      </button>
    </span>
  );
}
