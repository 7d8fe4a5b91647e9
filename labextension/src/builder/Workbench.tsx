/** The whole builder: palette, canvas with the three phases, step form, Python; all over one store that follows the kernel. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTrait, useWaiting, WAITING } from '../protocol';
import { Canvas } from './Canvas';
import { Header } from './Header';
import { LibraryDialog } from './LibraryDialog';
import type { Pane, Place } from './Header';
import { OutlineContext, StoreContext, useBuilder, useNewStore, useView } from './hooks';
import { Mover } from './Mover';
import type { Finder } from './Mover';
import { Palette } from './Palette';
import { PythonPane } from './PythonPane';
import { outline } from './rows';
import { RunDialog } from './RunDialog';
import { StepForm } from './StepForm';

const EMPTY = { rows: [], points: [] };

/** `place` says where it stands: a file's workflow is kept by the file's own bar, a waiting run's in the queue. */
export function Workbench({ place = 'notebook' }: { place?: Place }): JSX.Element {
  const key = useTrait('document', String);
  return <Opened key={key} documentKey={key} place={place} />;
}

function Opened({ documentKey, place }: { documentKey: string; place: Place }): JSX.Element {
  const store = useNewStore(documentKey);
  return (
    <StoreContext.Provider value={store}>
      <Frame place={place} />
    </StoreContext.Provider>
  );
}

function Frame({ place }: { place: Place }): JSX.Element {
  const document = useView(state => state.document);
  const folded = useView(state => state.folded);
  const rows = useMemo(() => (document === null ? EMPTY : outline(document, folded)), [document, folded]);
  const finder = useRef<Finder | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [pane, setPane] = useState<Pane>(place === 'queue' ? 'run' : 'none');
  const viewId = useTrait('view', String);
  const toForm = useCallback(() => focusFirst(root.current, '.ivb-form'), []);
  const toCanvas = useCallback(() => root.current?.querySelector<HTMLElement>('.ivb-canvas')?.focus(), []);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === '/' && !isTyping(event.target)) {
      event.preventDefault();
      search.current?.focus();
    }
  };
  return (
    <OutlineContext.Provider value={rows}>
      <div ref={root} className="ivo ivb" role="region" aria-label="Workflow builder" onKeyDown={keyDown}>
        <Header pane={pane} open={setPane} place={place} />
        <Notice />
        <Mover finder={finder}>
          <div className="ivb-columns">
            <Palette searchRef={search} onLifted={toCanvas} />
            <div className="ivb-middle">
              <Canvas finder={finder} onEdit={toForm} />
              {pane === 'python' && <PythonPane close={() => setPane('none')} />}
            </div>
            <StepForm />
          </div>
        </Mover>
        {pane === 'run' && document !== null && <RunDialog close={() => setPane('none')} />}
        {pane === 'library' && <LibraryDialog close={() => setPane('none')} viewId={viewId} />}
        <Announcer />
      </div>
    </OutlineContext.Provider>
  );
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function focusFirst(root: HTMLElement | null, where: string): void {
  root?.querySelector<HTMLElement>(`${where} input, ${where} select, ${where} textarea, ${where} button`)?.focus();
}

function Notice(): JSX.Element {
  const store = useBuilder();
  const notice = useView(state => state.notice);
  const waiting = useWaiting();
  if (notice === '' && !waiting) {
    return <></>;
  }
  return (
    <div className="ivo-warning ivb-notice" role="alert">
      <span>{notice || WAITING}</span>
      {notice !== '' && (
        <button type="button" className="ivo-quiet" aria-label="Dismiss" onClick={() => store.set({ notice: '' })}>
          ×
        </button>
      )}
    </div>
  );
}

/** Screen readers hear what was moved. */
function Announcer(): JSX.Element {
  const announcement = useView(state => state.announcement);
  return (
    <div className="ivb-heard" aria-live="assertive" role="status">
      {announcement}
    </div>
  );
}
