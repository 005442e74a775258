/** Drawn on 20 units; the stroke, and with it the colour, is the text's. */
const shapes = {
  attention: ['M10 2.6 18.2 17H1.8z', 'M10 8v3.6M10 14.2v.1'],
  busy: ['M10 3a7 7 0 1 1-7 7'],
  caps: ['M10 3 3.5 9.5h3.3V13h6.4V9.5h3.3zM6.8 16.5h6.4'],
  check: ['m4 10.5 4 4 8-9'],
  differs: ['M4 7.5h12M4 12.5h12M13.5 4l-7 12'],
  done: ['M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 0 1 0-15z', 'm6.6 10.3 2.3 2.4 4.6-5.2'],
  dot: ['M10 8.9a1.1 1.1 0 1 1 0 2.2a1.1 1.1 0 0 1 0-2.2z'],
  failed: ['M6.8 2.5h6.4l4.3 4.3v6.4l-4.3 4.3H6.8l-4.3-4.3V6.8z', 'm7.5 7.5 5 5m0-5-5 5'],
  locked: ['M4 9h12v8.5H4zM6.5 9V6.3a3.5 3.5 0 0 1 7 0V9M10 12.3v2'],
  next: ['M3 10h13M11.5 5.5 16 10l-4.5 4.5'],
  no: ['M10 3a7 7 0 1 1 0 14a7 7 0 0 1 0-14z', 'm5.2 14.8 9.6-9.6'],
  phone: ['M3.5 3.5h3.2l1.5 4-2 1.3a9.5 9.5 0 0 0 5 5l1.3-2 4 1.5v3.2C9.5 17 3 10.5 3.5 3.5z'],
  provision: ['M10.5 5h7v10h-7zM2.5 10H7M4.8 7.3 7.5 10l-2.7 2.7M13 8.5h2'],
  ready: ['M10 3a7 7 0 1 1 0 14a7 7 0 0 1 0-14z'],
  server: ['M3 3.5h14v5.5H3zM3 11h14v5.5H3zM6 6.25h.1M6 13.75h.1M9 6.25h5M9 13.75h5'],
  station: ['M2.5 4h15v12h-15zM2.5 12.5h15M5.5 9.5 8 6.8l2 2.2 2-2.2 2.5 2.7'],
  story: ['M10 3a7 7 0 1 1-6.2 3.7M3 3.5v3.7h3.7', 'M10 6.2V10l2.8 2'],
  tokens: ['M2.5 6h10v8h-10zM12.5 7.8h5v4.4h-5M5.5 10h1'],
  trust: [
    'M10 2.5a2 2 0 1 1 0 4a2 2 0 0 1 0-4z',
    'M10 6.5v11M6.5 9.2h7M3 11.5c.4 3.6 3 5.6 7 6 4-.4 6.6-2.4 7-6',
  ],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof shapes;

export function Icon({
  name,
  className = 'i',
}: {
  readonly name: IconName;
  readonly className?: string;
}) {
  const spin = name === 'busy' ? ' spin' : '';
  return (
    <svg className={className + spin} viewBox="0 0 20 20" aria-hidden="true">
      {shapes[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
