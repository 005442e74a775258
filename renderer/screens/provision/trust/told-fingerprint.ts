/** What a person was told so far: sixteen groups of up to four upper-case hex digits. */
export type Told = readonly string[];

export const nothingTold: Told = Array.from({ length: 16 }, () => '');

/** Puts hex digits where the person is: the first group that is not full yet. Anything else is skipped. */
export function tell(told: Told, text: string): Told {
  const groups = [...told];
  for (const digit of text.toUpperCase().replace(/[^0-9A-F]/g, '')) {
    const place = groups.findIndex((group) => group.length < 4);
    if (place < 0) break;
    groups[place] += digit;
  }
  return groups;
}

/** Takes the last digit before the person's place back. */
export function untell(told: Told): Told {
  const groups = [...told];
  const open = groups.findIndex((group) => group.length < 4);
  let place = open < 0 ? groups.length - 1 : open;
  if (groups[place] === '' && place > 0) place -= 1;
  groups[place] = (groups[place] ?? '').slice(0, -1);
  return groups;
}

/** Clears one group, to hear it again. */
export function clearGroup(told: Told, place: number): Told {
  return told.with(place, '');
}

/** The text of the field: the groups that have digits, separated. */
export function toldText(told: Told): string {
  return told.filter((group) => group !== '').join(' ');
}

/** How the told groups stand against those the server sent. */
export interface Comparison {
  readonly same: number;
  /** Places of full groups that differ. */
  readonly differing: readonly number[];
  /** The group the person is at; null when all are full. */
  readonly here: number | null;
  readonly complete: boolean;
}

export function compare(sent: readonly string[], told: Told): Comparison {
  const full = told.map((group) => group.length === 4);
  const differing = told.flatMap((group, place) =>
    full[place] && group !== sent[place] ? [place] : [],
  );
  const filled = full.filter(Boolean).length;
  const here = full.indexOf(false);
  return {
    same: filled - differing.length,
    differing,
    here: here < 0 ? null : here,
    complete: filled === 16 && differing.length === 0,
  };
}
