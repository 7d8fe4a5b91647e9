/** Lists, tuples and dicts: as one line where that is quick, else a row for each item. */

import { useState } from 'react';
import type { ClipboardEvent } from 'react';
import { bare, pastedItems, withItem, withoutItem } from '../model/given';
import { isScalar } from '../model/shapes';
import type { Given, Kind } from '../model/shapes';
import { Control } from './Control';
import type { ControlProps } from './Control';
import { OneLine } from './OneLine';

const BLANK: Given = { text: '' };

function itemKind(kind: Kind, at: number): Kind {
  if (kind.tag === 'tuple') {
    return kind.items[at] ?? { tag: 'anything' };
  }
  return kind.tag === 'list' ? kind.item : { tag: 'anything' };
}

/** Rows are needed where an item has no text form of one line. */
function needsRows(kind: Kind): boolean {
  return kind.tag === 'tuple' ? !kind.items.every(isScalar) : !isScalar(itemKind(kind, 0));
}

/** Take what is pasted as items, where it is several. */
function takePasted(event: ClipboardEvent, kind: Kind, put: (items: Given[]) => void): void {
  const items = kind.tag === 'list' ? pastedItems(bare(kind.item), event.clipboardData.getData('text/plain')) : null;
  if (items !== null) {
    event.preventDefault();
    put(items);
  }
}

function start(kind: Kind): Given[] {
  return kind.tag === 'tuple' ? kind.items.map(() => BLANK) : [BLANK];
}

export function Items(props: ControlProps): JSX.Element {
  const { given, onChange } = props;
  const kind = bare(props.kind);
  const rows = given !== undefined && 'items' in given ? given.items : null;
  if (rows === null && !needsRows(kind)) {
    return (
      <span className="ivo-as-line" onPaste={event => takePasted(event, kind, items => onChange({ items }))}>
        <OneLine {...props} kind={{ tag: 'anything' }} placeholder={props.placeholder || '1, 2, 3'} />
        <button type="button" className="ivo-quiet" onClick={() => onChange({ items: start(kind) })}>
          as rows
        </button>
      </span>
    );
  }
  if (rows === null) {
    return (
      <button type="button" id={props.id} className="ivo-button" onClick={() => onChange({ items: start(kind) })}>
        Add an item{props.placeholder ? ` (${props.placeholder})` : ''}
      </button>
    );
  }
  return <ItemRows {...props} kind={kind} rows={rows} />;
}

function ItemRows({ kind, rows: given, onChange, problems, path, id, label }: ControlProps & { rows: Given[] }): JSX.Element {
  // An empty list has a row to type or paste the first item into.
  const rows = given.length === 0 ? start(kind) : given;
  const put = (items: Given[]): void => onChange(items.length > 0 ? { items } : undefined);
  return (
    <div className="ivo-items" id={id} role="group" aria-label={label}>
      {rows.map((row, at) => (
        <div
          className="ivo-item"
          key={at}
          onPaste={event => takePasted(event, kind, items => put([...rows.slice(0, at), ...items, ...rows.slice(at + 1)]))}
        >
          <span className="ivo-at">{at}</span>
          <Control
            kind={itemKind(kind, at)}
            given={row}
            onChange={one => put(withItem(rows, at, one ?? BLANK))}
            problems={problems}
            path={`${path}[${at}]`}
            placeholder={given.length === 0 ? 'empty list' : ''}
            label={`${label} ${at}`}
          />
          {kind.tag === 'list' && given.length > 0 && (
            <button type="button" className="ivo-quiet" aria-label={`Remove item ${at}`} onClick={() => put(withoutItem(rows, at))}>
              ×
            </button>
          )}
        </div>
      ))}
      <span>
        {kind.tag === 'list' && (
          <button type="button" className="ivo-quiet" onClick={() => put([...rows, BLANK])}>
            + item
          </button>
        )}
        {given.length > 0 && <EmptyOrNothing kind={kind} onChange={onChange} />}
      </span>
    </div>
  );
}

function EmptyOrNothing({ kind, onChange }: Pick<ControlProps, 'kind' | 'onChange'>): JSX.Element {
  return (
    <>
      {kind.tag === 'list' && (
        <button type="button" className="ivo-quiet" onClick={() => onChange({ text: '[]' })}>
          empty list
        </button>
      )}
      <button type="button" className="ivo-quiet" onClick={() => onChange(undefined)}>
        clear
      </button>
    </>
  );
}

export function Entries(props: ControlProps): JSX.Element {
  const { given, onChange, problems, path, label } = props;
  const kind = bare(props.kind);
  const [asText, setAsText] = useState(given !== undefined && 'text' in given);
  const entries = given !== undefined && 'entries' in given ? given.entries : [];
  if (asText || kind.tag !== 'dict') {
    return <OneLine {...props} kind={{ tag: 'anything' }} placeholder='{"key": value}' />;
  }
  const put = (next: [Given, Given][]): void => onChange(next.length > 0 ? { entries: next } : undefined);
  return (
    <div className="ivo-items" id={props.id} role="group" aria-label={label}>
      {entries.map(([key, value], at) => (
        <div className="ivo-item" key={at}>
          <Control
            kind={kind.key}
            given={key}
            onChange={one => put(withItem(entries, at, [one ?? BLANK, value]))}
            problems={[]}
            path=""
            placeholder="key"
            label={`${label} key ${at}`}
          />
          <Control
            kind={kind.value}
            given={value}
            onChange={one => put(withItem(entries, at, [key, one ?? BLANK]))}
            problems={problems}
            path={`${path}[${at}]`}
            placeholder="value"
            label={`${label} value ${at}`}
          />
          <button type="button" className="ivo-quiet" aria-label={`Remove entry ${at}`} onClick={() => put(withoutItem(entries, at))}>
            ×
          </button>
        </div>
      ))}
      <span>
        <button type="button" className="ivo-quiet" onClick={() => put([...entries, [BLANK, BLANK]])}>
          + entry
        </button>
        <button type="button" className="ivo-quiet" onClick={() => setAsText(true)}>
          as JSON
        </button>
        {entries.length === 0 && <span className="ivo-hint">{props.placeholder}</span>}
      </span>
    </div>
  );
}
