import { fireEvent, render, screen } from '@testing-library/react';
import { StoreContext } from '../../src/builder/hooks';
import { useRehearsal } from '../../src/builder/rehearsal';
import type { IRehearsal } from '../../src/builder/rehearsal';
import { RehearsalResult, RehearseButton } from '../../src/builder/RehearsalResult';
import type { BuilderStore } from '../../src/builder/store';
import type { Json } from '../../src/protocol';

const FOUND: IRehearsal = {
  verdict: '5 problems found',
  standing: 'bad',
  headline: 'would stop 2 times to ask about an error; 30 min without these stops, ends 16:40',
  time: '30 min',
  ok: false,
  totals: [{ instrument: 'pump', method: 'dispense', calls: 1200, time: '4 min', amounts: 'volume_ml: 3 mL in all' }],
  problems: [
    { step: 's1', said: 'pump: dispense', text: 'volume_ml: 20 is above the limit of 5', sure: true },
    { step: 'nested', said: 'inside: dispense', text: 'no value', sure: false }
  ],
  more_problems: 3,
  never: [],
  questions: [{ about: 'Is the vial there?', text: 'continue' }],
  assumed: [{ about: 'pump.dispense lasts', text: '0 s' }],
  known: 4,
  faults: []
};
const FAULT = { step: 's1', said: 'pump: dispense', fault: 'exception', did: 'asked a person', cleanup: 'ran', left: 'pump', safe: false };

class FakeStore {
  asked: Record<string, Json>[] = [];
  selected: unknown = null;
  reply: (params: Record<string, Json>) => Promise<IRehearsal> = async params => ({ ...FOUND, faults: params.faults === true ? [FAULT, { ...FAULT, safe: true }] : [] });
  askSettled = (_method: string, params: Record<string, Json>): Promise<IRehearsal> => {
    this.asked.push(params);
    return this.reply(params);
  };
  snapshot = (): unknown => ({ document: { steps: { s1: {} } } });
  set = (changes: unknown): void => {
    this.selected = changes;
  };
}

function Part({ repeat, close }: { repeat: number; close: () => void }): JSX.Element {
  const rehearsing = useRehearsal({ repeat });
  return (
    <>
      <RehearseButton rehearsing={rehearsing} disabled={repeat < 1} rehearse={() => rehearsing.rehearse(false)} />
      <RehearsalResult rehearsing={rehearsing} close={close} />
    </>
  );
}

function shown(store: FakeStore, repeat = 1, close = (): void => undefined): { again: (next: number) => void } {
  const part = (times: number): JSX.Element => (
    <StoreContext.Provider value={store as unknown as BuilderStore}>
      <Part repeat={times} close={close} />
    </StoreContext.Provider>
  );
  const view = render(part(repeat));
  return { again: next => view.rerender(part(next)) };
}

test('the button rehearses what would be submitted and the result says what was found', async () => {
  const store = new FakeStore();
  shown(store, 3);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  const result = await screen.findByRole('status', { name: 'Rehearsal' });
  expect(store.asked).toEqual([{ repeat: 3, faults: false }]);
  expect(result.textContent).toContain('! 5 problems found');
  expect(result.textContent).toContain('would stop 2 times');
  expect(result.textContent).toContain('pump · dispense1,2004 minvolume_ml: 3 mL in all');
  expect(result.textContent).toContain('no value, if what was assumed holds');
  expect(result.textContent).toContain('and 3 more');
  expect(result.textContent).toContain('Assumed, for nothing is known (1)');
});

test('a problem leads to its step; one inside a nested workflow has no way', async () => {
  const store = new FakeStore();
  const close = jest.fn();
  shown(store, 1, close);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  fireEvent.click(await screen.findByRole('button', { name: 'pump: dispense' }));
  expect(store.selected).toEqual({ selected: ['s1'], cursor: 's1' });
  expect(close).toHaveBeenCalled();
  expect(screen.queryByRole('button', { name: 'inside: dispense' })).toBeNull();
});

test('faults are rehearsed on request, and those that leave something are listed', async () => {
  const store = new FakeStore();
  shown(store);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  fireEvent.click(await screen.findByRole('button', { name: /Let each call go wrong/ }));
  expect(await screen.findByText('1 of 2 faults leave something without cleanup')).toBeTruthy();
  expect(store.asked[1]).toEqual({ repeat: 1, faults: true });
});

test('the result goes when another run is asked for, and a late answer is not shown', async () => {
  const store = new FakeStore();
  const { again } = shown(store);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  await screen.findByRole('status', { name: 'Rehearsal' });
  again(2);
  expect(screen.queryByRole('status', { name: 'Rehearsal' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Rehearse' })).toHaveProperty('disabled', false);
});

test('what keeps it from being rehearsed is said', async () => {
  const store = new FakeStore();
  store.reply = () => Promise.reject(new Error('The table cannot be run as it is'));
  shown(store);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  expect(await screen.findByText(/The table cannot be run/)).toBeTruthy();
});

test('a rehearsal on assumptions shows no tick', async () => {
  const store = new FakeStore();
  store.reply = async () => ({ ...FOUND, ok: true, problems: [], standing: 'assumed', verdict: 'No problem found, but 1 duration was assumed' });
  shown(store);
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
  const result = await screen.findByRole('status', { name: 'Rehearsal' });
  expect(result.textContent).toContain('≈ No problem found, but 1 duration was assumed');
  expect(result.textContent).not.toContain('✓');
});
