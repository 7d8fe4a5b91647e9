/** Who was told that the run waits, and when; or that nobody was. */

import { moment } from '../model/clock';
import { useDoing } from './context';
import type { Told, ToldLine } from './shapes';

export function ToldPart({ told }: { told: Told }): JSX.Element {
  const { insert } = useDoing();
  if (told.lines.length === 0) {
    return (
      <p className="ivo-hint ivo-sb-told">
        Nobody is told: {told.nobody}.{' '}
        <button type="button" className="ivo-link" onClick={() => insert('ivoryos.notify("mailto://…", on="wait")')}>
          Name somebody in a cell
        </button>
      </p>
    );
  }
  return (
    <ul className="ivo-sb-told" aria-label="Who was told">
      {told.lines.map((one, at) => (
        <li key={at} className={one.state === 'failed' ? 'ivo-sb-warn' : 'ivo-hint'}>
          {sentence(one)}
        </li>
      ))}
    </ul>
  );
}

function sentence({ who, state, at_ms, problem }: ToldLine): string {
  switch (state) {
    case 'later':
      return `${who} will be told ${moment(at_ms)}, if nobody has answered`;
    case 'telling':
      return `telling ${who}…`;
    case 'failed':
      return `${who} was not told: ${problem}`;
    default:
      return `${who} was told ${moment(at_ms)}`;
  }
}
