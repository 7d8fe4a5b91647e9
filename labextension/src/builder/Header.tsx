/** The header: which workflow, which version is edited and which one runs, what is wrong, and what can be done. */
import { withTyped } from './findings';
import { useBuilder, useView } from './hooks';
import type { ICheck, IDocument, IRun, IWaiting } from './wire';

export type Pane = 'none' | 'python' | 'library' | 'run';

/** Where the builder stands. */
export type Place = 'notebook' | 'file' | 'queue';

interface IHeader {
  pane: Pane;
  open: (pane: Pane) => void;
  place: Place;
}

export function Header({ pane, open, place }: IHeader): JSX.Element {
  const store = useBuilder();
  const document = useView(state => state.document);
  const check = useView(state => state.check);
  const run = useView(state => state.run);
  const waiting = useView(state => state.waiting);
  const kept = useView(state => state.kept);
  return (
    <div className="ivb-header">
      <span className="ivb-title" title={document?.head.name}>
        {document?.head.name ?? '…'}
      </span>
      <span className="ivo-hint ivb-versions">{document !== null && (waiting === null ? versions(document, run) : changed(waiting, document, kept))}</span>
      <Problems check={check} />
      <button
        type="button"
        className="ivb-icon"
        disabled={!document?.undo}
        aria-label="Undo"
        title={document?.undo ? `Undo: ${document.undo} (Ctrl+Z)` : 'Nothing to undo'}
        onClick={() => void store.tryEdit('undo')}
      >
        ↶
      </button>
      <button
        type="button"
        className="ivb-icon"
        disabled={!document?.redo}
        aria-label="Redo"
        title={document?.redo ? `Redo: ${document.redo} (Ctrl+Shift+Z)` : 'Nothing to redo'}
        onClick={() => void store.tryEdit('redo')}
      >
        ↷
      </button>
      <button type="button" className="ivo-button" aria-pressed={pane === 'python'} onClick={() => open(pane === 'python' ? 'none' : 'python')}>
        Python
      </button>
      {place === 'notebook' && (
        <button type="button" className="ivo-button" onClick={() => open('library')}>
          Library
        </button>
      )}
      <button type="button" className="ivo-button ivo-primary" onClick={() => open('run')}>
        {place === 'queue' ? 'Table, and keep…' : '▶ Run…'}
      </button>
    </div>
  );
}

/** "editing version 8, not saved · running version 7". */
export function versions(document: IDocument, run: IRun | null): string {
  const parts = [document.saved ? `version ${document.saved_version}${document.dirty ? ', edited' : ''}` : 'new, not saved'];
  if (document.head.finalized) {
    parts.push('finalized: read only');
  }
  if (run !== null && !run.ended) {
    parts.push(run.same_version ? `${run.sentence}` : `running another version: ${run.sentence}`);
  } else if (run !== null) {
    parts.push(`last run ${run.sentence}`);
  }
  return parts.join(' · ');
}

function changed({ name }: IWaiting, { dirty }: IDocument, kept: boolean): string {
  return `${dirty ? 'not kept yet · ' : kept ? 'kept in the queue · ' : ''}waiting run ${name}`;
}

function Problems({ check }: { check: ICheck | null }): JSX.Element {
  const store = useBuilder();
  const document = useView(state => state.document);
  const refusals = useView(state => state.refusals);
  const all = withTyped(check?.findings ?? [], refusals);
  const errors = all.filter(one => one.severity === 'error');
  const empty = Object.keys(document?.steps ?? {}).length === 0;
  if (all.length === 0 || check === null || empty) {
    return <span className="ivb-problems ivo-good">{check !== null && !empty && '✓ no problems'}</span>;
  }
  const next = (): void => {
    const ids = [...new Set(all.flatMap(one => (one.step === null ? [] : [one.step])))];
    const id = ids[(ids.indexOf(store.snapshot().selected[0] ?? '') + 1) % Math.max(1, ids.length)];
    if (id !== undefined) {
      store.set({ selected: [id], cursor: id });
    }
  };
  const total = check.total - check.findings.length + all.length;
  const warnings = total - errors.length;
  const words = [counted(errors.length, 'problem'), counted(warnings, 'warning')].filter(Boolean).join(', ');
  return (
    <button type="button" className={errors.length > 0 ? 'ivb-problems ivo-problem' : 'ivb-problems ivb-warn'} onClick={next} title="Go to the next one">
      ● {words}
    </button>
  );
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
