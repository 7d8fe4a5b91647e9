/** The latest recorded runs and direct calls; the whole history is a table in Python. */

import { useEffect, useState } from 'react';
import { useConnection } from '../../protocol';
import { moment, span } from '../model/clock';
import { saying } from '../model/store';

type Recorded = { [name: string]: string } & { started_ms: number | null; ended_ms: number | null };

interface Latest {
  runs: Recorded[];
  calls: Recorded[];
}

export function HistoryTab(): JSX.Element {
  const connection = useConnection();
  const [latest, setLatest] = useState<Latest | null>(null);
  const [notice, setNotice] = useState('');
  useEffect(() => {
    let here = true;
    connection.request('history.latest').then(
      reply => here && setLatest(reply as unknown as Latest),
      error => here && setNotice(saying(error))
    );
    return () => {
      here = false;
    };
  }, [connection]);
  if (latest === null) {
    return <p className="ivo-pad ivo-hint">{notice || 'One moment…'}</p>;
  }
  return (
    <div className="ivo-pad">
      <Records title="Runs" rows={latest.runs} columns={['run', 'name', 'workflow', 'status', 'operator']} empty="No run is recorded yet." />
      <Records
        title="Direct calls"
        rows={latest.calls}
        columns={['instrument', 'method', 'status', 'operator', 'error']}
        empty="No direct call is recorded yet. Call a method under Devices."
      />
      <p className="ivo-hint">
        All of it, as tables: <code>ivoryos.history.runs()</code>, <code>.steps()</code>, <code>.single_steps()</code>, <code>.outputs(run)</code>
      </p>
    </div>
  );
}

function Records(props: { title: string; rows: Recorded[]; columns: string[]; empty: string }): JSX.Element {
  const { title, rows, columns, empty } = props;
  return (
    <section aria-label={title}>
      <h4 className="ivo-caption">{title}</h4>
      {rows.length === 0 ? (
        <p className="ivo-hint">{empty}</p>
      ) : (
        <div className="ivo-scroll" tabIndex={0} role="region" aria-label={`Recorded: ${title}`}>
          <table className="ivo-table ivo-full ivo-text">
            <thead>
              <tr>
                <th scope="col">started</th>
                {columns.map(name => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">took</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  <td>{row.started_ms === null ? '' : moment(row.started_ms)}</td>
                  {columns.map(name => (
                    <td key={name} className={name === 'error' ? 'ivo-problem' : ''}>
                      {row[name]}
                    </td>
                  ))}
                  <td>{row.started_ms !== null && row.ended_ms !== null ? span(row.ended_ms - row.started_ms) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
