/** Where rows come from: a CSV file, or a DataFrame of the notebook. What was left over is said. */
import { useRef, useState } from 'react';
import { useBuilder } from './hooks';
import { adopted, fromCsv } from './table-model';
import type { ITable } from './table-model';

interface ITools {
  load: (found: ITable) => void;
  frames: readonly string[];
  names: readonly string[];
}

export function TableTools({ load, frames, names }: ITools): JSX.Element {
  const store = useBuilder();
  const file = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState('');
  const take = (found: ITable, extra: string): void => {
    const { table, missing, unknown } = adopted(names, found);
    load(found);
    const parts = [
      `${table.rows.length} rows`,
      extra,
      missing.length > 0 ? `no column ${missing.join(', ')}` : '',
      unknown.length > 0 ? `left out ${unknown.join(', ')}` : ''
    ];
    setNote(parts.filter(Boolean).join(' · '));
  };
  const read = async (chosen: File | undefined): Promise<void> => {
    if (chosen !== undefined) {
      const { table, types } = fromCsv(await chosen.text());
      take(table, types ? 'its row of types was left out' : '');
    }
  };
  const frame = async (name: string): Promise<void> => {
    const found = await store.tryAsk<ITable>('frame', { name });
    if (found !== null) {
      take(found, `from ${name}`);
    }
  };
  return (
    <>
      <button type="button" className="ivo-button" onClick={() => file.current?.click()}>
        CSV file…
      </button>
      <input
        ref={file}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className="ivb-heard"
        tabIndex={-1}
        aria-label="CSV file"
        onChange={event => {
          void read(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {frames.length > 0 && (
        <select className="ivo-input ivo-short" aria-label="DataFrame of the notebook" value="" onChange={event => void frame(event.target.value)}>
          <option value="">DataFrame…</option>
          {frames.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      {note && <span className="ivo-hint">{note}</span>}
    </>
  );
}
