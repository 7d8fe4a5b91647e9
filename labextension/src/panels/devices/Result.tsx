/** What a call gave back, as text, table or image: never as markup. */

import type { Shown } from '../model/shapes';

/** One line of a result for the log. */
export function ResultLine({ shown, arrow = true }: { shown: Shown; arrow?: boolean }): JSX.Element {
  const first = shown.text.split('\n')[0] ?? '';
  const short = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  return (
    <>
      {arrow && '→ '}
      <b className="ivo-value">{short}</b>
      {shown.unit && ` ${shown.unit}`}
    </>
  );
}

/** The whole result. */
export function ResultView({ shown }: { shown: Shown }): JSX.Element {
  return (
    <div className="ivo-result">
      <div className="ivo-hint">
        {shown.type}
        {shown.unit && ` · ${shown.unit}`}
      </div>
      {shown.image && <img src={`data:image/png;base64,${shown.image}`} alt={`Result of type ${shown.type}`} />}
      {shown.table ? <ResultTable table={shown.table} /> : !shown.image && <pre className="ivo-pre">{shown.text}</pre>}
    </div>
  );
}

function ResultTable({ table }: { table: NonNullable<Shown['table']> }): JSX.Element {
  return (
    <div className="ivo-scroll" tabIndex={0} role="region" aria-label="Result">
      <table className="ivo-table">
        <thead>
          <tr>
            {table.columns.map((name, at) => (
              <th key={at} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.total > table.rows.length && (
        <p className="ivo-hint">
          the first {table.rows.length} of {table.total} rows
        </p>
      )}
    </div>
  );
}
