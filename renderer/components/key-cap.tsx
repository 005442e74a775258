/** The key that does the same, as its cap reads; for the eye, not part of the button's name. */
export function KeyCap({ cap }: { readonly cap: string }) {
  return (
    <span aria-hidden="true">
      <kbd>{cap}</kbd>
    </span>
  );
}
