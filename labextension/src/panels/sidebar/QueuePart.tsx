/** The queue: what waits, whether it can run, and what a person may do with it. By mouse or by buttons. */

import { DndContext, MouseSensor, TouchSensor, closestCenter, useSensor, useSensors } from '@dnd-kit/core';
import type { DragEndEvent } from '@dnd-kit/core';
import { SortableContext, arrayMove, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useState } from 'react';
import { moment } from '../model/clock';
import { NotBefore } from './NotBefore';
import { useDoing } from './context';
import type { Entry, Queue } from './shapes';

/** The keyboard moves a run by the buttons under its name, which say so themselves. */
const SPOKEN = { screenReaderInstructions: { draggable: 'Its name opens buttons that move it.' } };

/** A queue of more runs scrolls by itself. */
const MANY = 6;

export function QueuePart({ queue }: { queue: Queue }): JSX.Element {
  const { command } = useDoing();
  const [open, setOpen] = useState('');
  const [spoken, setSpoken] = useState('');
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } })
  );
  const { entries } = queue;
  const keys = entries.map(one => one.key);
  const move = (key: string, to: number): void => {
    const from = keys.indexOf(key);
    if (from >= 0 && to >= 0 && to < keys.length && from !== to) {
      setSpoken(`${entries[from]?.name ?? ''} is now ${to + 1} of ${keys.length}`);
      void command('queue.reorder', { keys: arrayMove(keys, from, to) });
    }
  };
  const drop = ({ active, over }: DragEndEvent): void => {
    if (over) {
      move(String(active.id), keys.indexOf(String(over.id)));
    }
  };
  return (
    <>
      {queue.on_hold && (
        <p className="ivo-warning">
          <b>On hold</b>
          {queue.reason && `: ${queue.reason.replace(/\.$/, '')}`}. Nothing begins until you release it.
        </p>
      )}
      {entries.length === 0 && <p className="ivo-hint">Nothing waits. A run that is submitted while another one goes on waits here.</p>}
      <DndContext accessibility={SPOKEN} sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
        <SortableContext items={keys} strategy={verticalListSortingStrategy}>
          <ol className="ivo-sb-list ivo-sb-waiting" aria-label="Waiting runs" tabIndex={entries.length > MANY ? 0 : undefined}>
            {entries.map((one, at) => (
              <QueueRow
                key={one.key}
                entry={one}
                open={open === one.key}
                onOpen={() => setOpen(open === one.key ? '' : one.key)}
                up={at > 0 ? () => move(one.key, at - 1) : null}
                down={at < entries.length - 1 ? () => move(one.key, at + 1) : null}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      <span className="ivo-spoken" aria-live="polite">
        {spoken}
      </span>
    </>
  );
}

interface RowProps {
  entry: Entry;
  open: boolean;
  onOpen: () => void;
  up: (() => void) | null;
  down: (() => void) | null;
}

function QueueRow(props: RowProps): JSX.Element {
  const { entry, open, onOpen } = props;
  const { setNodeRef, transform, transition, listeners, isDragging } = useSortable({ id: entry.key });
  const style = { transform: transform ? `translateY(${transform.y}px)` : undefined, transition };
  return (
    <li ref={setNodeRef} style={style} className={`ivo-sb-entry ${isDragging ? 'ivo-sb-lifted' : ''}`} data-key={entry.key}>
      <div className="ivo-sb-line">
        <span className="ivo-sb-handle" title="Drag to reorder" aria-hidden="true" {...listeners}>
          ⋮⋮
        </span>
        <button type="button" className="ivo-row-button ivo-sb-name" aria-expanded={open} onClick={onOpen} title={entry.name}>
          {entry.name}
        </button>
        <span className="ivo-hint">{entry.rows === null ? `×${entry.repeat}` : `${entry.rows} ${entry.rows === 1 ? 'row' : 'rows'}`}</span>
      </div>
      <Note entry={entry} />
      {open && <Actions {...props} />}
    </li>
  );
}

function Note({ entry }: { entry: Entry }): JSX.Element {
  const { command } = useDoing();
  const later = entry.not_before_ms !== null && entry.not_before_ms > Date.now();
  return (
    <div className="ivo-sb-note">
      {entry.problem && <span className="ivo-sb-warn">cannot run: {entry.problem}</span>}
      {entry.held && (
        <span className="ivo-hint">
          on hold ·{' '}
          <button type="button" className="ivo-link" onClick={() => void command('queue.hold_entry', { key: entry.key, held: false })}>
            release
          </button>
        </span>
      )}
      {later && entry.not_before_ms !== null && <span className="ivo-hint">not before {moment(entry.not_before_ms)}</span>}
      {entry.stop_here && (
        <div className="ivo-sb-stop">
          the queue stops here ·{' '}
          <button type="button" className="ivo-link" onClick={() => void command('queue.stop_here', { key: entry.key, stop: false })}>
            go on after it
          </button>
        </div>
      )}
      {!entry.problem && !entry.held && !later && entry.workflow !== entry.name && (
        <div className="ivo-hint ivo-sb-cut" title={entry.workflow}>
          {entry.workflow}
        </div>
      )}
    </div>
  );
}

function Actions({ entry, up, down }: RowProps): JSX.Element {
  const { command, edit } = useDoing();
  const [name, setName] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const [timing, setTiming] = useState(false);
  const { key } = entry;
  const rename = async (): Promise<void> => {
    if (name !== null && (await command('queue.rename', { key, name }))) {
      setName(null);
    }
  };
  if (name !== null) {
    return (
      <form
        className="ivo-sb-rename"
        onSubmit={event => {
          event.preventDefault();
          void rename();
        }}
        onKeyDown={event => event.key === 'Escape' && setName(null)}
      >
        <input autoFocus className="ivo-input" aria-label="New name" value={name} onChange={event => setName(event.target.value)} />
        <button type="submit" className="ivo-button ivo-primary">
          Rename
        </button>
      </form>
    );
  }
  if (timing) {
    return <NotBefore entry={entry} onDone={() => setTiming(false)} />;
  }
  if (removing) {
    return (
      <div className="ivo-actions" role="group" aria-label={`Remove ${entry.name}?`}>
        <span>Remove it?</span>
        <button type="button" autoFocus className="ivo-button ivo-danger" onClick={() => void command('queue.remove', { key })}>
          Remove
        </button>
        <button type="button" className="ivo-button" onClick={() => setRemoving(false)}>
          Keep
        </button>
      </div>
    );
  }
  return (
    <div className="ivo-actions ivo-sb-tools">
      <button type="button" className="ivo-button" aria-label={`Move ${entry.name} up`} disabled={up === null} onClick={() => up?.()}>
        ↑
      </button>
      <button type="button" className="ivo-button" aria-label={`Move ${entry.name} down`} disabled={down === null} onClick={() => down?.()}>
        ↓
      </button>
      <button type="button" className="ivo-button" onClick={() => void command('queue.hold_entry', { key, held: !entry.held })}>
        {entry.held ? 'Release' : 'Hold'}
      </button>
      <button
        type="button"
        className="ivo-button"
        title={entry.stop_here ? 'The next run begins when this one has ended' : 'When this run has ended, the queue is held until you release it'}
        onClick={() => void command('queue.stop_here', { key, stop: !entry.stop_here })}
      >
        {entry.stop_here ? 'Go on after it' : 'Stop after it'}
      </button>
      {edit !== null && (
        <button type="button" className="ivo-button" onClick={() => edit(key)}>
          Edit…
        </button>
      )}
      <button type="button" className="ivo-button" onClick={() => setTiming(true)}>
        Not before…
      </button>
      <button type="button" className="ivo-button" onClick={() => setName(entry.name)}>
        Rename
      </button>
      <button type="button" className="ivo-button" onClick={() => setRemoving(true)}>
        Remove
      </button>
    </div>
  );
}
