/** Which steps are selected after a click or an arrow key? */
import type { Row } from './rows';
import type { BuilderStore } from './store';

interface IModifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Select by a click: alone, with Shift up to here, with Ctrl one more or one less. */
export function choose(store: BuilderStore, rows: readonly Row[], row: Row, { shiftKey, ctrlKey, metaKey }: IModifiers): void {
  const { selected, cursor } = store.snapshot();
  const id = row.kind === 'step' || row.kind === 'branch' ? row.id : null;
  if (id === null) {
    store.set({ cursor: row.key, selected: [] });
  } else if (shiftKey) {
    store.set({ selected: between(rows, anchorOf(rows, selected, cursor), row.key), cursor: row.key });
  } else if (ctrlKey || metaKey) {
    const next = selected.includes(id) ? selected.filter(one => one !== id) : [...selected, id];
    store.set({ selected: next, cursor: row.key });
  } else {
    store.set({ selected: [id], cursor: row.key });
  }
}

function anchorOf(rows: readonly Row[], selected: readonly string[], cursor: string): string {
  const first = selected[0];
  return first !== undefined && rows.some(row => row.key === first) ? first : cursor;
}

/** The ids of the steps from one row to another, the first one first. */
export function between(rows: readonly Row[], from: string, to: string): string[] {
  const [a, b] = [rows.findIndex(row => row.key === from), rows.findIndex(row => row.key === to)];
  const part = rows.slice(Math.min(a, b), Math.max(a, b) + 1).flatMap(row => (row.kind === 'step' ? [row.id] : []));
  return a <= b ? part : part.reverse();
}

/** Move the keyboard one row up or down; with Shift the selection grows. */
export function step(store: BuilderStore, rows: readonly Row[], by: number, shiftKey: boolean): void {
  const at = rows.findIndex(row => row.key === store.snapshot().cursor);
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (row !== undefined) {
    choose(store, rows, row, { shiftKey, ctrlKey: false, metaKey: false });
  }
}
