import { act, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { LimitContext, LimitEditor } from '../../src/panels/fields/LimitEditor';
import { NewDevice } from '../../src/panels/devices/NewDevice';
import { RecordToggle } from '../../src/panels/devices/RecordToggle';
import { StoreContext } from '../../src/panels/model/hooks';
import { DevicesStore } from '../../src/panels/model/store';
import { RunViewRoot } from '../../src/panels/run';
import { Connection, Context } from '../../src/protocol';
import { FakeModel } from '../fake-model';

/** A widget's model whose kernel answers from a table; an `Error` is a refusal. */
class Answering extends FakeModel {
  constructor(
    traits: Record<string, unknown>,
    readonly answers: { [method: string]: unknown }
  ) {
    super(traits);
  }

  override send(content: { id?: string; method?: string }): void {
    super.send(content);
    const answer = this.answers[content.method ?? ''];
    const reply =
      answer instanceof Error
        ? { ok: false, error: { message: answer.message, problems: [{ field: 'maximum', message: answer.message, value: '' }] } }
        : { ok: true, result: answer ?? null };
    void Promise.resolve().then(() => this.receive({ type: 'reply', id: content.id, ...reply }));
  }

  asked(method: string): unknown[] {
    return this.sent.filter(one => one.method === method).map(one => one.params);
  }
}

async function drawn(model: Answering, children: ReactNode): Promise<void> {
  const connection = new Connection(model);
  await act(async () => {
    render(
      <Context.Provider value={{ model, connection }}>
        <StoreContext.Provider value={new DevicesStore(connection, '')}>{children}</StoreContext.Provider>
      </Context.Provider>
    );
  });
}

async function click(name: string): Promise<void> {
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name }));
  });
}

const CHECK = { problems: [], missing: [], call: '', notes: {} };

test('an early Enter in the form of a new device is not lost', async () => {
  const model = new Answering({}, {
    'control.classes': [],
    'control.class_form': { reference: 'Pump', name: 'pump', fields: [], doc: '' },
    'control.new_device': CHECK
  });
  await drawn(model, <NewDevice onDone={() => undefined} />);
  fireEvent.change(screen.getByLabelText('class'), { target: { value: 'Pump' } });
  await click('Show its form');
  const name = screen.getByLabelText('name');
  await act(async () => {
    fireEvent.change(name, { target: { value: 'pump_2' } });
    fireEvent.keyDown(name, { key: 'Enter' });
  });
  expect(model.asked('control.new_device')).toEqual([{ reference: 'Pump', name: 'pump_2', given: {} }]);
});

test('a view that was asked to run once more shows that run, also after a reload', async () => {
  const model = new Answering({ key: 'a', existed: true, again: 'b' }, {});
  await drawn(model, <RunViewRoot />);
  const keys = model.sent.map(one => (one.params as { key?: string }).key);
  expect(new Set(keys)).toEqual(new Set(['b']));
});

test('what is recorded into is always to be seen, and switched off where it is seen', async () => {
  const model = new Answering({}, {
    'control.recording': { workflow: '<b>tonight</b>', steps: 2, problem: '' },
    'control.record': { workflow: '', steps: 0, problem: '' }
  });
  await drawn(model, <RecordToggle />);
  expect(screen.getByRole('status').textContent).toContain('recording into <b>tonight</b> · 2 steps');
  await click('Stop recording');
  expect(model.asked('control.record')).toEqual([{ workflow: '' }]);
  expect(screen.getByRole('button', { name: 'Record into workflow…' })).toBeTruthy();
});

const PLACE = { target: 'pump', member: 'dispense', operation: 'call' } as const;
const FIELD = { name: 'volume_ml', kind: { tag: 'number' as const }, unit: 'mL', limit: null };

test('Enter saves the limit, and does not make the call of the form around', async () => {
  const model = new Answering({}, {});
  const around = jest.fn();
  const closed = jest.fn();
  await drawn(
    model,
    <form onKeyDown={around}>
      <LimitContext.Provider value={PLACE}>
        <LimitEditor field={FIELD} onClose={closed} />
      </LimitContext.Provider>
    </form>
  );
  const most = screen.getByLabelText('at most');
  expect(document.activeElement).toBe(most);
  await act(async () => {
    fireEvent.change(most, { target: { value: '5' } });
    fireEvent.keyDown(most, { key: 'Enter' });
  });
  expect(model.asked('limits.save')).toEqual([{ ...PLACE, param: 'volume_ml', maximum: '5', minimum: '', allowed: [], unit: 'mL' }]);
  expect(around).not.toHaveBeenCalled();
  expect(closed).toHaveBeenCalled();
});

test('a refused limit says why beside its field and stays open; removing asks', async () => {
  const model = new Answering({}, { 'limits.save': new Error('is no number') });
  const closed = jest.fn();
  await drawn(
    model,
    <LimitContext.Provider value={PLACE}>
      <LimitEditor field={{ ...FIELD, limit: { minimum: null, maximum: 5, allowed: null, unit: '' } }} onClose={closed} />
    </LimitContext.Provider>
  );
  await click('Save limit');
  expect(screen.getByRole('alert').textContent).toBe('is no number');
  expect(closed).not.toHaveBeenCalled();
  await click('Remove…');
  expect(model.asked('limits.remove')).toEqual([]);
  await click('Remove');
  expect(model.asked('limits.remove')).toEqual([{ ...PLACE, param: 'volume_ml' }]);
});

test('while the limits cannot be read that is said, and there is nothing to edit', async () => {
  const model = new Answering({}, {});
  model.answers['limits.of'] = new Error('The limits file safety.json cannot be used.');
  await drawn(
    model,
    <LimitContext.Provider value={PLACE}>
      <LimitEditor field={FIELD} onClose={() => undefined} />
    </LimitContext.Provider>
  );
  expect(screen.queryByLabelText('at most')).toBeNull();
  expect(screen.getByRole('alert').textContent).toContain('safety.json');
});
