/** A workflow file in JupyterLab's main area: as it stands, or open in the builder of a kernel. */

import { useState, useSyncExternalStore } from 'react';
import { Workbench } from '../builder/Workbench';
import { Context } from '../protocol';
import { StillView } from './StillView';
import type { Fault } from './read';
import type { Candidate, FileState, FileStore } from './store';

interface IFileView {
  store: FileStore;
  /** Show the text of the file. */
  asText: () => void;
}

export function FileView({ store, asText }: IFileView): JSX.Element {
  const state = useSyncExternalStore(store.watch, store.snapshot);
  const { attached, reading } = state;
  return (
    <div className="ivo ivo-file" data-testid="workflow-file">
      {attached === null ? <StillBar store={store} state={state} /> : <AttachedBar store={store} state={state} name={attached.name} />}
      {state.notice !== '' && (
        <p className="ivo-warning ivo-file-words" role="alert">
          {state.notice}{' '}
          <button type="button" className="ivo-quiet" aria-label="Dismiss" onClick={store.dismiss}>
            ×
          </button>
        </p>
      )}
      <Question store={store} state={state} />
      {attached !== null ? (
        <Context.Provider value={{ model: attached.model, connection: attached.model.connection }}>
          <Workbench key={attached.document} place="file" />
        </Context.Provider>
      ) : 'document' in reading ? (
        <StillView document={reading.document} />
      ) : (
        <Broken faults={reading.faults} asText={asText} />
      )}
    </div>
  );
}

/** Where the file can be edited. */
function StillBar({ store, state }: { store: FileStore; state: FileState }): JSX.Element {
  const readable = 'document' in state.reading;
  const ready = state.candidates.filter(one => one.line?.state === 'connected');
  const others = state.candidates.filter(one => !ready.includes(one));
  return (
    <div className="ivo-file-bar" role="group" aria-label="This file">
      <span className="ivo-file-state">Read-only: no kernel.</span>
      {readable && ready.length === 0 && (
        <span className="ivo-hint">To edit it, open a notebook and run %load_ext ivoryos there{others.length > 0 ? ', or attach to a notebook that has' : ''}.</span>
      )}
      {readable &&
        ready.map(one => (
          <button key={one.path} type="button" className="ivo-button ivo-primary" disabled={state.busy} onClick={() => void store.attach(one)}>
            Edit in {one.name}
          </button>
        ))}
      {readable && others.length > 0 && <Others store={store} others={others} />}
    </div>
  );
}

/** Notebooks that are not open here, or that have not loaded IvoryOS. */
function Others({ store, others }: { store: FileStore; others: readonly Candidate[] }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <span className="ivo-menu" onKeyDown={event => event.key === 'Escape' && setOpen(false)}>
      <button type="button" className="ivo-button" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        Other kernels ▾
      </button>
      {open && (
        <span className="ivo-popup" role="menu">
          {others.map(one => (
            <button
              key={one.path}
              type="button"
              role="menuitem"
              disabled={one.line !== null}
              onClick={() => {
                setOpen(false);
                void store.attach(one);
              }}
            >
              {one.name} · {one.line === null ? 'open it here' : 'has not loaded IvoryOS'}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

function AttachedBar({ store, state, name }: { store: FileStore; state: FileState; name: string }): JSX.Element {
  return (
    <div className="ivo-file-bar" role="group" aria-label="This file">
      <button
        type="button"
        className="ivo-button ivo-primary"
        disabled={state.busy || !store.file.writable}
        title={store.file.writable ? 'Into the file, and as a new version into the library (Ctrl+S)' : 'The file cannot be written'}
        onClick={() => void store.save()}
      >
        Save to file
      </button>
      <span className={state.unsaved ? 'ivo-file-state' : 'ivo-good'} role="status">
        {state.done || (state.unsaved ? 'The file does not have these changes yet.' : '')}
      </span>
      <span className="ivo-hint ivo-file-end">edited in the kernel of {name}</span>
      <button type="button" className="ivo-button" onClick={() => store.letGo()}>
        Let go
      </button>
    </div>
  );
}

function Question({ store, state }: { store: FileStore; state: FileState }): JSX.Element {
  const { question } = state;
  if (question === null) {
    return <></>;
  }
  const { candidate } = question;
  const answers: [string, () => void][] =
    question.kind === 'here' && candidate !== null
      ? [
          ['Take the file’s (undo brings back the other)', () => void store.attach(candidate, 'file')],
          ['Go on with the kernel’s', () => void store.attach(candidate, 'kept')],
          ['Open the file under another name', () => void store.attach(candidate, 'apart')]
        ]
      : question.kind === 'library'
        ? [['Save as a newer version', () => void store.save(true)]]
        : [
            ['Take the file’s (undo brings back these changes)', () => void store.decide(true)],
            ['Keep these changes', () => void store.decide(false)]
          ];
  return (
    <div className="ivo-warning ivo-file-words" role="alertdialog" aria-label="A decision">
      <span>{question.text}</span>{' '}
      {answers.map(([words, act]) => (
        <button key={words} type="button" className="ivo-button" onClick={act}>
          {words}
        </button>
      ))}
      {question.kind !== 'disk' && (
        <button type="button" className="ivo-button" onClick={store.dismiss}>
          Cancel
        </button>
      )}
    </div>
  );
}

function Broken({ faults, asText }: { faults: readonly Fault[]; asText: () => void }): JSX.Element {
  return (
    <div className="ivo-pad ivo-file-broken" role="alert">
      <p>
        This file cannot be shown as a workflow. Nothing in it was changed.{' '}
        <button type="button" className="ivo-button" onClick={asText}>
          Open as text
        </button>
      </p>
      <ul>
        {faults.map(one => (
          <li key={one.place + one.message}>
            {one.place !== '' && <code>{one.place}</code>} <span className="ivo-problem">{one.message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
