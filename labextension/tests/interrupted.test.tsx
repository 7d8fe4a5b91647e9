import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { RecoveryCard } from '../src/panels/needs/RecoveryCard';
import { RecoveryCards } from '../src/panels/needs/RecoveryCards';
import type { Interrupted } from '../src/panels/needs/shapes';
import { RecentPart } from '../src/panels/sidebar/RecentPart';
import { DoingProvider } from '../src/panels/sidebar/context';
import type { SidebarState } from '../src/panels/sidebar/shapes';
import type { Params } from '../src/protocol/messages';

const text = readFileSync(join(__dirname, '../../tests/protocol/sidebar.json'), 'utf8');
const example = (): Interrupted => {
  const [run] = (JSON.parse(text) as SidebarState).interrupted;
  if (!run) {
    throw new Error('The example has no interrupted run.');
  }
  return run;
};

function show(run: Interrupted, refusal = ''): { said: { method: string; params: Params }[] } {
  const said: { method: string; params: Params }[] = [];
  const tell = (method: string, params: Params = {}): Promise<string> => {
    said.push({ method, params });
    return Promise.resolve(refusal);
  };
  render(<RecoveryCard run={run} onHold={false} around={{ tell, insert: () => undefined }} />);
  return { said };
}

const around = { tell: () => Promise.resolve(''), insert: () => undefined };

async function press(name: string): Promise<void> {
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name }));
    await Promise.resolve();
  });
}

const button = (name: string): HTMLButtonElement => screen.getByRole<HTMLButtonElement>('button', { name });

test('it says what is in doubt, and done needs what it returned', async () => {
  const { said } = show(example());
  screen.getByText(/in script, iteration 4 of 10/);
  screen.getByText(/It last said: dispense 7\.5/);
  expect(button('Done').disabled).toBe(true);
  expect(button('Resume').disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'left' }), { target: { value: '2.5' } });
  await press('Done');
  expect(said).toEqual([{ method: 'recovery.done', params: { id: 31, values: ['2.5'] } }]);
});

test('a run that goes on with it says that the queue is on hold', () => {
  const waiting = { ...example(), waiting: 'titration (resumed)' };
  const { rerender } = render(<RecoveryCard run={waiting} onHold={true} around={around} />);
  screen.getByText(/waits in the queue, which is on hold: nothing begins until you release it\./);
  rerender(<RecoveryCard run={waiting} onHold={false} around={around} />);
  screen.getByText(/waits in the queue\.$/);
});

test('a part that was done is made up for with other values, and a refusal is said in the card', async () => {
  const { said } = show(example(), 'too much');
  fireEvent.change(screen.getByLabelText('volume_ml'), { target: { value: '1.3' } });
  await press('Not done');
  expect(said[0]).toEqual({ method: 'recovery.not_done', params: { id: 31, arguments: { volume_ml: 1.3 } } });
  expect(screen.getByRole('alert').textContent).toBe('too much');
});

test('what is decided is marked, can be changed, and the run may be resumed then', async () => {
  const run = example();
  run.in_doubt = run.in_doubt.map(one => ({ ...one, needs: [], choice: 'done', decided: 'you said it was done', checked: 'True' }));
  run.ready = true;
  const { said } = show(run);
  expect(button('Done').getAttribute('aria-pressed')).toBe('true');
  screen.getByText('True');
  await press('Resume');
  expect(said).toEqual([{ method: 'recovery.resume', params: { id: 31 } }]);
});

test('of a wait the rest can be waited', async () => {
  const run = example();
  run.in_doubt = run.in_doubt.map(one => ({ ...one, call: 'wait(seconds=1800)', needs: [], rest_s: 720, can_check: false, arguments: { seconds: 1800 } }));
  const { said } = show(run);
  screen.getByText('12 min are left, the outage counted');
  await press('The rest');
  expect(said).toEqual([{ method: 'recovery.rest', params: { id: 31 } }]);
});

test('a history that does not fit leaves cleanup, a new beginning, or nothing', async () => {
  const { said } = show({ ...example(), problem: 'It does not fit.' });
  screen.getByText('It does not fit.');
  expect(screen.queryByRole('button', { name: 'Resume' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Done' })).toBeNull();
  for (const name of ['Clean up', 'Start again', 'Leave']) {
    await press(name);
  }
  expect(said.map(one => one.method)).toEqual(['recovery.cleanup', 'recovery.start_again', 'recovery.leave']);
});

test('a record that may end too early asks where to go on, and what was lost is named', async () => {
  const { said } = show({ ...example(), in_doubt: [], warning: 'The machine was started anew since.', lost: ['spectrum (a live Spectrum)'] });
  screen.getByText(/spectrum \(a live Spectrum\)/);
  await press('Ends here');
  expect(said).toEqual([{ method: 'recovery.go_on', params: { id: 31, step: 's2' } }]);
});

test('of many interrupted runs the first is open and the others unfold', () => {
  const runs = [1, 2, 3].map(id => ({ ...example(), id, name: `night ${id}` }));
  const { container } = render(<RecoveryCards runs={runs} onHold={false} around={around} />);
  expect([...container.querySelectorAll('details.ivo-more-cards > summary b')].map(one => one.textContent)).toEqual(['night 2', 'night 3']);
  screen.getByRole('group', { name: 'night 1 was interrupted' });
});

test('what it is told in a cell is said where the page cannot add one', async () => {
  render(<RecoveryCard run={example()} onHold={false} around={{ ...around, insert: () => Promise.resolve('copied; paste it into a cell') }} />);
  await press('Its steps, in a cell');
  screen.getByText('copied; paste it into a cell');
});

test('a run whose resumption waits asks nothing more', () => {
  show({ ...example(), waiting: 'tuesday (resumed)' });
  screen.getByText(/“tuesday \(resumed\)” goes on with it/);
  expect(screen.queryByRole('button', { name: 'Resume' })).toBeNull();
});

test('of a run that ended early only what is missing is run again', () => {
  const [first] = (JSON.parse(text) as SidebarState).recent;
  if (!first) {
    throw new Error('The example has no recent run.');
  }
  const asked: unknown[] = [];
  const command = (method: string, params: Params = {}): Promise<boolean> => Promise.resolve(asked.push([method, params]) > 0);
  const doing = { tell: () => Promise.resolve(''), command, insert: () => undefined, edit: null, begin: null };
  const early = { ...first, id: 7, table: true, done: 1, total: 3, before: [], missing: 2, status: 'stopped' };
  render(
    <DoingProvider value={doing}>
      <RecentPart runs={[early, { ...early, id: 8, missing: 0, by: 'run 9' }, { ...early, id: 9, status: 'completed', done: 3, missing: 0 }]} />
    </DoingProvider>
  );
  screen.getByText('the rest: run 9');
  fireEvent.click(screen.getByRole('button', { name: 'Run what is missing' }));
  expect(asked).toEqual([['recovery.rerun', { id: 7 }]]);
});
