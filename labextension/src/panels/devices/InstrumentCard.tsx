/** One instrument: who it is and how it is, its methods and properties, what lies below it and what is left out. */

import { memo, useState } from 'react';
import { useDevices, useStore } from '../model/hooks';
import { visible } from '../model/search';
import { shortType } from '../model/shapes';
import type { InstrumentRow, InstrumentStatus } from '../model/shapes';
import { ConnectionRow } from './ConnectionRow';
import { LeftOutList } from './LeftOutList';
import { MethodView } from './MethodView';
import { PropertyView } from './PropertyView';
import type { Opened } from './opened';

interface Props {
  row: InstrumentRow;
  /** One of eight colours. */
  colour: number;
  search: string;
  opened: Opened;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function said(row: InstrumentRow): string {
  const parts = [
    shortType(row.type),
    row.methods.length > 0 ? plural(row.methods.length, 'method', 'methods') : '',
    row.properties.length > 0 ? plural(row.properties.length, 'property', 'properties') : '',
    row.children.length > 0 ? plural(row.children.length, 'part', 'parts') : ''
  ];
  return parts.filter(Boolean).join(' · ');
}

export const InstrumentCard = memo(function InstrumentCard({ row, colour, search, opened }: Props): JSX.Element {
  const open = search !== '' || opened.has(row.path);
  return (
    <section className="ivo-instrument" aria-label={row.path} data-instrument={row.path}>
      <h3 className="ivo-head">
        <button type="button" className="ivo-row-button" aria-expanded={open} onClick={() => opened.toggle(row.path)} title={row.summary}>
          <span className={`ivo-dot ivo-colour-${colour % 8}`} aria-hidden="true" />
          <span className="ivo-name">{row.path}</span> <span className="ivo-hint">{said(row)}</span>
        </button>
        <Status status={row.status} />
        {row.status.state === 'untrusted' && <TrustButton path={row.path} />}
      </h3>
      {open && <Members row={row} search={search} opened={opened} />}
    </section>
  );
});

function Status({ status }: { status: InstrumentStatus }): JSX.Element {
  return (
    <span className={`ivo-status ivo-is-${status.state}`} role="status">
      <span aria-hidden="true">{status.state === 'idle' ? '○' : '●'}</span> {status.text}
    </span>
  );
}

/** A person says that she has looked at the instrument, so that it may be called again. */
function TrustButton({ path }: { path: string }): JSX.Element {
  const store = useStore();
  return (
    <button
      type="button"
      className="ivo-button ivo-trust"
      title={`Nothing is called on ${path} until you have looked at it. This allows calls again.`}
      onClick={() => void store.request('control.trust', { target: path }).then(() => store.load())}
    >
      I have checked it
    </button>
  );
}

function Members({ row, search, opened }: Omit<Props, 'colour'>): JSX.Element {
  const [everything, setEverything] = useState(false);
  const preferences = useDevices(state => state.listing?.preferences);
  const shown = visible(row, search, everything, preferences ?? { favourites: [], hidden: [], order: {} });
  const empty = shown.methods.length + shown.properties.length + row.children.length === 0;
  return (
    <>
      <ConnectionRow row={row} />
      {shown.methods.map(method => (
        <MethodView
          key={method.name}
          path={row.path}
          row={method}
          open={opened.has(`${row.path}.${method.name}`)}
          onToggle={opened.toggle}
        />
      ))}
      {shown.properties.map(property => (
        <PropertyView key={property.name} path={row.path} row={property} />
      ))}
      {empty && <p className="ivo-hint ivo-pad">{row.path} offers nothing to call{search && ` for “${search}”`}.</p>}
      {search === '' && <Parts row={row} opened={opened} />}
      <div className="ivo-foot">
        {(shown.folded > 0 || everything) && search === '' && (
          <button type="button" className="ivo-quiet" onClick={() => setEverything(!everything)}>
            {everything ? 'show less' : `show ${shown.folded} more (inherited from frameworks, or hidden by you)`}
          </button>
        )}
        {search === '' && <LeftOutList left={row.left_out} />}
      </div>
    </>
  );
}

/** Sub-instruments: each opens as an instrument of its own, below. */
function Parts({ row, opened }: { row: InstrumentRow; opened: Opened }): JSX.Element | null {
  if (row.children.length === 0) {
    return null;
  }
  return (
    <div className="ivo-parts">
      <span className="ivo-hint">parts</span>
      {row.children.map(child => (
        <button
          key={child.path}
          type="button"
          className={`ivo-chip ${opened.parts.includes(row.path + child.path) ? 'ivo-on' : ''}`}
          onClick={() => opened.togglePart(row.path + child.path)}
          title={shortType(child.type)}
        >
          {child.path.replace(/^\./, '')}
        </button>
      ))}
    </div>
  );
}
