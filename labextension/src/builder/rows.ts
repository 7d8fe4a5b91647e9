/** Which rows does the canvas show, and at which points between them can a step be dropped?  One walk gives both. */
import { idsIn, slotsOf } from './document';
import type { IDocument, IPlace, Phase } from './wire';
import { PHASES } from './wire';

/** One visible row. */
export type Row =
  | { kind: 'phase'; key: string; phase: Phase; depth: 0; steps: number }
  | { kind: 'step'; key: string; phase: Phase; depth: number; id: string; folded: number | null }
  | { kind: 'branch'; key: string; phase: Phase; depth: number; id: string; slot: string }
  | { kind: 'empty'; key: string; phase: Phase; depth: number; place: IPlace };

/** A place where a step can be put, drawn as a line above row `gap`. */
export interface IDropPoint {
  gap: number;
  depth: number;
  place: IPlace;
  /** Ids of the steps around, outermost first: a step cannot be put into itself. */
  inside: readonly string[];
}

export interface IOutline {
  rows: Row[];
  points: IDropPoint[];
}

interface IList {
  phase: Phase;
  parent: string | null;
  slot: string;
  depth: number;
  inside: readonly string[];
}

/** Walk the document once; blocks in `folded` show their first line only. */
export function outline(document: IDocument, folded: ReadonlySet<string>): IOutline {
  const made: IOutline = { rows: [], points: [] };
  for (const phase of PHASES) {
    const ids = document.phases[phase];
    made.rows.push({ kind: 'phase', key: `phase:${phase}`, phase, depth: 0, steps: countOf(document, ids) });
    walk(document, ids, { phase, parent: null, slot: '', depth: 0, inside: [] }, folded, made);
  }
  return made;
}

function walk(
  document: IDocument,
  ids: readonly string[],
  list: IList,
  folded: ReadonlySet<string>,
  made: IOutline
): void {
  const { phase, parent, slot, depth, inside } = list;
  const point = (index: number): IDropPoint => ({
    gap: made.rows.length,
    depth,
    place: { phase, parent, slot, index },
    inside
  });
  ids.forEach((id, index) => {
    made.points.push(point(index));
    stepRows(document, id, list, folded, made);
  });
  made.points.push(point(ids.length));
  if (ids.length === 0) {
    const key = `empty:${parent ?? phase}/${slot}`;
    made.rows.push({ kind: 'empty', key, phase, depth, place: { phase, parent, slot, index: 0 } });
  }
}

function stepRows(document: IDocument, id: string, list: IList, folded: ReadonlySet<string>, made: IOutline): void {
  const step = document.steps[id];
  if (step === undefined) {
    return;
  }
  const slots = slotsOf(step);
  const isFolded = slots.length > 0 && folded.has(id);
  const hidden = isFolded ? slots.reduce((sum, slot) => sum + countOf(document, idsIn(step, slot)), 0) : null;
  made.rows.push({ kind: 'step', key: id, phase: list.phase, depth: list.depth, id, folded: hidden });
  if (isFolded) {
    return;
  }
  slots.forEach((slot, index) => {
    if (index > 0) {
      made.rows.push({ kind: 'branch', key: `${id}/${slot}`, phase: list.phase, depth: list.depth, id, slot });
    }
    const inner = { phase: list.phase, parent: id, slot, depth: list.depth + 1, inside: [...list.inside, id] };
    walk(document, idsIn(step, slot), inner, folded, made);
  });
}

/** How many steps there are in `ids`, those inside counted. */
function countOf(document: IDocument, ids: readonly string[]): number {
  return ids.reduce((sum, id) => {
    const step = document.steps[id];
    const inside = step === undefined ? [] : slotsOf(step).flatMap(slot => idsIn(step, slot));
    return sum + 1 + countOf(document, inside);
  }, 0);
}
