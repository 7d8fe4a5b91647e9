import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Signal } from '@lumino/signaling';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { Newsreader, DEFAULTS, wanted } from '../src/model/notices';
import { typed } from '../src/panels/needs/values';
import { became, elsewhere } from '../src/panels/sidebar/RecentPart';
import { foldedDeck, standing as standingOf } from '../src/panels/sidebar/DeckPart';
import { asLocal } from '../src/panels/sidebar/NotBefore';
import { Sidebar } from '../src/panels/sidebar/Sidebar';
import { thenAndNow } from '../src/panels/sidebar/TrippedPart';
import { SidebarStore } from '../src/panels/sidebar/store';
import type { Line, Source } from '../src/panels/sidebar/store';
import type { Instrument, SidebarState } from '../src/panels/sidebar/shapes';
import type { Question, Run as FullRun } from '../src/panels/runs/shapes';
import type { Params, Reply } from '../src/protocol/messages';
import type { Run, Standing } from '../src/tokens';

function example<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '../../tests/protocol', name), 'utf8')) as T;
}

const state = example<SidebarState>('sidebar.json');
const { run: runs } = example<{ run: [Run, Run, Run] }>('bridge.json');

class FakeLine implements Line {
  state: Line['state'] = 'connected';
  token = 't1';
  isHeldUp = false;
  standing: Standing | null = { serial: 1, run: runs[0], waiting: 2, on_hold: false, changes: 1, undecided: [] };
  readonly asked: { method: string; params: Params }[] = [];
  answer: (method: string) => Reply = method => ({ id: '1', ok: true, result: method === 'sidebar.state' ? JSON.parse(JSON.stringify(state)) : null });

  ask(method: string, params: Params = {}): Promise<Reply> {
    this.asked.push({ method, params });
    return Promise.resolve(this.answer(method));
  }

  count(method: string): number {
    return this.asked.filter(one => one.method === method).length;
  }
}

class FakeLinks implements Source {
  current: FakeLine | null = new FakeLine();
  notebook = 'tonight.ipynb';
  readonly changed = new Signal<this, void>(this);
}

function show(change: (links: FakeLinks) => void = () => undefined): { links: FakeLinks; line: FakeLine; inserted: string[]; container: HTMLElement } {
  const links = new FakeLinks();
  change(links);
  const store = new SidebarStore(links);
  store.setVisible(true);
  const inserted: string[] = [];
  const { container } = render(<Sidebar store={store} insert={code => inserted.push(code)} begin={null} />);
  return { links, line: links.current ?? new FakeLine(), inserted, container };
}

/** Click, and let the answer come. */
async function click(button: HTMLElement): Promise<void> {
  await act(async () => {
    fireEvent.click(button);
  });
}

function region(name: RegExp): HTMLElement {
  return screen.getByRole('region', { name });
}

test('run, queue, deck and recent runs are shown, and what needs a person first', async () => {
  const { container } = show();
  await screen.findByRole('region', { name: /^Queue · 2/ });
  within(region(/^Run$/)).getByText('screen_solvents-31');
  expect(region(/^Needs you · 2/).textContent).toContain('pump.dispense(volume_ml=5)');
  within(region(/^Queue/)).getByText(/cannot run: row 41/);
  within(region(/^Queue/)).getByText(/1 of 2 can run/);
  within(region(/^Deck/)).getByText('61.2 °C');
  within(region(/^Recent/)).getByText('7 of 96 rows · 6 h');
  expect(container.querySelector('section')?.getAttribute('aria-label')).toMatch(/^Needs you/);
});

test('names with markup are shown as text', async () => {
  const { container } = show();
  await screen.findByText('<b>rinse</b>');
  expect(container.querySelector('.ivo-sb-entry b')).toBeNull();
});

test('an error shows the step, the words of the driver and what each choice does; a retry sends what was changed', async () => {
  const { line } = show(links => {
    if (links.current?.standing) {
      links.current.standing = { ...links.current.standing, run: runs[1] };
    }
  });
  const needs = await screen.findByRole('group', { name: /asks/ });
  within(needs).getByText('SyringeEmpty: refill first');
  within(needs).getByText(/counts it as skipped/);
  fireEvent.change(within(needs).getByLabelText(/volume_ml/), { target: { value: '1.5' } });
  await click(within(needs).getByRole('button', { name: 'Retry' }));
  expect(line.asked.find(one => one.method === 'run.answer')?.params).toEqual({
    key: 'k2',
    question: 'q1',
    choice: 'retry',
    arguments: { volume_ml: 1.5 },
    value: null
  });
});

test('what was typed keeps the kind of what it replaces', () => {
  expect(typed('A1', '7')).toBe('7');
  expect(typed(2.5, '7')).toBe(7);
  expect(typed([1, 2], '[3]')).toEqual([3]);
  expect(typed(2.5, 'much')).toBe('much');
});

test('commands name the run; make safe stands apart and says what it is', async () => {
  const { line } = show();
  await click(screen.getByRole('button', { name: /Pause/ }));
  await click(screen.getByRole('button', { name: 'Make safe' }));
  screen.getByText(/It is software, no emergency stop/);
  await waitFor(() => expect(line.asked.map(one => one.method)).toEqual(expect.arrayContaining(['run.pause', 'run.make_safe'])));
  expect(line.asked.find(one => one.method === 'run.pause')?.params).toEqual({ key: 'k1' });
});

test('a refusal is shown in its own words and can be dismissed', async () => {
  const { line } = show();
  line.answer = () => ({ id: '1', ok: false, error: { message: 'No.', problems: [{ field: 'name', message: 'is taken', value: '' }] } });
  await click(screen.getByRole('button', { name: /Pause/ }));
  await screen.findByText(/No\. name: is taken/);
  await click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText(/is taken/)).toBeNull();
});

test('the queue is reordered by buttons, and the move is spoken', async () => {
  const { line } = show();
  await click(await screen.findByRole('button', { name: '<b>rinse</b>' }));
  expect((screen.getByRole('button', { name: 'Move <b>rinse</b> up' }) as HTMLButtonElement).disabled).toBe(true);
  await click(screen.getByRole('button', { name: 'Move <b>rinse</b> down' }));
  expect(line.asked.find(one => one.method === 'queue.reorder')?.params).toEqual({ keys: ['k3', 'k2'] });
  screen.getByText('<b>rinse</b> is now 2 of 2');
});

test('a waiting run is removed only after a second word', async () => {
  const { line } = show();
  await click(await screen.findByRole('button', { name: '<b>rinse</b>' }));
  await click(screen.getByRole('button', { name: 'Remove' }));
  expect(line.count('queue.remove')).toBe(0);
  await click(screen.getByRole('button', { name: 'Keep' }));
  await click(screen.getByRole('button', { name: 'Remove' }));
  await click(screen.getByRole('button', { name: 'Remove' }));
  expect(line.count('queue.remove')).toBe(1);
});

test('an instrument that is not trusted has the button that says it was checked', async () => {
  const { line } = show();
  await click(await screen.findByRole('button', { name: 'I have checked it' }));
  expect(line.asked.find(one => one.method === 'sidebar.trust')?.params).toEqual({ name: 'stirrer' });
});

test('the instrument of the step that is under way is busy with it', () => {
  const [pump, reactor] = state.deck.instruments;
  const run = runs[0] as unknown as FullRun;
  expect(pump && standingOf(pump, run).text).toBe('dispense');
  expect(reactor && standingOf(reactor, run).text).toBe('idle');
});

test('of a large deck only what there is something to say of is shown at once', () => {
  const [pump, reactor, stirrer] = state.deck.instruments;
  const idle = (count: number): Instrument[] => Array.from({ length: count }, (_, at) => ({ ...(pump as Instrument), name: `p${at}`, state: 'idle' }));
  const few = [...state.deck.instruments, ...idle(5)];
  expect(foldedDeck(few)).toEqual([few, []]);
  const [shown, folded] = foldedDeck([...state.deck.instruments, ...idle(60)]);
  expect(shown).toEqual([pump, reactor, stirrer]);
  expect(folded).toHaveLength(60);
});

test('it asks again only when something has changed, and only while it is seen', async () => {
  jest.useFakeTimers();
  const links = new FakeLinks();
  const line = links.current as FakeLine;
  const store = new SidebarStore(links);
  links.changed.emit();
  expect(line.count('sidebar.state')).toBe(0);
  store.setVisible(true);
  await act(() => jest.advanceTimersByTimeAsync(1000));
  links.changed.emit();
  await act(() => jest.advanceTimersByTimeAsync(1000));
  expect(line.count('sidebar.state')).toBe(1);
  for (let changes = 2; changes < 30; changes++) {
    line.standing = { serial: changes, run: null, waiting: 0, on_hold: false, changes, undecided: [] };
    links.changed.emit();
  }
  await act(() => jest.advanceTimersByTimeAsync(1000));
  expect(line.count('sidebar.state')).toBe(3);
  store.dispose();
  jest.useRealTimers();
});

test('another notebook shows nothing of the one before', async () => {
  const { links } = show();
  await screen.findByRole('region', { name: /^Queue/ });
  act(() => {
    links.current = null;
    links.notebook = 'other.ipynb';
    links.changed.emit();
  });
  expect(screen.queryByText('screen_solvents-31')).toBeNull();
  screen.getByText(/has not loaded IvoryOS/);
});

test('without a session it says what to do, and offers the cell', async () => {
  const { inserted } = show(links => {
    if (links.current) {
      links.current.state = 'gone';
    }
  });
  screen.getByText(/kernel of this notebook has ended/);
  await click(screen.getByRole('button', { name: 'Insert the cell' }));
  expect(inserted).toEqual(['%load_ext ivoryos']);
});

test('while a cell goes on that began before the page was loaded, it is said why widgets do not load', async () => {
  const { links, line } = show(({ current }) => current && (current.isHeldUp = true));
  expect(await screen.findByText(/A cell goes on that began before this page was loaded/)).toBeTruthy();
  line.isHeldUp = false;
  act(() => links.changed.emit());
  expect(screen.queryByText(/A cell goes on that began/)).toBeNull();
});

test('a kernel that does not answer is said to be silent, and what was known stays', async () => {
  const { links } = show();
  await screen.findByRole('region', { name: /^Queue/ });
  act(() => {
    if (links.current) {
      links.current.state = 'silent';
    }
    links.changed.emit();
  });
  screen.getByText(/does not answer/);
  screen.getByText('screen_solvents-31');
});

test('what became of a run is said honestly', () => {
  expect(state.recent.map(became)).toEqual(['2 steps skipped · 12 min', '7 of 96 rows · 6 h']);
  const resumed = state.recent.map(one => ({ ...one, skipped: 0 }))[0];
  expect(resumed && became(resumed)).toBe('14 of 14 rows · 12 min');
  expect(resumed && elsewhere(resumed)).toBe('1 of them in run 28');
  expect(resumed && became({ ...resumed, cleanup_only: true })).toBe('cleanup only · 12 min');
});

test('somebody hears of a run that waits, fails or ends, once, and not of one that had ended before', () => {
  const reader = new Newsreader();
  const hear = (run: Run): string | undefined => reader.hear({ serial: 1, run, waiting: 0, on_hold: false, changes: 0, undecided: [] })?.kind;
  expect(hear({ ...runs[2], key: 'old' })).toBeUndefined();
  expect(hear(runs[0])).toBeUndefined();
  expect(hear({ ...runs[1], key: 'k1' })).toBe('waiting');
  expect(hear({ ...runs[1], key: 'k1' })).toBeUndefined();
  expect(hear(runs[0])).toBe('over');
  expect(hear({ ...runs[2], outcome: 'failed' })).toBe('failed');
  expect(hear({ ...runs[1], key: 'new' })).toBe('waiting');
  expect(wanted({ key: 'k', kind: 'ended', text: '', cause: '' }, { ...DEFAULTS, onEnded: false })).toBe(false);
  expect(wanted({ key: 'k', kind: 'waiting', text: '', cause: '' }, DEFAULTS)).toBe(true);
});

function asking(change: Partial<Question>): (links: FakeLinks) => void {
  return links => {
    const line = links.current;
    const run = runs[1] as unknown as FullRun;
    if (line?.standing && run.question) {
      const question: Question = { ...run.question, kind: 'input', choices: ['value', 'stop'], error: '', ...change };
      line.standing = { ...line.standing, run: { ...run, question } as unknown as Run };
    }
  };
}

test('a question says who was told and when, as text', async () => {
  show(asking({}));
  const told = await screen.findByRole('list', { name: 'Who was told' });
  expect([...told.children].map(one => one.textContent)).toEqual([
    expect.stringMatching(/^chat was told /),
    '<b>mail</b> was not told: Connection error',
    expect.stringMatching(/^boss will be told .*, if nobody has answered$/)
  ]);
});

test('a question of which nobody is told says so, and how to change that', async () => {
  const { inserted } = show(links => {
    asking({})(links);
    const line = links.current;
    if (line) {
      const more = { ...state, told: { question: 'q1', lines: [], nobody: 'no notification is set' } };
      line.answer = () => ({ id: '1', ok: true, result: JSON.parse(JSON.stringify(more)) });
    }
  });
  await screen.findByText(/Nobody is told: no notification is set\./);
  await click(screen.getByRole('button', { name: 'Name somebody in a cell' }));
  expect(inserted).toEqual(['ivoryos.notify("mailto://…", on="wait")']);
});

test('a wrong answer is refused beside its field, and Enter sends the next one', async () => {
  const { line } = show(links => {
    asking({ type: 'float', message: 'How much?' })(links);
    const fake = links.current;
    if (fake) {
      const before = fake.answer;
      const problems = [{ field: 'answer', message: 'is no number', value: 'x' }];
      fake.answer = method => (method === 'run.answer' ? { id: '1', ok: false, error: { message: 'answer: is no number', problems } } : before(method));
    }
  });
  const card = await screen.findByRole('group', { name: /asks/ });
  const field = within(card).getByRole('textbox', { name: 'Answer' });
  expect(within(card).getByRole('button', { name: 'Answer' }).hasAttribute('disabled')).toBe(true);
  fireEvent.change(field, { target: { value: 'x' } });
  await act(async () => {
    fireEvent.submit(field);
  });
  const problem = card.querySelector('.ivo-answer [role=alert]');
  expect(problem?.textContent).toBe('is no number');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(screen.queryByText('Dismiss')).toBeNull();
  fireEvent.change(field, { target: { value: '2.5' } });
  expect(problem?.textContent).toBe('');
  await act(async () => {
    fireEvent.submit(field);
  });
  expect(line.asked.filter(one => one.method === 'run.answer').map(one => one.params.value)).toEqual(['x', '2.5']);
});

test('a long list of choices is searched by typing', async () => {
  const { container } = show(asking({ type: 'str', options: Array.from({ length: 40 }, (_, at) => `vial ${at}`) }));
  const field = await screen.findByRole('combobox', { name: 'Answer' });
  expect(field.getAttribute('placeholder')).toBe('one of 40; type to find it');
  expect(container.querySelectorAll('datalist option')).toHaveLength(40);
});

test('the queue shows where it stops, and a click lets it stop elsewhere or go on', async () => {
  const { line } = show();
  const queue = await screen.findByRole('region', { name: /^Queue/ });
  within(queue).getByText(/the queue stops here/);
  await click(within(queue).getByRole('button', { name: 'go on after it' }));
  await click(within(queue).getByRole('button', { name: 'screen_solvents' }));
  await click(within(queue).getByRole('button', { name: 'Stop after it' }));
  expect(line.asked.filter(one => one.method === 'queue.stop_here').map(one => one.params)).toEqual([
    { key: 'k2', stop: false },
    { key: 'k3', stop: true }
  ]);
});

test('a number is asked for with its unit, its bounds and its default, which Enter sends', async () => {
  const { line } = show(asking({ type: 'float', unit: 'mL', minimum: 0, maximum: 10, default: 2.5 }));
  const field = await screen.findByRole('textbox', { name: 'Answer' });
  screen.getByText('mL · 0 to 10');
  expect(field.getAttribute('placeholder')).toBe('default 2.5');
  await act(async () => {
    fireEvent.submit(field);
  });
  expect(line.asked.find(one => one.method === 'run.answer')?.params.value).toBe('');
});

test('a watched value that has left its band is said with what was done, until somebody has looked', async () => {
  const { line } = show();
  const card = await screen.findByRole('group', { name: 'reactor.temperature left its band' });
  within(card).getByText('91 °C is above 80 °C');
  within(card).getByText(/^91 °C at Nov 14, .*, now 87\.5 °C, .* ago$/);
  within(card).getByText(/The run was paused\. It is still outside/);
  await click(within(card).getByRole('button', { name: 'I have looked' }));
  expect(line.asked.find(one => one.method === 'sidebar.watch_seen')?.params).toEqual({ label: 'reactor.temperature' });
});

test('a tripped watch says what was read then and what it is now, how old that is, or why that is not known', () => {
  const trip = state.tripped[0];
  const said = (change: object): string => (trip ? thenAndNow({ ...trip, ...change }, trip.at_ms + 8000) : '').replace(/at [^,;]*(, \d\d:\d\d)?/, 'at …');
  expect(said({})).toBe('91 °C at …, now 87.5 °C, 3 s ago');
  expect(said({ now: '', now_problem: 'time-out' })).toBe('91 °C at …; now it cannot be read, 3 s ago: time-out');
  expect(said({ now: '', now_ms: null })).toBe('91 °C at …, not read since');
  expect(said({ watched: false })).toBe('91 °C at …; it is watched no longer');
});

test('a watched value says so, and within which band', async () => {
  show();
  await screen.findByRole('region', { name: /^Deck/ });
  expect(within(region(/^Deck/)).getByText(/^watched, read/).title).toBe('watched: 15 to 80 °C, every 10 s');
});

test('a waiting run is given a time before which it does not begin', async () => {
  const { line } = show();
  const queue = await screen.findByRole('region', { name: /^Queue/ });
  await click(within(queue).getByRole('button', { name: 'screen_solvents' }));
  await click(within(queue).getByRole('button', { name: 'Not before…' }));
  const field = within(queue).getByLabelText('screen_solvents begins not before');
  fireEvent.change(field, { target: { value: '2026-12-01T22:00' } });
  await click(within(queue).getByRole('button', { name: 'Not before' }));
  expect(line.asked.find(one => one.method === 'queue.not_before')?.params).toEqual({
    key: 'k3',
    at_ms: new Date(2026, 11, 1, 22, 0).getTime()
  });
  expect(asLocal(new Date(2026, 11, 1, 22, 0).getTime())).toBe('2026-12-01T22:00');
});
