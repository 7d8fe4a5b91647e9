/** A value typed into one line: numbers, texts, spans, references and whatever has a text form. */

import { useId } from 'react';
import { bare, isEmptyText, shownText, typed } from '../model/given';
import type { ControlProps } from './Control';
import type { Kind } from '../model/shapes';

const PICKERS: { [form: string]: string } = { datetime: 'datetime-local', date: 'date', time: 'time' };

function inputType(kind: Kind): string {
  return kind.tag === 'temporal' ? (PICKERS[kind.form] ?? 'text') : 'text';
}

function candidates(kind: Kind): string[] {
  return kind.tag === 'live' ? kind.candidates : [];
}

export function OneLine({ kind, given, onChange, placeholder, wrong, id, label }: ControlProps): JSX.Element {
  const own = bare(kind);
  const listId = useId();
  const choices = candidates(own);
  const change = (text: string): void =>
    onChange(own.tag === 'live' ? (text === '' ? undefined : { live: text }) : typed(kind, text));
  if (isEmptyText(given)) {
    return <EmptyText onTake={() => onChange(undefined)} />;
  }
  return (
    <>
      <input
        id={id}
        aria-label={label}
        className={`ivo-input ${own.tag === 'number' || own.tag === 'integer' ? 'ivo-number' : ''}`}
        type={inputType(own)}
        step={own.tag === 'temporal' ? 1 : undefined}
        inputMode={own.tag === 'number' || own.tag === 'integer' ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
        value={shownText(given)}
        placeholder={placeholder}
        aria-invalid={wrong}
        list={choices.length > 0 ? listId : undefined}
        onChange={event => change(event.target.value)}
      />
      {choices.length > 0 && (
        <datalist id={listId}>
          {choices.map(one => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {own.tag === 'text' && given === undefined && (
        <button type="button" className="ivo-quiet" title="Send the empty text" onClick={() => onChange({ value: '' })}>
          empty
        </button>
      )}
    </>
  );
}

function EmptyText({ onTake }: { onTake: () => void }): JSX.Element {
  return (
    <span className="ivo-chosen">
      empty text
      <button type="button" className="ivo-quiet" aria-label="Do not send the empty text" onClick={onTake}>
        ×
      </button>
    </span>
  );
}
