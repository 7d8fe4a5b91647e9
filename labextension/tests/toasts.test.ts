import { Newsreader } from '../src/model/notices';
import { OnePerCause } from '../src/model/toasts';
import type { Run, Standing } from '../src/tokens';

function toaster(): { open: Map<string, string>; shown: OnePerCause } {
  const open = new Map<string, string>();
  let last = 0;
  const shown = new OnePerCause(
    {
      emit: text => {
        open.set(String(++last), text);
        return String(last);
      },
      update: (id, text) => open.set(id, text),
      dismiss: id => open.delete(id),
      has: id => open.has(id)
    },
    3
  );
  return { open, shown };
}

const say = (text: string) => (count: number) => (count > 1 ? `${text} (${count})` : text);

test('the same cause is one toast that counts', () => {
  const { open, shown } = toaster();
  ['empty', 'jammed', 'empty', 'empty'].forEach(one => shown.show(one, say(one)));
  expect([...open.values()]).toEqual(['empty (3)', 'jammed']);
});

test('there are never more than a few; the one that has not come again for longest goes', () => {
  const { open, shown } = toaster();
  ['a', 'b', 'a', 'c', 'd'].forEach(one => shown.show(one, say(one)));
  expect([...open.values()]).toEqual(['a (2)', 'c', 'd']);
});

test('one that somebody has dismissed is shown anew', () => {
  const { open, shown } = toaster();
  shown.show('a', say('a'));
  open.clear();
  shown.show('a', say('a'));
  expect([...open.values()]).toEqual(['a']);
});

test('a failure is told with its cause, in its first line', () => {
  const run = { key: 'k', name: 'night', state: 'running', outcome: null, sentence: 'running', error: null } as Run;
  const reader = new Newsreader();
  const hear = (one: Run): unknown => reader.hear({ run: one } as Standing);
  hear(run);
  expect(hear({ ...run, state: 'ended', outcome: 'failed', sentence: 'failed', error: 'SyringeEmpty: refill first\n\nTraceback' })).toEqual({
    key: 'k',
    kind: 'failed',
    text: 'night failed: SyringeEmpty: refill first',
    cause: 'SyringeEmpty: refill first'
  });
});
