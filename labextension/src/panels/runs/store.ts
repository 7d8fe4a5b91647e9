/** What does the view of a run know, and how does it change? */

import type { Json, Params } from '../../protocol';
import { RefusedError } from '../../protocol';
import { saying } from '../model/store';
import type { Line } from '../model/store';
import type { Happened, Row, RowsChanged, Run, Table } from './shapes';

export interface RunState {
  table: Table | null;
  notice: string;
}

const KEPT_LINES = 100;

/** Put changed rows into those that are shown. */
export function withRows(rows: Row[], first: number, changed: Row[]): Row[] {
  const next = [...rows];
  for (const row of changed) {
    const at = row.at - first;
    if (at >= 0 && at < next.length) {
      next[at] = row;
    }
  }
  return next;
}

function withLines(before: Happened[], added: Happened[]): Happened[] {
  const fresh = added.filter(one => !before.some(old => one.at_ms === old.at_ms && one.text === old.text));
  return [...before, ...fresh].slice(-KEPT_LINES);
}

export class RunStore {
  private _state: RunState = { table: null, notice: '' };
  private readonly _watchers = new Set<() => void>();
  private _loads = 0;
  /** What was told while the rows are asked for: the answer may be older, and is brought up to it. */
  private _meanwhile: (() => void)[] = [];

  constructor(private readonly _line: Line, readonly key: string) {}

  readonly snapshot = (): RunState => this._state;

  readonly watch = (watcher: () => void): (() => void) => {
    this._watchers.add(watcher);
    return () => this._watchers.delete(watcher);
  };

  /** Follow the run; returns how to stop. */
  start(): () => void {
    const stops = [
      this._line.on('run.changed', data => this._told(() => this._changed(data as unknown as Run))),
      this._line.on('run.rows', data => this._told(() => this._rows(data as unknown as RowsChanged)))
    ];
    void this.load();
    return () => stops.forEach(stop => stop());
  }

  /** Read the rows from `start` on, or those around the present one. */
  async load(start?: number): Promise<void> {
    const params: Params = start === undefined ? { key: this.key } : { key: this.key, start };
    this._loads += 1;
    await this._ask('run.table', params, reply => {
      this._set({ table: reply as unknown as Table, notice: '' });
      this._meanwhile.forEach(take => take());
    });
    this._loads -= 1;
    if (this._loads === 0) {
      this._meanwhile = [];
    }
  }

  /** Tell the run something; what goes wrong is shown. */
  async command(method: string, params: Params = {}): Promise<void> {
    await this._ask(method, { key: this.key, ...params }, () => this._set({ notice: '' }));
  }

  /** Tell the run something; tells why it was refused, for the caller to show beside what it was; empty when it was done. */
  async tell(method: string, params: Params = {}): Promise<string> {
    try {
      await this._line.request(method, { key: this.key, ...params });
      return '';
    } catch (error) {
      return error instanceof RefusedError && error.problems.length > 0 ? error.problems.map(one => one.message).join(' ') : saying(error);
    }
  }

  /** Submit the same once more; `then` is told the key of the new run. */
  async again(then: (key: string) => void): Promise<void> {
    await this._ask('run.again', { key: this.key }, reply => then((reply as { key: string }).key));
  }

  private async _ask(method: string, params: Params, then: (reply: Json) => void): Promise<void> {
    try {
      then(await this._line.request(method, params));
    } catch (error) {
      this._set({ notice: saying(error) });
    }
  }

  private _told(take: () => void): void {
    if (this._loads > 0) {
      this._meanwhile.push(take);
    }
    take();
  }

  private _changed(run: Run): void {
    const table = this._state.table;
    if (table !== null && run.key === this.key && run.at_us >= table.run.at_us) {
      this._set({ table: { ...table, run } });
    }
  }

  private _rows(changed: RowsChanged): void {
    const table = this._state.table;
    if (table !== null && changed.key === this.key) {
      const rows = withRows(table.rows, table.first, changed.rows);
      this._set({ table: { ...table, rows, happened: withLines(table.happened, changed.happened) } });
    }
  }

  private _set(change: Partial<RunState>): void {
    this._state = { ...this._state, ...change };
    this._watchers.forEach(watcher => watcher());
  }
}
