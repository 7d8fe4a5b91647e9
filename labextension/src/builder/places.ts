/** Where does a click in the palette, or a paste, add a step? */
import { idsIn, placeOf, slotsOf } from './document';
import { outline } from './rows';
import type { Row } from './rows';
import type { IViewState } from './store';
import type { IDocument, IPlace } from './wire';

/** Where a click in the palette adds a step: after what the keyboard is at. */
export function addPlace(state: IViewState): IPlace {
  const { document, cursor, folded } = state;
  if (document === null) {
    return { phase: 'script', parent: null, slot: '', index: 0 };
  }
  const end: IPlace = { phase: 'script', parent: null, slot: '', index: document.phases.script.length };
  return placeAfter(document, cursor, outline(document, folded).rows) ?? end;
}

function placeAfter(document: IDocument, cursor: string, rows: readonly Row[]): IPlace | null {
  const row = rows.find(one => one.key === cursor);
  if (row === undefined) {
    return null;
  }
  if (row.kind === 'empty') {
    return row.place;
  }
  if (row.kind === 'phase') {
    return { phase: row.phase, parent: null, slot: '', index: document.phases[row.phase].length };
  }
  return afterStep(document, row);
}

type StepRow = Exclude<Row, { kind: 'phase' | 'empty' }>;

function afterStep(document: IDocument, row: StepRow): IPlace | null {
  if (row.kind === 'branch') {
    const inside = document.steps[row.id]?.slots?.[row.slot] ?? [];
    return { phase: row.phase, parent: row.id, slot: row.slot, index: inside.length };
  }
  // A block that was just made is waiting for what belongs into it.
  const made = document.steps[row.id];
  const slots = made === undefined ? [] : slotsOf(made);
  if (made !== undefined && slots[0] !== undefined && slots.every(slot => idsIn(made, slot).length === 0)) {
    return { phase: row.phase, parent: row.id, slot: slots[0], index: 0 };
  }
  const found = placeOf(document, row.id);
  return found === null ? null : { ...found, index: found.index + 1 };
}
