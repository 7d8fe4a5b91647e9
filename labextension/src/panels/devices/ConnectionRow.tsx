/** The connection hooks a driver has, as buttons: they are shown, never called by themselves. */

import { useState } from 'react';
import { timeOfDay } from '../model/clock';
import { buttonName } from '../model/given';
import { useDevices, useStore } from '../model/hooks';
import type { InstrumentRow, Operation } from '../model/shapes';

export function ConnectionRow({ row }: { row: InstrumentRow }): JSX.Element | null {
  const store = useStore();
  const [notice, setNotice] = useState('');
  const { connect, close, is_connected: asks } = row.connection;
  const hooks = [asks, connect, close].filter(name => name !== '');
  const last = useDevices(state => state.entries.find(one => one.target === row.path && one.member === asks && one.state === 'done'));
  if (hooks.length === 0) {
    return null;
  }
  const operation = (name: string): Operation => (row.properties.some(one => one.name === name) ? 'get' : 'call');
  return (
    <div className="ivo-connection" role="group" aria-label={`Connection of ${row.path}`}>
      <span className="ivo-hint">
        connection:{' '}
        {last?.result ? `${last.member} → ${last.result.text}, asked ${timeOfDay(last.ended_ms ?? 0)}` : 'not known, nobody has asked'}
      </span>
      {hooks.map(name => (
        <button
          key={name}
          type="button"
          className="ivo-button"
          onClick={() => void store.quick(row.path, name, operation(name)).then(setNotice)}
        >
          {buttonName(name)}
        </button>
      ))}
      {notice && (
        <span className="ivo-problem" role="alert">
          {notice}
        </span>
      )}
    </div>
  );
}
