import { useTranslation } from 'react-i18next';
import type { CommandInput } from '../../../shared/contract/commands.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { CopyText } from '../../components/copy-text.tsx';
import { Facts, fact } from '../../components/facts.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { ask } from '../../stores/ask.ts';
import { selectionOf, type TokenObject } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';
import { madeKey } from './object-list.tsx';

type Form = CommandInput<'objects.export'>['form'];

/** One alias of a token: its certificate and key, and what can be done with them. */
export function ObjectPage({
  token,
  object,
  onRename,
  onDelete,
  onLeave,
}: {
  readonly token: TokenInfo;
  readonly object: TokenObject;
  onRename(): void;
  onDelete(): void;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { alias, certificate, key, neededBy } = object;
  const over = certificate !== null && Date.parse(certificate.notAfter) < Date.now();
  const exported = (form: Form) => async () => {
    const reply = await ask('objects.export', { keystore: selectionOf(token), alias, form });
    return reply.ok ? new TextDecoder().decode(reply.value.content) : null;
  };
  const copies = (
    <>
      {certificate && (
        <>
          <CopyText text={certificate.pem} label={t('tokens.copy.certificate')} />
          <CopyText
            text={exported({ what: 'chain', format: 'pem' })}
            label={t('tokens.copy.chain')}
          />
        </>
      )}
      {key && (
        <CopyText
          text={exported({ what: 'public-key', format: 'pem' })}
          label={t('tokens.copy.publicKey')}
        />
      )}
    </>
  );
  return (
    <Page
      testId={testIds.tokens.object}
      title={alias}
      lead={t('tokens.objectLead', { token: token.label })}
      next={t('tokens.objectNext')}
      tokenName={token.label}
      panel={
        <section>
          <h2>{t('tokens.exportTitle')}</h2>
          <p>{t('tokens.exportText')}</p>
        </section>
      }
      back={{ text: t('action.back'), onPress: onLeave }}
      side={
        neededBy === null && (
          <button
            type="button"
            className="btn grave"
            onClick={onDelete}
            data-testid={testIds.deleteObject}
          >
            {t('tokens.delete.do')}
          </button>
        )
      }
      why={neededBy === null ? t('tokens.asksPin') : t('tokens.needed')}
      primary={{ text: neededBy === null ? t('tokens.rename.do') : t('tokens.toToken') }}
      onSubmit={neededBy === null ? onRename : onLeave}
    >
      {neededBy !== null && (
        <section>
          <Notice state="attention" title={t('tokens.neededTitle')} role="status">
            <p>{t('tokens.neededText', { enrollment: neededBy })}</p>
          </Notice>
        </section>
      )}
      {certificate && (
        <section>
          <CertificateCard
            certificate={certificate}
            state={over ? 'failed' : 'done'}
            word={t(over ? 'tokens.over' : 'tokens.valid')}
            keyOrigin={object.generatedThere === null ? undefined : t(madeKey(object))}
            footer={copies}
          />
        </section>
      )}
      {key && (
        <section>
          <div className="bar">
            <h2>{t('tokens.key')}</h2>
            <p>{t(madeKey(object))}</p>
          </div>
          <Facts
            facts={[
              [t('certificate.key'), key.algorithm],
              fact(t('tokens.keyId'), <span className="mono">{key.id}</span>),
            ]}
          />
          {certificate === null && <p className="copies">{copies}</p>}
        </section>
      )}
    </Page>
  );
}
