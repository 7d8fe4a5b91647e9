/** The sidebar: what needs a person, the run, the queue, the deck, recent runs; or what to do first. */

import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { KeepFocus } from '../needs/KeepFocus';
import { DeckPart } from './DeckPart';
import { NeedsYou, needsOf } from './NeedsYou';
import { QueuePart } from './QueuePart';
import { RecentPart } from './RecentPart';
import { RunCard } from './RunCard';
import { SafetyPart } from './SafetyPart';
import { DoingProvider, useDoing } from './context';
import type { Doing } from './context';
import type { Queue } from './shapes';
import type { Shown, SidebarStore } from './store';

export function Sidebar(props: { store: SidebarStore; insert: Doing['insert']; begin: Doing['begin']; edit?: Doing['edit'] }): JSX.Element {
  const { store, insert, begin, edit = null } = props;
  const shown = useSyncExternalStore(store.watch, store.snapshot);
  const doing: Doing = { command: (method, params) => store.command(method, params), tell: (method, params) => store.tell(method, params), insert, begin, edit };
  return (
    <DoingProvider value={doing}>
      <KeepFocus className="ivo ivo-sb" next="[data-part=Run]">
        {shown.notice && (
          <p className="ivo-sb-notice ivo-problem" role="alert">
            {shown.notice}{' '}
            <button type="button" className="ivo-link" onClick={store.dismiss}>
              Dismiss
            </button>
          </p>
        )}
        {shown.link === 'connected' || shown.link === 'silent' ? <Whole shown={shown} /> : <First shown={shown} />}
      </KeepFocus>
    </DoingProvider>
  );
}

function Part(props: { title: string; aside?: ReactNode; mood?: string; children: ReactNode }): JSX.Element {
  return (
    <section className={`ivo-sb-part ${props.mood ?? ''}`} aria-label={props.title} data-part={props.title} tabIndex={-1}>
      <h3 className="ivo-sb-head">
        <span>{props.title}</span>
        <span className="ivo-sb-aside">{props.aside}</span>
      </h3>
      {props.children}
    </section>
  );
}

function counted(word: string, count: number): string {
  return count > 0 ? `${word} · ${count}` : word;
}

function Whole({ shown }: { shown: Shown }): JSX.Element {
  const { run, more } = shown;
  const { insert } = useDoing();
  const needs = needsOf(run, more);
  return (
    <>
      {shown.link === 'silent' && (
        <p className="ivo-warning" role="status">
          The kernel does not answer. This is what was known last; a command may still arrive.
        </p>
      )}
      {more?.problem && (
        <p className="ivo-warning" role="status">
          The records cannot be read: {more.problem}
        </p>
      )}
      {needs > 0 && (
        <Part title={`Needs you · ${needs}`} mood="ivo-sb-needs">
          <NeedsYou run={run} more={more} />
        </Part>
      )}
      {shown.heldUp && (
        <p className="ivo-hint ivo-sb-part" role="status">
          A cell goes on that began before this page was loaded. When it ends, the widgets in the notebook load. What is here works now.
        </p>
      )}
      <Part title="Run" aside={<span title={shown.notebook}>{shown.notebook}</span>}>
        {run === null ? <NoRun /> : <RunCard run={run} estimate={more?.estimate ?? null} />}
        <SafetyPart safety={more?.safety ?? null} />
      </Part>
      {more === null ? (
        <p className="ivo-sb-part ivo-hint">One moment…</p>
      ) : (
        <>
          <Part title={counted('Queue', more.queue.entries.length)} aside={<HoldButton queue={more.queue} />}>
            <QueuePart queue={more.queue} />
          </Part>
          <Part title={counted('Deck', more.deck.instruments.length)} aside={more.deck.name}>
            <DeckPart instruments={more.deck.instruments} offline={more.deck.offline} run={run} />
          </Part>
          <Part
            title="Recent runs"
            aside={
              <button type="button" className="ivo-link" onClick={() => insert('%ivoryos runs')}>
                History in a cell
              </button>
            }
          >
            <RecentPart runs={more.recent.filter(one => one.id !== run?.run_id || run.state === 'ended')} />
          </Part>
        </>
      )}
    </>
  );
}

function HoldButton({ queue }: { queue: Queue }): JSX.Element {
  const { command } = useDoing();
  const stuck = queue.entries.filter(one => one.problem !== '').length;
  return (
    <>
      {stuck > 0 && <span className="ivo-sb-warn">{queue.entries.length - stuck} of {queue.entries.length} can run </span>}
      <button
        type="button"
        className={`ivo-button ${queue.on_hold ? 'ivo-primary' : ''}`}
        onClick={() => void command(queue.on_hold ? 'queue.release' : 'queue.hold')}
      >
        {queue.on_hold ? 'Release' : 'Hold'}
      </button>
    </>
  );
}

function NoRun(): JSX.Element {
  const { insert } = useDoing();
  return (
    <p className="ivo-hint">
      No run yet. Build a workflow and press Run, or submit one: <code>run = wf.submit(table)</code>.{' '}
      <button type="button" className="ivo-link" onClick={() => insert('%ivoryos builder')}>
        Builder in a cell
      </button>
    </p>
  );
}

/** What to do before there is a session. */
function First({ shown }: { shown: Shown }): JSX.Element {
  const { insert, begin } = useDoing();
  const gone = shown.link === 'gone';
  return (
    <Part title="IvoryOS" aside={<span title={shown.notebook}>{shown.notebook}</span>}>
      {shown.notebook === '' ? (
        <p>Open a notebook, and its runs, its queue and its instruments appear here.</p>
      ) : (
        <>
          <p>
            {gone ? 'The kernel of this notebook has ended, and with it what ran in it.' : 'This notebook has not loaded IvoryOS.'} Run this
            in a cell:
          </p>
          <p className="ivo-sb-code">
            <code>%load_ext ivoryos</code>
            <button type="button" className="ivo-button ivo-primary" onClick={() => insert('%load_ext ivoryos')}>
              Insert the cell
            </button>
          </p>
          {gone && <p className="ivo-hint">What was recorded is kept. A run that was under way is then shown as interrupted.</p>}
        </>
      )}
      {begin && (
        <p>
          <button type="button" className={`ivo-button ${shown.notebook === '' ? 'ivo-primary' : ''}`} onClick={begin}>
            New IvoryOS notebook
          </button>
        </p>
      )}
    </Part>
  );
}
