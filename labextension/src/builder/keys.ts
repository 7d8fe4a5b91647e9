/** What does a key do while the canvas has the focus? */
import { removed } from './announce';
import type { Cargo, IMover } from './moving';
import type { Row } from './rows';
import { step } from './selection';
import { sentence } from './sentence';
import type { BuilderStore } from './store';

interface IKeyContext {
  store: BuilderStore;
  rows: readonly Row[];
  mover: IMover;
  /** Go to the form of the selected step. */
  onEdit: () => void;
}

interface IKey {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Do what `event` asks; whether it was used. */
export function canvasKey(event: IKey, context: IKeyContext): boolean {
  if (context.mover.key(event.key)) {
    return true;
  }
  return event.ctrlKey || event.metaKey ? withCtrl(event, context) : plain(event, context);
}

function withCtrl(event: IKey, { store, rows }: IKeyContext): boolean {
  switch (event.key.toLowerCase()) {
    case 'z':
      back(store, event.shiftKey ? 'redo' : 'undo');
      return true;
    case 'y':
      back(store, 'redo');
      return true;
    case 'd':
      return withSelection(store, ids => edit(store, 'duplicate', { ids }, 'Duplicated.'));
    case 'a':
      store.set({ selected: rows.flatMap(row => (row.kind === 'step' ? [row.id] : [])) });
      return true;
    default:
      return false;
  }
}

function plain(event: IKey, { store, rows, mover, onEdit }: IKeyContext): boolean {
  switch (event.key) {
    case 'ArrowUp':
    case 'ArrowDown':
      step(store, rows, event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
      return true;
    case 'Home':
    case 'End':
      step(store, rows, event.key === 'Home' ? -rows.length : rows.length, event.shiftKey);
      return true;
    case 'ArrowLeft':
    case 'ArrowRight':
      return fold(store, event.key === 'ArrowLeft');
    case ' ':
      return liftSelected(store, mover);
    case 'Enter':
      onEdit();
      return true;
    case 'Delete':
    case 'Backspace':
      return withSelection(store, ids => edit(store, 'remove', { ids }, removed(ids.length)));
    case 'Escape':
      store.set({ selected: [] });
      return true;
    default:
      return false;
  }
}

/** Make an edit, and say that it was made. */
function edit(store: BuilderStore, intent: string, params: { ids?: string[] }, said: string): void {
  void store.tryEdit(intent, params).then(done => done && store.set({ announcement: said }));
}

function back(store: BuilderStore, way: 'undo' | 'redo'): void {
  const what = store.snapshot().document?.[way] ?? '';
  edit(store, way, {}, what === '' ? `Nothing to ${way}.` : `${way === 'undo' ? 'Undone' : 'Done again'}: ${what}.`);
}

function withSelection(store: BuilderStore, act: (ids: string[]) => void): boolean {
  const { selected } = store.snapshot();
  if (selected.length > 0) {
    act([...selected]);
  }
  return true;
}

function fold(store: BuilderStore, folded: boolean): boolean {
  const { cursor, document } = store.snapshot();
  if (document?.steps[cursor] === undefined) {
    return false;
  }
  const next = new Set(store.snapshot().folded);
  if (folded) {
    next.add(cursor);
  } else {
    next.delete(cursor);
  }
  store.set({ folded: next });
  return true;
}

function liftSelected(store: BuilderStore, mover: IMover): boolean {
  const { selected, document, palette } = store.snapshot();
  const first = selected[0];
  const found = first === undefined ? undefined : document?.steps[first];
  if (found !== undefined) {
    const label = sentence(found, palette).find(piece => piece.kind === 'name')?.text ?? found.step;
    const cargo: Cargo = { kind: 'move', ids: selected, label: selected.length > 1 ? `${selected.length} steps` : label };
    mover.lift(cargo);
  }
  return true;
}
