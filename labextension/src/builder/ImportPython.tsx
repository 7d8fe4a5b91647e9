/** Python becomes blocks: pasted, or from a file. A line that has no form is shown with its reason, and the text stays. */
import { useRef, useState } from 'react';
import { RefusedError } from '../protocol';
import type { Problem } from '../protocol';
import { useBuilder } from './hooks';
import { said } from './store';

interface IImport {
  text: string;
  setText: (text: string) => void;
  viewId: string;
  close: () => void;
}

interface IRefused {
  message: string;
  problems: readonly Problem[];
}

export function ImportPython({ text, setText, viewId, close }: IImport): JSX.Element {
  const store = useBuilder();
  const area = useRef<HTMLTextAreaElement>(null);
  const [refused, setRefused] = useState<IRefused | null>(null);
  const make = (): void => {
    store.ask('show', { text, language: 'python', view: viewId }).then(close, (error: unknown) =>
      setRefused(error instanceof RefusedError ? error : { message: said(error), problems: [] })
    );
  };
  return (
    <section className="ivb-tools" aria-label="Python">
      <p className="ivo-hint">
        Functions for the phases (dose_prep, dose, dose_cleanup), or the steps alone. What “Python” shows of a workflow can be read back. Nothing of it is run.
      </p>
      <textarea
        ref={area}
        className="ivo-input ivb-python-text"
        aria-label="Python to import"
        rows={10}
        spellCheck={false}
        placeholder={'def dose(volume: float):\n    left = pump.dispense(volume_ml=volume)'}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setRefused(null);
        }}
      />
      {refused !== null && (
        <div role="alert">
          <p className="ivo-problem">{refused.message} Nothing was changed.</p>
          <ul className="ivb-run-problems" aria-label="Lines that cannot be read">
            {refused.problems.map(one => (
              <li key={one.field + one.message}>
                <button type="button" className="ivb-repair" onClick={() => select(area.current, one.field)}>
                  {one.field}
                </button>
                {one.value !== '' && <code> {one.value}</code>} <span className="ivo-problem">{one.message}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <button type="button" className="ivo-button ivo-primary" disabled={text.trim() === ''} onClick={make}>
        Make blocks of it
      </button>
    </section>
  );
}

/** Select the line that `place` names: `line 3`. */
function select(area: HTMLTextAreaElement | null, place: string): void {
  const number = Number(/^line (\d+)/.exec(place)?.[1] ?? 0);
  const lines = area?.value.split('\n') ?? [];
  if (area === null || number < 1 || number > lines.length) {
    return;
  }
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1]?.length ?? 0));
}
