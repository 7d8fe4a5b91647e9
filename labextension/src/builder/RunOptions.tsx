/** How often a run is done, how many samples at a time, and which column names them. */
import { useId } from 'react';
import type { ICount, IRunForm } from './run-form';
import { TableTools } from './TableTools';

export function RunOptions({ form }: { form: IRunForm }): JSX.Element {
  const { hasTable, repeat, batch, asked } = form;
  return (
    <div className="ivb-run-options">
      <Count label={hasTable ? 'Each row' : 'Repeat'} unit={repeat.text === '1' ? 'time' : 'times'} count={repeat} />
      <SampleColumn form={form} />
      {(hasTable || repeat.number > 1 || batch.text !== '1') && (
        <Count label="In batches of" unit="" count={batch} title="So many are worked on together; a step that is done once per batch is done once for all of them" />
      )}
      {hasTable && asked !== null && <TableTools load={form.load} frames={asked.frames} names={form.names} />}
    </div>
  );
}

function Count({ label, unit, count, title = '' }: { label: string; unit: string; count: ICount; title?: string }): JSX.Element {
  const id = useId();
  return (
    <label className="ivb-check" htmlFor={id} title={title}>
      {label}
      <input id={id} type="number" min={1} className="ivo-input ivb-tiny" value={count.text} onChange={event => count.set(event.target.value)} />
      {unit}
    </label>
  );
}

function SampleColumn({ form }: { form: IRunForm }): JSX.Element {
  const id = useId();
  const { sample, names, offered } = form;
  const options = [...new Set([...(sample === '' ? [] : [sample]), ...offered])];
  return (
    <label className="ivb-check" htmlFor={id}>
      Sample named by
      <select id={id} className="ivo-input ivo-short" value={sample} onChange={event => form.setSample(event.target.value)}>
        <option value="">no column</option>
        {options.map(name => (
          <option key={name} value={name}>
            {names.includes(name) ? name : `${name} (new column)`}
          </option>
        ))}
      </select>
    </label>
  );
}
