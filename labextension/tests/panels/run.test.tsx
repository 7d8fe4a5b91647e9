import { fireEvent, render, screen } from '@testing-library/react';
import { Buttons } from '../../src/panels/runs/Buttons';
import { changes } from '../../src/panels/needs/values';
import { points, ticks } from '../../src/panels/runs/Chart';
import { ending } from '../../src/panels/runs/RunPanel';
import { firstShown, inGroups, newest } from '../../src/panels/runs/RunsTab';
import { RunStore, withRows } from '../../src/panels/runs/store';
import type { Row, Run, Table } from '../../src/panels/runs/shapes';
import type { Json } from '../../src/protocol';

function row(at: number, change: Partial<Row> = {}): Row {
  return { at, state: 'waiting', inputs: {}, outputs: {}, numbers: {}, started_ms: null, ended_ms: null, skipped: 0, ...change };
}

test('changed rows go to their places in the window, others are left alone', () => {
  const rows = [row(10), row(11)];
  const next = withRows(rows, 10, [row(11, { state: 'done' }), row(99, { state: 'done' })]);
  expect(next.map(one => one.state)).toEqual(['waiting', 'done']);
  expect(next[0]).toBe(rows[0]);
});

test('a retry sends only the arguments that were changed', () => {
  expect(changes({ volume: 6, label: 'a' }, { volume: '6', label: 'b' })).toEqual({ label: 'b' });
  expect(changes({ volume: 6 }, { volume: '7' })).toEqual({ volume: 7 });
  expect(changes({ volumes: [1, 2] }, { volumes: '[1,2]' })).toEqual({});
});

test('only numbers are drawn, on round lines', () => {
  expect(points([row(0, { numbers: { a: 1 } }), row(1), row(2, { numbers: { a: 3 } })], 'a')).toEqual([
    { at: 1, value: 1 },
    { at: 3, value: 3 }
  ]);
  expect(ticks(0.27, 0.49)).toEqual([0.3, 0.4]);
  expect(ticks(0, 10)).toEqual([0, 5, 10]);
  expect(ticks(5, 5).length).toBeLessThanOrEqual(5);
});

test('the run that asks comes first, then the one under way, then the latest', () => {
  const run = (key: string, state: Run['state']): Run => ({ key, state }) as Run;
  expect(firstShown([run('a', 'ended'), run('b', 'running'), run('c', 'asking')])).toBe('c');
  expect(firstShown([run('a', 'ended'), run('b', 'paused')])).toBe('b');
  expect(firstShown([run('a', 'ended')])).toBe('a');
  expect(firstShown([])).toBe('');
  expect(firstShown([run('a', 'queued'), run('b', 'ended')])).toBe('b');
  const groups = inGroups({ runs: [run('d', 'queued'), run('c', 'queued'), run('b', 'running'), run('a', 'ended')], queue: { keys: ['c', 'd'], on_hold: false, reason: '' } });
  expect(Object.values(groups).map(some => some.map(one => one.key))).toEqual([['b'], ['c', 'd'], ['a']]);
});

test('a pause that was asked for is taken back by the same word that ends one', () => {
  const store = { command: jest.fn() };
  for (const run of [{ state: 'running', pausing: true }, { state: 'paused', pausing: true }]) {
    const { unmount } = render(<Buttons run={{ stopping: null, ...run } as Run} store={store} />);
    fireEvent.click(screen.getByRole('button', { name: '▶ Resume' }));
    expect(store.command).toHaveBeenLastCalledWith('run.resume');
    unmount();
  }
});

test('when a run ends is said in seconds where that is near and sure, else in minutes', () => {
  const now = new Date(2026, 10, 22, 14, 0, 0).getTime();
  expect(ending({ ends_ms: now + 90_000, spread_ms: 4000 }, now)).toBe('14:01:30 ± 4.0 s');
  expect(ending({ ends_ms: now + 3 * 3_600_000, spread_ms: 4000 }, now)).toBe('17:00 ± 1 min');
  expect(ending({ ends_ms: now + 90_000, spread_ms: 360_000 }, now)).toBe('14:01 ± 6 min');
});

const at = (at_us: number): Run => ({ key: 'r', at_us, sentence: `at ${at_us}` }) as Run;
const tableAt = (at_us: number): Table => ({ run: at(at_us), rows: [row(0)], first: 0, happened: [{ at_ms: 1, text: 'begun', bad: false }] }) as unknown as Table;

test('what a run tells while its rows are asked for is not lost to an answer that is older', async () => {
  const listeners = new Map<string, (data: Json) => void>();
  const answers: ((reply: Json) => void)[] = [];
  const line = {
    request: () => new Promise<Json>(resolve => answers.push(resolve)),
    on: (name: string, listener: (data: Json) => void) => (listeners.set(name, listener), () => undefined)
  };
  const store = new RunStore(line, 'r');
  store.start();
  listeners.get('run.rows')?.({ key: 'r', rows: [row(0, { state: 'running' })], happened: [{ at_ms: 1, text: 'begun', bad: false }] } as unknown as Json);
  listeners.get('run.changed')?.(at(7) as unknown as Json);
  answers[0]?.(tableAt(5) as unknown as Json);
  await new Promise(done => setTimeout(done, 0));
  const { table } = store.snapshot();
  expect([table?.run.at_us, table?.rows[0]?.state, table?.happened.length]).toEqual([7, 'running', 1]);
});

test('a list of runs that is older than the news keeps the news', () => {
  const queue = { keys: [], on_hold: false, reason: '' };
  expect(newest({ runs: [at(7)], queue }, { runs: [at(5)], queue }).runs[0]?.at_us).toBe(7);
  expect(newest({ runs: [at(5)], queue }, { runs: [at(7)], queue }).runs[0]?.at_us).toBe(7);
  expect(newest(null, { runs: [at(5)], queue }).runs).toHaveLength(1);
});
