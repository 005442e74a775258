/** How much of a certificate's life has passed, on a scale. */
export function ValiditySpan({ from, to }: { readonly from: string; readonly to: string }) {
  const start = Date.parse(from);
  const used = (Date.now() - start) / Math.max(1, Date.parse(to) - start);
  const percent = Math.min(100, Math.max(1, Math.round(used * 100)));
  return (
    <div className="span" aria-hidden="true" style={{ '--used': `${percent}%` }}>
      <i />
    </div>
  );
}
