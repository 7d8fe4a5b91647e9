/** Lists, tuples and dicts: as one line where that is quick, else a row for each item. */

import { useState } from 'react';
import { bare, withItem, withoutItem } from '../model/given';
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

function start(kind: Kind): Given[] {
  return kind.tag === 'tuple' ? kind.items.map(() => BLANK) : [BLANK];
}

export function Items(props: ControlProps): JSX.Element {
  const { given, onChange } = props;
  const kind = bare(props.kind);
  const rows = given !== undefined && 'items' in given ? given.items : null;
  if (rows === null && !needsRows(kind)) {
    return (
      <>
        <OneLine {...props} kind={{ tag: 'anything' }} placeholder={props.placeholder || '1, 2, 3'} />
        <button type="button" className="ivo-quiet" onClick={() => onChange({ items: start(kind) })}>
          as rows
        </button>
      </>
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

function ItemRows({ kind, rows, onChange, problems, path, id, label }: ControlProps & { rows: Given[] }): JSX.Element {
  const put = (items: Given[]): void => onChange(items.length > 0 ? { items } : undefined);
  return (
    <div className="ivo-items" id={id} role="group" aria-label={label}>
      {rows.map((row, at) => (
        <div className="ivo-item" key={at}>
          <span className="ivo-at">{at}</span>
          <Control
            kind={itemKind(kind, at)}
            given={row}
            onChange={one => put(withItem(rows, at, one ?? BLANK))}
            problems={problems}
            path={`${path}[${at}]`}
            placeholder=""
            label={`${label} ${at}`}
          />
          {kind.tag === 'list' && (
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
        <EmptyOrNothing kind={kind} onChange={onChange} />
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
