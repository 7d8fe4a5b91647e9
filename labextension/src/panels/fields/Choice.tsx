/** One of a few: members of an Enum, constants of a Literal. */

import { admitsNone, bare } from '../model/given';
import type { ControlProps } from './Control';
import type { Json } from '../../protocol';
import type { Given, Kind } from '../model/shapes';

interface Option {
  label: string;
  value: Json;
}

function options(kind: Kind): Option[] {
  const own = bare(kind);
  const none = kind.tag === 'nullable' ? [{ label: 'None', value: null }] : [];
  if (own.tag === 'enum') {
    return [...own.members.map(one => ({ label: one.name, value: one.name })), ...none];
  }
  if (own.tag === 'literal') {
    return [...own.values.map(value => ({ label: value === null ? 'None' : String(value), value })), ...none];
  }
  return none;
}

function chosen(all: Option[], given: Given | undefined): string {
  if (given === undefined || !('value' in given)) {
    return '';
  }
  return String(all.findIndex(one => one.value === given.value));
}

export function Choice({ kind, given, onChange, placeholder, wrong, id, label }: ControlProps): JSX.Element {
  const all = options(kind);
  const change = (at: string): void => onChange(at === '' ? undefined : { value: all[Number(at)]?.value ?? null });
  return (
    <select
      id={id}
      aria-label={label}
      className={`ivo-input ${given === undefined ? 'ivo-untouched' : ''}`}
      value={chosen(all, given)}
      aria-invalid={wrong}
      onChange={event => change(event.target.value)}
    >
      <option value="">{placeholder === 'required' ? 'choose…' : placeholder}</option>
      {all.map((one, index) => (
        <option key={index} value={String(index)}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** The segment that leaves the value to the driver, where it has a default. */
function omission(placeholder: string): { label: string; given: undefined }[] {
  if (placeholder === 'None') {
    return [{ label: 'default None', given: undefined }];
  }
  return placeholder.startsWith('default') ? [{ label: placeholder, given: undefined }] : [];
}

/** True, False, the default and, where it is admitted, None: four different things. */
export function TriState({ kind, given, onChange, placeholder, id, label }: ControlProps): JSX.Element {
  const segments: { label: string; given: Given | undefined }[] = [
    ...omission(placeholder),
    { label: 'True', given: { value: true } },
    { label: 'False', given: { value: false } },
    ...(admitsNone(kind) ? [{ label: 'None', given: { value: null } }] : [])
  ];
  const value = given !== undefined && 'value' in given ? given.value : undefined;
  return (
    <span className="ivo-segments" role="radiogroup" aria-label={label} id={id}>
      {segments.map(one => {
        const own = one.given !== undefined && 'value' in one.given ? one.given.value : undefined;
        return (
          <button
            key={one.label}
            type="button"
            role="radio"
            aria-checked={own === value}
            className={own === value ? 'ivo-on' : ''}
            onClick={() => onChange(one.given)}
          >
            {one.label}
          </button>
        );
      })}
    </span>
  );
}
