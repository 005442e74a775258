/** A distinguished name or an address that wraps, where it must, between its parts: after a comma, before the port. */
export function Parts({ text }: { readonly text: string }) {
  let at = 0;
  return text.split(/(?<=(?<!\\),)|(?=:\d+$)/).map((part) => {
    at += part.length;
    return (
      <span key={at} className="part">
        {part}
      </span>
    );
  });
}
