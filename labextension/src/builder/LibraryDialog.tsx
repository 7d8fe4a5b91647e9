/** The library: find, open and keep workflows; nothing is overwritten without a question. */
import { useCallback, useEffect, useState } from 'react';
import { moment } from '../panels/model/clock';
import { Dialog } from './Dialog';
import { useBuilder, useView } from './hooks';
import { ImportPython } from './ImportPython';
import { LibraryTools } from './LibraryTools';
import { Versions } from './Versions';

export interface IShelf {
  name: string;
  description: string;
  author: string;
  steps: number;
  versions: number;
  changed_ms: number;
  finalized: boolean;
  registered: boolean;
  draft: boolean;
}

/** The shelves, and how to fetch them anew. */
function useShelves(): [IShelf[] | null, () => void] {
  const store = useBuilder();
  const [shelves, setShelves] = useState<IShelf[] | null>(null);
  const fetch = useCallback(() => {
    void store.tryAsk<{ shelves: IShelf[] }>('library').then(found => found !== null && setShelves(found.shelves));
  }, [store]);
  useEffect(fetch, [fetch]);
  return [shelves, fetch];
}

export function LibraryDialog({ close, viewId }: { close: () => void; viewId: string }): JSX.Element {
  const store = useBuilder();
  const [shelves, fetch] = useShelves();
  const [search, setSearch] = useState('');
  const [deleted, setDeleted] = useState('');
  const [python, setPython] = useState<string | null>(null);
  const name = useView(state => state.document?.head.name ?? '');
  const notice = useView(state => state.notice);
  const show = (params: { name?: string; text?: string }): void => {
    void store.tryAsk('show', { ...params, view: viewId }).then(done => done !== null && close());
  };
  const remove = (gone: string): void => {
    void store.tryAsk('delete', { name: gone }).then(done => {
      if (done !== null) {
        setDeleted(gone);
        fetch();
      }
    });
  };
  const undo = (): void => {
    void store.tryAsk('restore', { name: deleted }).then(() => {
      setDeleted('');
      fetch();
    });
  };
  const shown = (shelves ?? []).filter(one => `${one.name} ${one.description}`.toLowerCase().includes(search.toLowerCase()));
  return (
    <Dialog
      title="Library"
      hint={shelves === null ? '' : shelves.length === 1 ? '1 workflow' : `${shelves.length} workflows`}
      close={close}
      buttons={
        <>
          <span className="ivb-grow">
            {deleted !== '' && (
              <>
                {deleted} was deleted.{' '}
                <button type="button" className="ivb-repair" onClick={undo}>
                  Undo
                </button>
              </>
            )}
          </span>
          <button type="button" className="ivo-button" onClick={() => show({})}>
            New workflow
          </button>
          <button type="button" className="ivo-button" aria-expanded={python !== null} onClick={() => setPython(python === null ? '' : null)}>
            Paste Python…
          </button>
          <Import onJson={text => show({ text })} onPython={setPython} />
          <button type="button" className="ivo-button" onClick={close}>
            Close
          </button>
        </>
      }
    >
      {notice !== '' && (
        <p className="ivo-problem ivb-notice" role="alert">
          {notice}
        </p>
      )}
      {python !== null && <ImportPython text={python} setText={setPython} viewId={viewId} close={close} />}
      <LibraryTools changed={fetch} />
      <Versions />
      <input
        type="search"
        className="ivo-input ivb-library-search"
        placeholder="Search the library"
        aria-label="Search the library"
        data-first
        value={search}
        onChange={event => setSearch(event.target.value)}
      />
      {shelves !== null && shelves.length === 0 && <p className="ivo-hint ivb-teach">Nothing is kept yet. Save this workflow, and it stands here.</p>}
      <ul className="ivb-shelves">
        {shown.map(one => (
          <li key={one.name} className={one.name === name ? 'ivb-current' : ''}>
            <button type="button" className="ivb-shelf" onClick={() => show({ name: one.name })}>
              <span className="ivb-name">{one.name}</span>
              {one.registered && <span className="ivb-flag">a step</span>}
              {one.finalized && <span className="ivb-flag">finalized</span>}
              {one.draft && <span className="ivb-flag">unsaved changes</span>}
              <span className="ivo-hint ivb-grow">{one.description}</span>
              <span className="ivo-hint">
                {[`version ${one.versions}`, one.author, one.changed_ms > 0 ? moment(one.changed_ms) : ''].filter(Boolean).join(' · ')}
              </span>
            </button>
            <button type="button" className="ivo-quiet" aria-label={`Delete ${one.name}`} onClick={() => remove(one.name)}>
              delete
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** JSON is opened at once; Python is shown first, for a line may have no form. */
function Import({ onJson, onPython }: { onJson: (text: string) => void; onPython: (text: string) => void }): JSX.Element {
  return (
    <label className="ivo-button ivb-file">
      Import file…
      <input
        type="file"
        accept=".json,.py,application/json,text/x-python"
        className="ivb-heard"
        aria-label="Workflow file: JSON or Python"
        onChange={event => {
          const chosen = event.target.files?.[0];
          event.target.value = '';
          void chosen?.text().then(chosen.name.endsWith('.py') ? onPython : onJson);
        }}
      />
    </label>
  );
}
