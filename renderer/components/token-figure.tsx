/** A token with a plug; dashed when it is still blank. */
export function TokenFigure({ blank }: { readonly blank: boolean }) {
  return (
    <svg className={blank ? 'figure blank' : 'figure'} viewBox="0 0 76 44" aria-hidden="true">
      <rect x="1" y="7" width="50" height="30" rx="4" />
      <path d="M51 12h22v20H51M60 18h6M60 26h6" />
      <circle cx="11" cy="22" r="3" />
      <path d="M22 17v10M27 17v10" />
    </svg>
  );
}
