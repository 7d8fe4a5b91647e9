import { Connection, listenOnWindow, NotConnectedError, RefusedError, SLOW_AFTER_MS } from '../src/protocol';
import type { WindowRequest } from '../src/protocol';
import { FakeModel } from './fake-model';

const stops: (() => void)[] = [];

function withExtension(take: (detail: WindowRequest) => boolean): void {
  stops.push(listenOnWindow(take));
}

afterEach(() => {
  stops.splice(0).forEach(stop => stop());
  jest.useRealTimers();
});

test('without the extension a request goes over the widget’s own comm and its reply resolves it', async () => {
  const model = new FakeModel({ token: 't' });
  const connection = new Connection(model);
  const answer = connection.request('control.call', { member: 'dispense' });
  const sent = model.sent[0];
  expect(sent).toMatchObject({ type: 'request', method: 'control.call', params: { member: 'dispense' } });
  model.receive({ type: 'reply', id: sent?.id, ok: true, result: 7.5 });
  await expect(answer).resolves.toBe(7.5);
});

test('with the extension the request is not sent a second time over the comm', async () => {
  const model = new FakeModel({ token: 't' });
  const seen: WindowRequest[] = [];
  withExtension(detail => {
    seen.push(detail);
    setTimeout(() => detail.reply({ id: detail.request.id, ok: true, result: detail.token }));
    return true;
  });
  await expect(new Connection(model).request('run.pause')).resolves.toBe('t');
  expect(seen).toHaveLength(1);
  expect(model.sent).toHaveLength(0);
});

test('an answer that comes at once, inside the window event, is not lost', async () => {
  const model = new FakeModel({ token: 't' });
  withExtension(({ request, reply }) => {
    reply({ id: request.id, ok: true, result: 1 });
    return true;
  });
  await expect(new Connection(model).request('run.pause')).resolves.toBe(1);
});

test('an extension that does not know the token leaves the request to the comm', () => {
  const model = new FakeModel({ token: 'mine' });
  withExtension(({ token }) => token === 'another');
  void new Connection(model).request('run.pause').catch(() => undefined);
  expect(model.sent).toHaveLength(1);
});

test('a refusal names the fields', async () => {
  const model = new FakeModel({ token: '' });
  const answer = new Connection(model).request('control.call');
  const problems = [{ field: 'volume', message: 'give a number', value: 'abc' }];
  model.receive({ type: 'reply', id: model.sent[0]?.id, ok: false, error: { message: 'not sent', problems } });
  const error = await answer.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({ message: 'not sent', problems });
});

test('an unreachable kernel fails the request with the words of the extension', async () => {
  const model = new FakeModel({ token: 't' });
  withExtension(({ unreachable }) => {
    setTimeout(() => unreachable('not connected'));
    return true;
  });
  await expect(new Connection(model).request('run.pause')).rejects.toThrow(NotConnectedError);
});

test('a request that a busy kernel leaves unanswered is shown as waiting until the answer comes', async () => {
  jest.useFakeTimers();
  const model = new FakeModel({ token: '' });
  const connection = new Connection(model);
  const seen: boolean[] = [];
  connection.watch(() => seen.push(connection.waiting));
  const answer = connection.request('run.pause');
  jest.advanceTimersByTime(SLOW_AFTER_MS + 1);
  expect(connection.waiting).toBe(true);
  model.receive({ type: 'reply', id: model.sent[0]?.id, ok: true, result: null });
  await answer;
  expect(seen).toEqual([true, false]);
});

test('events reach only those who asked for their name, until they stop', () => {
  const model = new FakeModel({ token: '' });
  const connection = new Connection(model);
  const heard: unknown[] = [];
  const stop = connection.on('log', data => heard.push(data));
  model.receive({ type: 'event', name: 'log', data: 1 });
  model.receive({ type: 'event', name: 'other', data: 2 });
  model.receive({ nonsense: true });
  stop();
  model.receive({ type: 'event', name: 'log', data: 3 });
  expect(heard).toEqual([1]);
});

test('a closed view fails its open requests and hears nothing more', async () => {
  const model = new FakeModel({ token: '' });
  const connection = new Connection(model);
  const answer = connection.request('run.pause');
  connection.dispose();
  await expect(answer).rejects.toThrow('closed');
  expect(model.listeners('msg:custom')).toBe(0);
});
