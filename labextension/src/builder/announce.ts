/** What does a screen reader say while a step is moved? */
import type { IDropPoint } from './rows';
import { sentence } from './sentence';
import type { IDocument, IPalette, IPlace } from './wire';

const PHASE_NAMES = { prep: 'Prep', script: 'Script', cleanup: 'Cleanup' } as const;

/** A place in words: "Script, in repeat 2 times, position 2 of 3". */
function placeInWords(document: IDocument, place: IPlace, palette: IPalette | null): string {
  const parts: string[] = [PHASE_NAMES[place.phase]];
  const parent = place.parent === null ? undefined : document.steps[place.parent];
  if (parent !== undefined) {
    const first = sentence(parent, palette).map(piece => piece.text).join(' ');
    parts.push(`in ${place.slot === 'else' ? `the else of ${first}` : first}`);
  }
  const ids = parent === undefined ? document.phases[place.phase] : parent.slots?.[place.slot] ?? [];
  parts.push(ids.length === 0 ? 'which is empty' : `position ${place.index + 1} of ${ids.length + 1}`);
  return parts.join(', ');
}

/** Said when a step is lifted by the keyboard. */
export function lifted(what: string): string {
  return `${what} lifted. Up and down move it, left and right change its level, Space drops it, Escape puts it back.`;
}

/** Said at each move. */
export function over(document: IDocument, point: IDropPoint, palette: IPalette | null): string {
  return placeInWords(document, point.place, palette);
}

/** Said when it was dropped. */
export function dropped(what: string, document: IDocument, point: IDropPoint, palette: IPalette | null): string {
  return `${what} dropped: ${placeInWords(document, point.place, palette)}.`;
}
