import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { MethodForm } from '../../src/panels/devices/MethodForm';
import { LogEntry } from '../../src/panels/devices/CallLog';
import { InstrumentCard } from '../../src/panels/devices/InstrumentCard';
import type { Opened } from '../../src/panels/devices/opened';
import { StoreContext } from '../../src/panels/model/hooks';
import { DevicesStore } from '../../src/panels/model/store';
import type { Line } from '../../src/panels/model/store';
import type { Entry, Field, Form, InstrumentRow, Kind } from '../../src/panels/model/shapes';
import type { Json, Params } from '../../src/protocol';
import { RefusedError } from '../../src/protocol';

/** A kernel that answers from a table and remembers what it was asked. */
class FakeLine implements Line {
  readonly asked: { method: string; params: Params }[] = [];
  private readonly _listeners = new Map<string, (data: Json) => void>();

  constructor(readonly answers: { [method: string]: unknown }) {}

  async request(method: string, params: Params = {}): Promise<Json> {
    this.asked.push({ method, params });
    const answer = this.answers[method];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer as Json;
  }

  on(name: string, listener: (data: Json) => void): () => void {
    this._listeners.set(name, listener);
    return () => this._listeners.delete(name);
  }

  tell(name: string, data: unknown): void {
    this._listeners.get(name)?.(data as Json);
  }

  last(method: string): Params | undefined {
    return this.asked.filter(one => one.method === method).pop()?.params;
  }
}

function field(name: string, kind: Kind, change: Partial<Field> = {}): Field {
  return { name, kind, passing: 'either', required: false, default: null, unit: '', help: '', annotation: '', limit: null, ...change };
}

function form(fields: Field[]): Form {
  return { target: 'pump', member: 'dispense', operation: 'call', title: '', fields, variants: [], doc: '', note: '', draft: {} };
}

const NUMBER: Kind = { tag: 'number' };
const GOOD = { problems: [], missing: [], call: 'pump.dispense()', notes: {} };

async function drawn(fields: Field[], answers: { [method: string]: unknown } = {}): Promise<FakeLine> {
  const line = new FakeLine({ 'control.form': form(fields), 'control.check': GOOD, 'control.call': { call_id: '1', call: '' }, ...answers });
  const store = new DevicesStore(line, '');
  await act(async () => {
    render(
      <StoreContext.Provider value={store}>
        <MethodForm target="pump" member="dispense" operation="call" />
      </StoreContext.Provider>
    );
  });
  return line;
}

async function press(): Promise<void> {
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Dispense' }));
  });
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('an untouched default is not sent, a typed value is sent as typed', async () => {
  const line = await drawn([field('volume_ml', NUMBER, { required: true }), field('rate', NUMBER, { default: '1.0' })]);
  expect(screen.getByLabelText('rate')).toHaveProperty('placeholder', 'default 1.0');
  fireEvent.change(screen.getByLabelText('volume_ml'), { target: { value: '2.5' } });
  await press();
  expect(line.last('control.call')).toMatchObject({ target: 'pump', member: 'dispense', given: { volume_ml: { text: '2.5' } } });
});

test('all problems stand beside their fields and the button cannot be pressed', async () => {
  const problems = [
    { field: 'volume_ml', message: '12 mL is above the limit of 10 mL', value: '12' },
    { field: 'rate', message: 'write 1.5', value: '1,5' }
  ];
  await drawn([field('volume_ml', NUMBER), field('rate', NUMBER)], { 'control.check': { ...GOOD, problems } });
  const row = document.querySelector<HTMLElement>('[data-field="rate"]');
  expect(row && within(row).getByRole('alert').textContent).toBe('write 1.5');
  expect(screen.getAllByRole('alert')).toHaveLength(2);
  expect(screen.getByRole('button', { name: 'Dispense' })).toHaveProperty('disabled', true);
});

test('typing is checked once, after a pause', async () => {
  const line = await drawn([field('volume_ml', NUMBER)]);
  const before = line.asked.filter(one => one.method === 'control.check').length;
  for (const value of ['1', '12', '12.5']) {
    fireEvent.change(screen.getByLabelText('volume_ml'), { target: { value } });
  }
  await act(async () => {
    jest.advanceTimersByTime(500);
  });
  expect(line.asked.filter(one => one.method === 'control.check')).toHaveLength(before + 1);
  expect(line.last('control.check')).toMatchObject({ given: { volume_ml: { text: '12.5' } } });
});

test('None, the empty text and each state of a flag are chosen, not guessed', async () => {
  const line = await drawn([
    field('label', { tag: 'nullable', kind: { tag: 'text' } }),
    field('note', { tag: 'text' }),
    field('flag', { tag: 'nullable', kind: { tag: 'boolean' } }, { default: 'True' })
  ]);
  fireEvent.click(screen.getByRole('button', { name: 'Send None for label' }));
  const note = document.querySelector<HTMLElement>('[data-field="note"]');
  fireEvent.click(within(note ?? document.body).getByRole('button', { name: 'empty' }));
  fireEvent.click(screen.getByRole('radio', { name: 'False' }));
  await press();
  expect(line.last('control.call')?.given).toEqual({ label: { value: null }, note: { value: '' }, flag: { value: false } });
});

test('a choice is sent as what it stands for', async () => {
  const members = [{ name: 'HEAT', value: '1' }, { name: 'OFF', value: '0' }];
  const line = await drawn([
    field('mode', { tag: 'enum', type_name: 'lab:Mode', members }, { default: 'Mode.HEAT' }),
    field('gain', { tag: 'literal', values: [1, '1'] })
  ]);
  fireEvent.change(screen.getByLabelText('mode'), { target: { value: '1' } });
  fireEvent.change(screen.getByLabelText('gain'), { target: { value: '0' } });
  await press();
  expect(line.last('control.call')?.given).toEqual({ mode: { value: 'OFF' }, gain: { value: 1 } });
});

test('a flag is typed, for several of its members may be meant', async () => {
  const members = [{ name: 'READ', value: '1' }, { name: 'WRITE', value: '2' }];
  const line = await drawn([field('access', { tag: 'enum', type_name: 'lab:Access', members, combines: true })]);
  fireEvent.change(screen.getByLabelText('access'), { target: { value: 'READ|WRITE' } });
  await press();
  expect(line.last('control.call')?.given).toEqual({ access: { text: 'READ|WRITE' } });
});

test('lists by rows, records as a form within the form, unions by a visible choice', async () => {
  const line = await drawn([
    field('volumes', { tag: 'list', item: NUMBER, container: 'list' }),
    field('what', { tag: 'record', type_name: 'lab:Charge', fields: [field('mass', NUMBER, { required: true })] }),
    field('either', { tag: 'union', members: [NUMBER, { tag: 'text' }] })
  ]);
  fireEvent.click(screen.getByRole('button', { name: 'as rows' }));
  fireEvent.change(screen.getByLabelText('volumes 0'), { target: { value: '1' } });
  fireEvent.change(screen.getByLabelText('mass'), { target: { value: '3' } });
  fireEvent.change(screen.getByLabelText('Kind of either'), { target: { value: '1' } });
  fireEvent.change(screen.getByLabelText('either'), { target: { value: '5' } });
  await press();
  expect(line.last('control.call')?.given).toEqual({
    volumes: { items: [{ text: '1' }] },
    what: { fields: { mass: { text: '3' } } },
    either: { member: 1, given: { value: '5' } }
  });
});

test('several lines that are pasted into a list are its items, also into an empty one', async () => {
  const line = await drawn([field('volumes', { tag: 'list', item: NUMBER, container: 'list' })]);
  const paste = (label: string, text: string): boolean =>
    fireEvent.paste(screen.getByLabelText(label), { clipboardData: { getData: () => text } });
  paste('volumes', '1\n2\n');
  paste('volumes 1', '7\n8\n9\n');
  await press();
  expect(line.last('control.call')?.given).toEqual({ volumes: { items: ['1', '7', '8', '9'].map(text => ({ text })) } });
});

const MISSING = { ...GOOD, missing: ['volume_ml'] };

test.each(['Enter', 'click'])('%s right after the last digit is kept until the kernel has checked that digit', async how => {
  const line = await drawn([field('volume_ml', NUMBER, { required: true })], { 'control.check': MISSING });
  let answer: (check: unknown) => void = () => undefined;
  line.answers['control.check'] = new Promise(resolve => (answer = resolve));
  const input = screen.getByLabelText('volume_ml');
  fireEvent.change(input, { target: { value: '2.5' } });
  if (how === 'Enter') {
    fireEvent.keyDown(input, { key: 'Enter' });
  } else {
    await press();
  }
  expect(line.last('control.call')).toBeUndefined();
  await act(async () => answer(GOOD));
  expect(line.last('control.call')).toMatchObject({ given: { volume_ml: { text: '2.5' } } });
  expect(line.asked.filter(one => one.method === 'control.call')).toHaveLength(1);
});

test('an Enter that was kept is taken back by a problem, and by typing on', async () => {
  const line = await drawn([field('volume_ml', NUMBER, { required: true })], { 'control.check': MISSING });
  const input = screen.getByLabelText('volume_ml');
  line.answers['control.check'] = { ...GOOD, problems: [{ field: 'volume_ml', message: 'too much', value: '99' }] };
  fireEvent.change(input, { target: { value: '99' } });
  await act(async () => void fireEvent.keyDown(input, { key: 'Enter' }));
  expect(screen.getByRole('alert').textContent).toBe('too much');
  const answers: ((check: unknown) => void)[] = [];
  line.answers['control.check'] = new Promise(resolve => answers.push(resolve));
  fireEvent.change(input, { target: { value: '9' } });
  fireEvent.keyDown(input, { key: 'Enter' });
  fireEvent.change(input, { target: { value: '9.5' } });
  await act(async () => {
    answers.forEach(answer => answer(GOOD));
    jest.advanceTimersByTime(500);
  });
  expect(line.last('control.call')).toBeUndefined();
});

test('busy is a clear answer, with a place in line', async () => {
  const line = await drawn([], { 'control.call': { busy: 'Busy: pump.dispense is under way.', take_over: false } });
  await press();
  expect(screen.getByRole('alert').textContent).toContain('pump.dispense is under way');
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Place in line' }));
  });
  expect(line.last('control.call')).toMatchObject({ wait_in_line: true });
});

test('what the kernel refuses is said in its words', async () => {
  const refused = new RefusedError({ message: 'The limits file cannot be read.', problems: [] });
  await drawn([], { 'control.call': refused });
  await press();
  expect(screen.getByRole('alert').textContent).toBe('The limits file cannot be read.');
});

const ENTRY: Entry = {
  id: '1', target: 'pump', member: 'dispense', operation: 'call', call: 'pump.dispense(volume_ml=2.5)', state: 'failed', origin: 'panel',
  started_ms: 0, ended_ms: 2500, result: null, prints: '', message: '', error: { message: '<b>refill</b> first', detail: 'Traceback …' }
};

test('an error is told in the driver’s words, as text, with the traceback folded', () => {
  const { container } = render(<LogEntry entry={ENTRY} />);
  expect(container.textContent).toContain('<b>refill</b> first');
  expect(container.querySelectorAll('b')).toHaveLength(0);
  expect(container.textContent).toContain('dispense(volume_ml=2.5)');
  expect(container.textContent).toContain('2.5 s');
});

test.each(['running', 'waiting'] as const)('a call that is %s is stopped by its own button, once', async state => {
  const line = new FakeLine({ 'control.cancel': true });
  render(
    <StoreContext.Provider value={new DevicesStore(line, '')}>
      <LogEntry entry={{ ...ENTRY, state, ended_ms: null, error: null }} />
    </StoreContext.Provider>
  );
  const button = screen.getByRole('button', { name: 'Stop the call pump.dispense(volume_ml=2.5)' });
  expect(button.title).toMatch(/^Stop the call: /);
  await act(async () => void fireEvent.click(button));
  expect(line.last('control.cancel')).toEqual({ id: '1' });
  expect(button).toHaveProperty('disabled', true);
});

test('what ended and what a guarded cell calls has no Stop button; what Python called has one', () => {
  render(<LogEntry entry={ENTRY} />);
  render(<LogEntry entry={{ ...ENTRY, state: 'running', origin: 'cell' }} />);
  expect(screen.queryByText('Stop')).toBeNull();
  const store = new DevicesStore(new FakeLine({}), '');
  render(
    <StoreContext.Provider value={store}>
      <LogEntry entry={{ ...ENTRY, state: 'running', origin: 'python' }} />
    </StoreContext.Provider>
  );
  expect(screen.queryAllByText('Stop')).toHaveLength(1);
});

test('an instrument that is not trusted is trusted again by a person', async () => {
  const row: InstrumentRow = {
    path: 'pump', type: 'lab:Pump', summary: '', methods: [], properties: [], children: [], left_out: [],
    connection: { connect: '', close: '', is_connected: '' }, status: { state: 'untrusted', text: 'not trusted: check it' }
  };
  const line = new FakeLine({ 'control.trust': true, 'control.list': null, 'control.log': [] });
  const opened: Opened = { has: () => false, toggle: () => undefined, parts: [], togglePart: () => undefined };
  render(
    <StoreContext.Provider value={new DevicesStore(line, '')}>
      <InstrumentCard row={row} colour={0} search="" opened={opened} />
    </StoreContext.Provider>
  );
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'I have checked it' })));
  expect(line.last('control.trust')).toEqual({ target: 'pump' });
});

test('an event that overtakes the answer is not undone by it', async () => {
  const line = new FakeLine({ 'control.list': null, 'control.log': [] });
  const store = new DevicesStore(line, '');
  const stop = store.start();
  line.tell('control.entry', { ...ENTRY, state: 'done' });
  line.tell('control.entry', { ...ENTRY, state: 'running' });
  expect(store.snapshot().entries.map(one => one.state)).toEqual(['done']);
  stop();
});
