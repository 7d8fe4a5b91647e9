/** What does a screen reader say while a step is moved? */
import type { Cargo } from './moving';
import type { IDropPoint } from './rows';
import { sentence } from './sentence';
import type { IDocument, IPalette, IPlace } from './wire';

const PHASE_NAMES = { prep: 'Prep', script: 'Script', cleanup: 'Cleanup' } as const;

/** A place in words: "Script, in repeat 2 times, position 2 of 3", as it will be once what is carried stands there. */
function placeInWords(document: IDocument, place: IPlace, palette: IPalette | null, cargo: Cargo): string {
  const parts: string[] = [PHASE_NAMES[place.phase]];
  const parent = place.parent === null ? undefined : document.steps[place.parent];
  if (parent !== undefined) {
    const first = sentence(parent, palette).map(piece => piece.text).join(' ');
    parts.push(`in ${place.slot === 'else' ? `the else of ${first}` : first}`);
  }
  const ids = parent === undefined ? document.phases[place.phase] : parent.slots?.[place.slot] ?? [];
  const stays = (id: string): boolean => cargo.kind === 'new' || !cargo.ids.includes(id);
  const position = ids.slice(0, place.index).filter(stays).length + 1;
  const total = ids.filter(stays).length + (cargo.kind === 'new' ? 1 : cargo.ids.length);
  parts.push(ids.length === 0 ? 'which is empty' : `position ${position} of ${total}`);
  return parts.join(', ');
}

/** Said when a step is lifted by the keyboard. */
export function lifted(what: string): string {
  return `${what} lifted. Up and down move it, left and right change its level, Space drops it, Escape puts it back.`;
}

/** Said at each move. */
export function over(cargo: Cargo, document: IDocument, point: IDropPoint, palette: IPalette | null): string {
  return placeInWords(document, point.place, palette, cargo);
}

/** Said when it was dropped. */
export function dropped(cargo: Cargo, document: IDocument, point: IDropPoint, palette: IPalette | null): string {
  return `${cargo.label} dropped: ${placeInWords(document, point.place, palette, cargo)}.`;
}

/** Said when steps were removed. */
export function removed(count: number): string {
  return `${count === 1 ? 'Removed' : `${count} steps removed`}. Control Z brings ${count === 1 ? 'it' : 'them'} back.`;
}
