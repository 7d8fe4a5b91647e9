/** Records (a form within the form) and unions (which kind is meant is a visible choice). */

import { bare, withField } from '../model/given';
import { kindName } from '../model/shapes';
import { Control } from './Control';
import type { ControlProps } from './Control';
import { FieldRow } from './FieldRow';
import { OneLine } from './OneLine';

export function RecordForm({ kind, given, onChange, problems, path, placeholder, id, label }: ControlProps): JSX.Element {
  const own = bare(kind);
  if (own.tag !== 'record') {
    return <></>;
  }
  const fields = given !== undefined && 'fields' in given ? given.fields : {};
  const untouched = given === undefined || !('fields' in given);
  return (
    <div className="ivo-record" role="group" aria-label={label} id={id}>
      {untouched && placeholder !== '' && placeholder !== 'required' && <p className="ivo-hint">untouched: {placeholder}</p>}
      {own.fields.map(field => (
        <FieldRow
          key={field.name}
          field={field}
          given={fields[field.name]}
          path={`${path}.${field.name}`}
          problems={problems}
          onChange={one => {
            const next = withField(fields, field.name, one);
            onChange(Object.keys(next).length > 0 ? { fields: next } : undefined);
          }}
        />
      ))}
    </div>
  );
}

export function Union(props: ControlProps): JSX.Element {
  const { given, onChange, label } = props;
  const own = bare(props.kind);
  if (own.tag !== 'union') {
    return <></>;
  }
  const member = given !== undefined && 'member' in given ? given.member : -1;
  const kind = own.members[member];
  const inner = given !== undefined && 'member' in given ? given.given : undefined;
  return (
    <span className="ivo-union">
      <select
        aria-label={`Kind of ${label}`}
        className="ivo-input ivo-short"
        value={String(member)}
        onChange={event => {
          const at = Number(event.target.value);
          onChange(at < 0 ? undefined : { member: at, given: { text: '' } });
        }}
      >
        <option value="-1">as typed</option>
        {own.members.map((one, at) => (
          <option key={at} value={String(at)}>
            {kindName(one)}
          </option>
        ))}
      </select>
      {kind === undefined ? (
        <OneLine {...props} kind={{ tag: 'anything' }} />
      ) : (
        <Control {...props} kind={kind} given={inner} onChange={one => onChange({ member, given: one ?? { text: '' } })} />
      )}
    </span>
  );
}
