/** Where would a dropped step land?  Pure: rows and pointer in, `(phase, parent, slot, index)` out. */
import type { IDropPoint, IOutline } from './rows';

/** How far one level is indented, in px. */
export const INDENT = 20;

/** A row on the screen, as the list measured it. */
interface IMeasured {
  index: number;
  start: number;
  size: number;
}

/** Return the points at which the steps in `moving` may be dropped; not inside themselves. */
export function legalPoints(points: readonly IDropPoint[], moving: ReadonlySet<string>): IDropPoint[] {
  return moving.size === 0 ? [...points] : points.filter(point => !point.inside.some(id => moving.has(id)));
}

/** The gap that lies nearest to `y`: above a row in its upper half, below it in its lower half. */
export function gapAt(rows: readonly IMeasured[], y: number): number {
  const first = rows[0];
  if (first === undefined) {
    return 0;
  }
  const row = rows.find(one => y < one.start + one.size) ?? rows[rows.length - 1] ?? first;
  return y < row.start + row.size / 2 ? row.index : row.index + 1;
}

/**
 * Return the drop point for a pointer at height `y` and `x` px right of the first level, or null when there is none.
 *
 * Where several depths meet in one gap, the horizontal position chooses, as in an outline.
 */
export function dropPoint(
  { rows, points }: IOutline,
  measured: readonly IMeasured[],
  pointer: { x: number; y: number },
  moving: ReadonlySet<string> = new Set()
): IDropPoint | null {
  const legal = legalPoints(points, moving);
  const over = measured.find(one => pointer.y >= one.start && pointer.y < one.start + one.size);
  const row = over === undefined ? undefined : rows[over.index];
  if (row?.kind === 'empty') {
    return legal.find(point => samePlace(point, row.place)) ?? null;
  }
  if (row?.kind === 'phase') {
    return legal.find(point => point.place.phase === row.phase) ?? null;
  }
  const gap = gapAt(measured, pointer.y);
  const nearest = nearestGap(legal, gap);
  const depth = Math.round(pointer.x / INDENT);
  return legal
    .filter(point => point.gap === nearest)
    .reduce<IDropPoint | null>((best, point) => (best === null || closer(point, best, depth) ? point : best), null);
}

function nearestGap(points: readonly IDropPoint[], gap: number): number {
  return points.reduce(
    (best, point) => (Math.abs(point.gap - gap) < Math.abs(best - gap) ? point.gap : best),
    Number.POSITIVE_INFINITY
  );
}

function closer(point: IDropPoint, best: IDropPoint, depth: number): boolean {
  return Math.abs(point.depth - depth) < Math.abs(best.depth - depth);
}

function samePlace(point: IDropPoint, place: IDropPoint['place']): boolean {
  return (
    point.place.phase === place.phase &&
    point.place.parent === place.parent &&
    point.place.slot === place.slot &&
    point.place.index === place.index
  );
}

/** A key that lifts a step moves it: to the next or previous point, or to the same gap one level in or out. */
export type Nudge = 'up' | 'down' | 'in' | 'out';

/** Return the point that `nudge` leads to from `from`; the same one where there is none further. */
export function nudged(points: readonly IDropPoint[], from: IDropPoint, nudge: Nudge): IDropPoint {
  const at = points.findIndex(point => samePlace(point, from.place));
  if (nudge === 'up' || nudge === 'down') {
    return points[at + (nudge === 'up' ? -1 : 1)] ?? from;
  }
  const level = points.filter(point => point.gap === from.gap);
  const wanted = level.filter(point => (nudge === 'in' ? point.depth > from.depth : point.depth < from.depth));
  const best = nudge === 'in' ? wanted[wanted.length - 1] : wanted[0];
  return (nudge === 'in' ? wanted.reduce<IDropPoint | undefined>(shallower, undefined) : wanted.reduce(deeper, best)) ?? from;
}

function shallower(best: IDropPoint | undefined, point: IDropPoint): IDropPoint {
  return best === undefined || point.depth < best.depth ? point : best;
}

function deeper(best: IDropPoint | undefined, point: IDropPoint): IDropPoint {
  return best === undefined || point.depth > best.depth ? point : best;
}
