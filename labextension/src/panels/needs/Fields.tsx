/** The arguments of a step, to be changed; the first few at once, the others unfolded. */

import type { Texts } from './values';

const FIRST = 6;

interface Props {
  title: string;
  names: readonly string[];
  texts: Texts;
  /** What stands in a field before anything is typed. */
  before: (name: string) => string;
  placeholder?: string;
  onChange: (texts: Texts) => void;
}

export function Fields(props: Props): JSX.Element {
  const { title, names } = props;
  const more = names.length > FIRST + 1 ? names.slice(FIRST) : [];
  return (
    <div className="ivo-arguments" role="group" aria-label={title}>
      {names.slice(0, names.length - more.length).map(name => (
        <Field key={name} name={name} {...props} />
      ))}
      {more.length > 0 && (
        <details>
          <summary>{more.length} more arguments</summary>
          {more.map(name => (
            <Field key={name} name={name} {...props} />
          ))}
        </details>
      )}
    </div>
  );
}

function Field({ name, texts, before, placeholder = '', onChange }: Props & { name: string }): JSX.Element {
  const was = before(name);
  const now = texts[name];
  return (
    <label>
      <span title={name}>{name}</span>
      <input
        className="ivo-input"
        autoComplete="off"
        placeholder={placeholder}
        value={now ?? was}
        onChange={event => onChange({ ...texts, [name]: event.target.value })}
      />
      {now !== undefined && was !== '' && now !== was && <span className="ivo-hint ivo-was">was {was}</span>}
    </label>
  );
}
