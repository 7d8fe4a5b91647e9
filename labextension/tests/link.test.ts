import { ACKNOWLEDGE_WITHIN_MS, KernelLink, SILENT } from '../src/model/link';
import type { Greeting, Standing } from '../src/tokens';
import { FakeKernel } from './fake-kernel';

const nothing: Standing = { serial: 1, run: null, waiting: 0, on_hold: false, changes: 0, undecided: [] };
const two: Standing = { serial: 2, run: null, waiting: 2, on_hold: false, changes: 0, undecided: [] };
const greeting: Greeting = { version: 1, token: 't', standing: nothing };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function connected(): { kernel: FakeKernel; link: KernelLink } {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  kernel.announce('c1', greeting);
  return { kernel, link };
}

test('a kernel that never announces anything is absent and is sent nothing', async () => {
  const kernel = new FakeKernel([]);
  const link = new KernelLink(kernel.connection);
  await jest.advanceTimersByTimeAsync(5000);
  expect(link.state).toBe('absent');
  expect(kernel.sent).toHaveLength(0);
});

test('an announcement connects', () => {
  const { link } = connected();
  expect(link.state).toBe('connected');
  expect(link.token).toBe('t');
  expect(link.standing).toEqual(nothing);
});

test('a page loaded later attaches to the comm an idle kernel lists', async () => {
  const kernel = new FakeKernel(['c9']);
  const link = new KernelLink(kernel.connection);
  await jest.advanceTimersByTimeAsync(0);
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c9', greeting, reply: null });
  expect(link.state).toBe('connected');
  kernel.comms.get('c9')?.tell({ type: 'standing', standing: two });
  expect(link.standing).toEqual(two);
});

test('a page loaded while a cell runs asks on the control channel and attaches', async () => {
  const kernel = new FakeKernel(null);
  const link = new KernelLink(kernel.connection);
  await jest.advanceTimersByTimeAsync(2000);
  expect(kernel.sent[0]?.content).toMatchObject({ token: '', request: { method: 'session.status' } });
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c9', greeting, reply: null });
  expect(link.state).toBe('connected');
  expect(kernel.comms.has('c9')).toBe(true);
});

test('an answer that comes with the acknowledgement is passed on', async () => {
  const { kernel, link } = connected();
  const answer = link.ask('run.pause', { key: 'k1' });
  const sent = kernel.sent[0];
  expect(sent?.content).toMatchObject({ token: 't', request: { method: 'run.pause', params: { key: 'k1' } } });
  const reply = { id: sent?.content.request.id, ok: true, result: null };
  sent?.acknowledge({ accepted: true, comm: 'c1', greeting, reply });
  await expect(answer).resolves.toEqual(reply);
});

test('an answer that comes later on the comm is passed on, however long it takes', async () => {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  const comm = kernel.announce('c1', greeting);
  const answer = link.ask('run.answer');
  const sent = kernel.sent[0];
  sent?.acknowledge({ accepted: true, comm: 'c1', greeting, reply: null });
  await jest.advanceTimersByTimeAsync(10 * ACKNOWLEDGE_WITHIN_MS);
  expect(link.state).toBe('connected');
  const reply = { id: sent?.content.request.id, ok: true, result: 3 };
  comm.tell({ type: 'reply', reply });
  await expect(answer).resolves.toEqual(reply);
});

test('without an acknowledgement the answer after a second is that nobody knows', async () => {
  const { link } = connected();
  const answer = link.ask('run.pause');
  await jest.advanceTimersByTimeAsync(ACKNOWLEDGE_WITHIN_MS + 1);
  await expect(answer).resolves.toMatchObject({ ok: false, error: { message: SILENT } });
  expect(link.state).toBe('silent');
});

test('what only reads waits for a late kernel, and gets its answer', async () => {
  const { kernel, link } = connected();
  const answer = link.ask('control.form');
  await jest.advanceTimersByTimeAsync(10 * ACKNOWLEDGE_WITHIN_MS);
  expect(link.state).toBe('silent');
  const reply = { id: kernel.sent[0]?.content.request.id, ok: true, result: 3 };
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c1', greeting, reply });
  await expect(answer).resolves.toEqual(reply);
  expect(link.state).toBe('connected');
});

test.each([0, 10 * ACKNOWLEDGE_WITHIN_MS])('what only reads is told that nobody knows when the line breaks after %d ms', async after => {
  const { kernel, link } = connected();
  const answer = link.ask('control.form');
  await jest.advanceTimersByTimeAsync(after);
  kernel.connectionStatus = 'connecting';
  kernel.connectionStatusChanged.emit('connecting');
  await expect(answer).resolves.toMatchObject({ ok: false, error: { message: SILENT } });
});

test('a late acknowledgement connects again', async () => {
  const { kernel, link } = connected();
  const answer = link.ask('run.pause');
  await jest.advanceTimersByTimeAsync(ACKNOWLEDGE_WITHIN_MS + 1);
  await answer;
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c1', greeting, reply: null });
  expect(link.state).toBe('connected');
});

test.each(['restarting', 'autorestarting', 'dead'] as const)('a kernel that is %s is gone, and open requests hear it', async status => {
  const { kernel, link } = connected();
  const answer = link.ask('run.answer');
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c1', greeting, reply: null });
  kernel.statusChanged.emit(status);
  await expect(answer).resolves.toMatchObject({ ok: false });
  expect(link.state).toBe('gone');
  expect(link.token).toBe('');
});

test('a restarted kernel that loads the extension again announces a new session', () => {
  const { kernel, link } = connected();
  kernel.statusChanged.emit('restarting');
  kernel.announce('c2', { ...greeting, token: 'new' });
  expect(link.state).toBe('connected');
  expect(link.token).toBe('new');
});

test('news on the comm of an earlier session is not heard', () => {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  const old = kernel.announce('c1', greeting);
  kernel.announce('c2', { ...greeting, token: 'new' });
  old.tell({ type: 'standing', standing: two });
  old.tell({ type: 'farewell' });
  expect(link.standing).toEqual(nothing);
  expect(link.state).toBe('connected');
});

test('an acknowledgement that was overtaken by news does not bring back the old standing', () => {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  const comm = kernel.announce('c1', greeting);
  void link.ask('run.pause');
  comm.tell({ type: 'standing', standing: two });
  kernel.sent[0]?.acknowledge({ accepted: true, comm: 'c1', greeting, reply: null });
  expect(link.standing).toEqual(two);
});

test('a new session begins to count anew', () => {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  kernel.announce('c1', { ...greeting, standing: { ...two, serial: 90 } });
  kernel.announce('c2', { ...greeting, token: 'new' });
  expect(link.standing).toEqual(nothing);
});

test('a session that says farewell is gone', () => {
  const kernel = new FakeKernel();
  const link = new KernelLink(kernel.connection);
  kernel.announce('c1', greeting).tell({ type: 'farewell' });
  expect(link.state).toBe('gone');
});

test('a request for a session that has been replaced says so', async () => {
  const { kernel, link } = connected();
  const answer = link.ask('run.pause');
  kernel.sent[0]?.acknowledge({ accepted: false, comm: 'c2', greeting: { ...greeting, token: 'new' }, reply: null });
  await expect(answer).resolves.toMatchObject({ ok: false, error: { message: expect.stringContaining('ended') } });
});

test('a lost connection is silent until the kernel is heard again', async () => {
  const { kernel, link } = connected();
  kernel.connectionStatusChanged.emit('connecting');
  expect(link.state).toBe('silent');
  const comm = kernel.comms.get('c1');
  comm?.tell({ type: 'standing', standing: two });
  expect(link.state).toBe('connected');
});

test('a disposed kernel leaves nothing behind', () => {
  const { kernel, link } = connected();
  kernel.disposed.emit();
  expect(link.isDisposed).toBe(true);
});

test('a kernel of which a page heard nothing yet is held up by a cell that began before the page', () => {
  const kernel = new FakeKernel(null);
  kernel.status = 'unknown';
  const link = new KernelLink(kernel.connection);
  expect(link.isHeldUp).toBe(false);
  kernel.announce('c1', greeting);
  expect(link.isHeldUp).toBe(true);
  let changed = 0;
  link.changed.connect(() => (changed += 1));
  kernel.statusChanged.emit('idle');
  kernel.statusChanged.emit('busy');
  expect([link.isHeldUp, changed]).toEqual([false, 1]);
});
