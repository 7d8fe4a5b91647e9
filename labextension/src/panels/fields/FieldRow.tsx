/** One field of a form: its name, its input, and beside it the unit and limits, or what is wrong. */

import { useId, useState } from 'react';
import { bare, hint, placeholder } from '../model/given';
import type { Field, Given, Problem } from '../model/shapes';
import { Control } from './Control';
import { LimitButton, LimitEditor } from './LimitEditor';

interface FieldRowProps {
  field: Field;
  given: Given | undefined;
  onChange: (given: Given | undefined) => void;
  /** All problems of the form. */
  problems: Problem[];
  path?: string;
  /** How the kernel reads what is typed, where that is not obvious. */
  note?: string;
}

/** Problems of the field at `path` itself, or within it. */
export function problemsAt(problems: Problem[], path: string, within: boolean): Problem[] {
  return problems.filter(one =>
    one.field === path || (within && (one.field.startsWith(`${path}.`) || one.field.startsWith(`${path}[`))));
}

function isTall(field: Field, given: Given | undefined): boolean {
  const tag = bare(field.kind).tag;
  return tag === 'record' || tag === 'dict' || (given !== undefined && ('items' in given || 'fields' in given || 'member' in given));
}

function star(field: Field): string {
  return field.passing === 'var_positional' ? '*' : field.passing === 'var_keyword' ? '**' : '';
}

export function FieldRow({ field, given, onChange, problems, path = field.name, note }: FieldRowProps): JSX.Element {
  const id = useId();
  const tall = isTall(field, given);
  const nested = bare(field.kind).tag === 'record';
  const mine = problemsAt(problems, path, !nested);
  const wrong = mine.length > 0;
  const said = hint(field);
  const [limiting, setLimiting] = useState(false);
  const done = (): void => {
    setLimiting(false);
    document.getElementById(id)?.focus();
  };
  return (
    <div className={`ivo-field ${tall ? 'ivo-tall' : ''}`} data-field={path}>
      <label className="ivo-label" htmlFor={id} title={field.annotation ? `${field.name}: ${field.annotation}` : field.name}>
        {star(field)}
        {field.name}
      </label>
      <div className="ivo-control">
        <Control
          kind={field.kind}
          given={given}
          onChange={onChange}
          problems={problemsAt(problems, path, true)}
          path={path}
          placeholder={placeholder(field)}
          label={field.name}
          wrong={wrong}
          id={id}
        />
      </div>
      <div className="ivo-side" aria-live="polite">
        {wrong ? (
          mine.map(one => (
            <span key={one.message} className="ivo-problem" role="alert">
              {one.field !== path && `${one.field.slice(path.length)}: `}
              {one.message}
            </span>
          ))
        ) : (
          <span className="ivo-hint" title={field.help}>
            {said}
            {note && `${said ? ' · ' : ''}${note}`}
          </span>
        )}
        {path === field.name && (
          <LimitButton param={field.name} limited={field.limit !== null} open={limiting} onOpen={() => setLimiting(!limiting)} />
        )}
      </div>
      {limiting && <LimitEditor field={field} onClose={done} />}
    </div>
  );
}
