/** One output over the rows, as a line: small, without a library. */

import { useState } from 'react';
import type { Row, Table } from './shapes';

const WIDTH = 640;
const HEIGHT = 120;
const LEFT = 44;
const BOTTOM = 18;

interface Point {
  at: number;
  value: number;
}

/** The points of an output, in the order of the rows. */
export function points(rows: Row[], name: string): Point[] {
  return rows.flatMap(row => {
    const value = row.numbers[name];
    return value === undefined ? [] : [{ at: row.at + 1, value }];
  });
}

/** Up to four round numbers between low and high. */
export function ticks(low: number, high: number): number[] {
  const reach = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(reach / 3));
  const step = [1, 2, 5, 10].map(one => one * power).find(one => reach / one <= 4) ?? reach;
  const first = Math.ceil(low / step) * step;
  const count = Math.floor((high - first) / step + 1e-9) + 1;
  return Array.from({ length: Math.max(0, Math.min(5, count)) }, (_, at) => Number((first + at * step).toPrecision(12)));
}

export function Chart({ table }: { table: Table }): JSX.Element | null {
  const names = table.outputs.map(one => one.name).filter(name => points(table.rows, name).length > 1);
  const [chosen, setChosen] = useState('');
  const name = names.includes(chosen) ? chosen : names[0];
  if (name === undefined) {
    return null;
  }
  const unit = table.outputs.find(one => one.name === name)?.unit ?? '';
  return (
    <figure className="ivo-chart">
      <Drawing line={points(table.rows, name)} label={`${name} over the rows`} />
      <figcaption className="ivo-hint">
        {names.length > 1 ? (
          <select className="ivo-input ivo-short" aria-label="Output that is drawn" value={name} onChange={event => setChosen(event.target.value)}>
            {names.map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        ) : (
          name
        )}{' '}
        {unit} over the rows
      </figcaption>
    </figure>
  );
}

function Drawing({ line, label }: { line: Point[]; label: string }): JSX.Element {
  const values = line.map(one => one.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  const [bottom, top] = [low - margin, high + margin];
  const [start, end] = [line[0]?.at ?? 0, line[line.length - 1]?.at ?? 1];
  const x = (at: number): number => LEFT + 10 + ((at - start) / Math.max(1, end - start)) * (WIDTH - LEFT - 24);
  const y = (value: number): number => 6 + ((top - value) / (top - bottom)) * (HEIGHT - BOTTOM - 10);
  const every = Math.max(1, Math.ceil(line.length / 12));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {ticks(bottom, top).map(value => (
        <g key={value}>
          <line className="ivo-grid" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      <polyline points={line.map(one => `${x(one.at)},${y(one.value)}`).join(' ')} />
      {line.map((one, at) => (
        <g key={one.at}>
          <circle cx={x(one.at)} cy={y(one.value)} r={line.length > 60 ? 1.5 : 3}>
            <title>{`row ${one.at}: ${one.value}`}</title>
          </circle>
          {at % every === 0 && (
            <text x={x(one.at)} y={HEIGHT - 4} textAnchor="middle">
              {one.at}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
