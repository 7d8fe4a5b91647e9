/** When may a waiting run begin? A time of the local clock, or as soon as its turn has come. */

import { useState } from 'react';
import { useDoing } from './context';
import type { Entry } from './shapes';

/** `2026-12-01T22:00`, as the field has it: local, to the minute. */
export function asLocal(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}

export function NotBefore({ entry, onDone }: { entry: Entry; onDone: () => void }): JSX.Element {
  const { command } = useDoing();
  const [when, setWhen] = useState(entry.not_before_ms === null ? '' : asLocal(entry.not_before_ms));
  const set = async (at_ms: number | null): Promise<void> => {
    if (await command('queue.not_before', { key: entry.key, at_ms })) {
      onDone();
    }
  };
  return (
    <form
      className="ivo-sb-rename"
      onSubmit={event => {
        event.preventDefault();
        void set(when === '' ? null : new Date(when).getTime());
      }}
      onKeyDown={event => event.key === 'Escape' && onDone()}
    >
      <input
        autoFocus
        type="datetime-local"
        className="ivo-input"
        aria-label={`${entry.name} begins not before`}
        value={when}
        onChange={event => setWhen(event.target.value)}
      />
      <button type="submit" className="ivo-button ivo-primary">
        {when === '' ? 'As soon as it may' : 'Not before'}
      </button>
    </form>
  );
}
