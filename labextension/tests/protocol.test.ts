import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKernelMessage, isReply, isRequest } from '../src/protocol';
import { isAcknowledgement, isGreeting, isMessage, isStanding } from '../src/tokens';

type Examples = Record<string, unknown[]>;

function examples(name: string): Examples {
  return JSON.parse(readFileSync(join(__dirname, '../../tests/protocol', name), 'utf8')) as Examples;
}

const bridge = examples('bridge.json');
const widget = examples('widget.json');

const guards: [string, (value: unknown) => boolean][] = [
  ['standing', isStanding],
  ['greeting', isGreeting],
  ['request', isRequest],
  ['reply', isReply],
  ['acknowledgement', isAcknowledgement],
  ['message', isMessage],
  ['run', run => isStanding({ serial: 1, run, waiting: 0, on_hold: false, changes: 0 })]
];

test.each(guards)('every example of %s that the kernel’s tests send is understood here', (name, guard) => {
  expect(bridge[name]?.length).toBeGreaterThan(0);
  expect(bridge[name]?.map(guard)).not.toContain(false);
});

test('widget messages are told from malformed ones', () => {
  expect(widget.kernel_message?.map(isKernelMessage)).not.toContain(false);
  expect(widget.request?.map(isRequest)).not.toContain(false);
  expect(widget.malformed?.map(isKernelMessage)).not.toContain(true);
});

test('a run with a state this page does not know is refused rather than shown wrongly', () => {
  const run = { ...(bridge.run?.[0] as object), state: 'levitating' };
  expect(isStanding({ serial: 1, run, waiting: 0, on_hold: false, changes: 0 })).toBe(false);
});
