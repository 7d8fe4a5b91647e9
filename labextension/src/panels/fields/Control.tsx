/** Which input fits a kind of value? */

import { admitsNone, bare, isNone } from '../model/given';
import type { Given, Kind, Problem } from '../model/shapes';
import { Choice, TriState } from './Choice';
import { Entries, Items } from './Items';
import { RecordForm, Union } from './Nested';
import { OneLine } from './OneLine';

export interface ControlProps {
  kind: Kind;
  given: Given | undefined;
  onChange: (given: Given | undefined) => void;
  /** Problems of this field and of those within it. */
  problems: Problem[];
  /** Where it is: `what.mass_g`, `volumes[2]`. */
  path: string;
  placeholder: string;
  label: string;
  wrong?: boolean;
  id?: string;
}

export function Control(props: ControlProps): JSX.Element {
  const own = bare(props.kind);
  const hasNone = (own.tag === 'enum' && !own.combines) || own.tag === 'literal' || own.tag === 'boolean' || own.tag === 'union';
  if (!admitsNone(props.kind) || hasNone) {
    return <ByKind {...props} />;
  }
  return <OrNone {...props} />;
}

function ByKind(props: ControlProps): JSX.Element {
  const own = bare(props.kind);
  switch (own.tag) {
    case 'boolean':
      return <TriState {...props} />;
    case 'enum':
      return own.combines ? <OneLine {...props} /> : <Choice {...props} />;
    case 'literal':
      return <Choice {...props} />;
    case 'list':
    case 'tuple':
      return <Items {...props} />;
    case 'dict':
      return <Entries {...props} />;
    case 'record':
      return <RecordForm {...props} />;
    case 'union':
      return <Union {...props} />;
    case 'nothing':
      return <span className="ivo-chosen">None</span>;
    default:
      return <OneLine {...props} />;
  }
}

/** A kind or None: None is a choice of its own, not a blank. */
function OrNone(props: ControlProps): JSX.Element {
  const { given, onChange, label } = props;
  return (
    <>
      {isNone(given) ? (
        <span className="ivo-chosen" id={props.id}>
          None
          <button type="button" className="ivo-quiet" aria-label={`Do not send None for ${label}`} onClick={() => onChange(undefined)}>
            ×
          </button>
        </span>
      ) : (
        <ByKind {...props} />
      )}
      {given === undefined && (
        <button type="button" className="ivo-quiet" aria-label={`Send None for ${label}`} onClick={() => onChange({ value: null })}>
          None
        </button>
      )}
    </>
  );
}
