import { useTranslation } from 'react-i18next';

/** Why the value cannot get from the connection into the request when a token signs. */
export function BindingDrawing() {
  const { t } = useTranslation();
  return (
    <svg className="drawing" viewBox="0 12 680 113" role="img" aria-label={t('drawing.all')}>
      <rect x="1" y="16" width="122" height="44" rx="4" />
      <path d="M123 26h14v24h-14" />
      <text className="b" x="13" y="35">
        {t('drawing.token')}
      </text>
      <text x="13" y="51">
        {t('drawing.holds')}
      </text>
      <path d="M144 38h50m-6-5 6 5-6 5" />
      <text x="146" y="29">
        {t('drawing.signs')}
      </text>
      <rect x="202" y="20" width="290" height="36" rx="18" />
      <text className="b" x="220" y="43">
        {t('drawing.connection')}
      </text>
      <path d="M326 20v36" />
      <text x="336" y="43">
        {t('drawing.carries')}
      </text>
      <path d="M500 38h44m-6-5 6 5-6 5" />
      <rect x="552" y="16" width="126" height="44" rx="2" />
      <text className="b" x="566" y="35">
        {t('drawing.server')}
      </text>
      <text x="566" y="51">
        {t('drawing.compares')}
      </text>
      <path d="M400 56v10" strokeDasharray="3 4" />
      <g className="cut" strokeWidth="2">
        <path d="m394 68 12 12m0-12-12 12" />
      </g>
      <path d="M400 83v9" strokeDasharray="3 4" />
      <rect x="258" y="92" width="284" height="32" rx="2" />
      <text className="b" x="272" y="113">
        {t('drawing.request')}
      </text>
      <path d="M330 92v32" />
      <text x="344" y="113">
        {t('drawing.empty')}
      </text>
      <text className="cut" x="418" y="79">
        {t('drawing.notHandedOut')}
      </text>
    </svg>
  );
}
