/** All instruments of the deck with a search over everything they offer. */

import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useDevices, useStore } from '../model/hooks';
import { visible } from '../model/search';
import type { InstrumentRow, Listing } from '../model/shapes';
import { WAITING, useWaiting } from '../../protocol';
import { InstrumentCard } from './InstrumentCard';
import { LeftOutList } from './LeftOutList';
import { NewDevice } from './NewDevice';
import { RecordToggle } from './RecordToggle';
import { useOpened } from './opened';

const SEARCH_FROM = 6;

/** What the search leaves; a part that was opened stands right after its parent. */
function shownRows(listing: Listing, search: string): InstrumentRow[] {
  return search === '' ? listing.instruments : listing.instruments.filter(row => {
    const found = visible(row, search, true, listing.preferences);
    return found.methods.length + found.properties.length > 0;
  });
}

/** `/` goes to the search; the arrows go from row to row. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>, search: HTMLInputElement | null): void {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (event.key === '/' && !typing && search !== null) {
    event.preventDefault();
    search.focus();
  }
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (!typing || event.target === search)) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.ivo-row-button')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[event.key === 'ArrowDown' ? at + 1 : at - 1];
    if (next !== undefined) {
      event.preventDefault();
      next.focus();
    }
  }
}

export function DeckView({ focus }: { focus: string }): JSX.Element {
  const store = useStore();
  const listing = useDevices(state => state.listing);
  const notice = useDevices(state => state.notice);
  const waiting = useWaiting();
  const [search, setSearch] = useState('');
  const [making, setMaking] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const opened = useOpened();
  useEffect(() => store.showParts(opened.parts), [store, opened.parts]);
  if (listing === null) {
    return (
      <p className="ivo-pad ivo-hint" role="status">
        {notice || (waiting ? WAITING : 'One moment…')}
        {notice && (
          <button type="button" className="ivo-button" onClick={() => void store.load()}>
            Try again
          </button>
        )}
      </p>
    );
  }
  const rows = shownRows(listing, search);
  const offered = listing.instruments.reduce((sum, row) => sum + row.methods.length + row.properties.length, 0);
  return (
    <div className="ivo-deck" onKeyDown={event => moveFocus(event, box.current)}>
      {(focus === '' || offered > SEARCH_FROM) && (
        <div className="ivo-bar">
          <input
            ref={box}
            type="search"
            className="ivo-input ivo-search"
            aria-label="Search methods and properties"
            placeholder={`Search ${offered} methods and properties   /`}
            value={search}
            onChange={event => setSearch(event.target.value)}
            onKeyDown={event => event.key === 'Escape' && setSearch('')}
          />
          {focus === '' && !listing.offline && (
            <button type="button" className="ivo-button" aria-expanded={making} onClick={() => setMaking(!making)}>
              New device
            </button>
          )}
          {!listing.offline && <RecordToggle />}
        </div>
      )}
      <Messages listing={listing} notice={notice} waiting={waiting} />
      {making && <NewDevice onDone={() => setMaking(false)} />}
      {rows.map(row => (
        <InstrumentCard key={row.path} row={row} colour={listing.instruments.indexOf(row)} search={search} opened={opened} />
      ))}
      {rows.length === 0 && <Empty listing={listing} search={search} onMake={() => setMaking(true)} />}
      {search === '' && focus === '' && (
        <div className="ivo-foot">
          <LeftOutList left={listing.left_out} what="names of the notebook" />
        </div>
      )}
    </div>
  );
}

function Messages(props: { listing: Listing; notice: string; waiting: boolean }): JSX.Element {
  const { listing, notice, waiting } = props;
  return (
    <>
      {listing.offline && (
        <p className="ivo-warning" role="status">
          This is the description of the deck “{listing.deck}”, without its hardware: everything can be looked at, nothing can be called.
        </p>
      )}
      {listing.warning && (
        <p className="ivo-problem ivo-pad" role="alert">
          {listing.warning}
        </p>
      )}
      {notice && (
        <p className="ivo-problem ivo-pad" role="alert">
          {notice}
        </p>
      )}
      {waiting && (
        <p className="ivo-warning" role="status">
          {WAITING}
        </p>
      )}
    </>
  );
}

function Empty({ listing, search, onMake }: { listing: Listing; search: string; onMake: () => void }): JSX.Element {
  if (search !== '') {
    return <p className="ivo-pad ivo-hint">Nothing is called “{search}” here.</p>;
  }
  return (
    <p className="ivo-pad ivo-hint">
      {listing.offline ? 'This deck has no instruments.' : 'No instruments yet. Define one in a cell, for example '}
      {!listing.offline && <code>pump = Pump("COM3")</code>}
      {!listing.offline && ', and it appears here; or '}
      {!listing.offline && (
        <button type="button" className="ivo-button" onClick={onMake}>
          make one from its class
        </button>
      )}
    </p>
  );
}
