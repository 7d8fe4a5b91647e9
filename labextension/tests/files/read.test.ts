import { readWorkflow } from '../../src/files/read';
import type { Reading } from '../../src/files/read';
import { stillLine } from '../../src/files/still';
import { sameContent } from '../../src/files/store';

const FORMAT = 'ivoryos-workflow/1';
const wait = (id: string): object => ({ step: 'wait', id, seconds: { value: 3 } });

const GOOD = {
  format: FORMAT,
  name: 'dose',
  prep: [{ step: 'action', id: 'a', instrument: 'pump', method: 'refill' }],
  script: [
    { step: 'if', id: 'b', branches: [{ condition: 'left < 2', body: [wait('c')] }, { condition: 'x' }], otherwise: [wait('d')] },
    { step: 'repeat', id: 'e', times: { at_run: 'n' }, body: [wait('f')] }
  ]
};

function read(data: unknown): Reading {
  return readWorkflow(JSON.stringify(data));
}

function faults(data: unknown): string[] {
  const found = read(data);
  return 'faults' in found ? found.faults.map(one => one.place) : [];
}

test('a file becomes phases of ids and steps without those inside them', () => {
  const found = read(GOOD);
  if (!('document' in found)) {
    throw new Error('unreadable');
  }
  const { document } = found;
  expect(document.phases).toEqual({ prep: ['a'], script: ['b', 'e'], cleanup: [] });
  expect(document.steps.b?.slots).toEqual({ 'branch:0': ['c'], 'branch:1': [], else: ['d'] });
  expect(document.steps.b?.branches).toEqual([{ condition: 'left < 2' }, { condition: 'x' }]);
  expect(document.steps.e?.slots).toEqual({ body: ['f'] });
  expect(document.steps.e).not.toHaveProperty('body');
});

test.each([
  ['a step of a kind nobody knows', { script: [{ step: 'levitate', id: 'a' }] }, 'script[0].step'],
  ['a kind that every object has', { script: [{ step: 'constructor', id: 'a' }] }, 'script[0].step'],
  ['a missing argument', { script: [{ step: 'wait', id: 'a' }] }, 'script[0].seconds'],
  ['a value of two sources', { script: [{ step: 'wait', id: 'a', seconds: { value: 1, at_run: 'n' } }] }, 'script[0].seconds'],
  ['an id that stands twice', { script: [wait('a'), wait('a')] }, 'script[1].id'],
  ['an id inside that is that of the step around', { script: [{ step: 'repeat', id: 'a', times: { value: 2 }, body: [wait('a')] }] }, 'script[0].body[0].id'],
  ['a phase that is no list', { cleanup: {} }, 'cleanup'],
  ['a step deep inside', { script: [{ ...GOOD.script[0], otherwise: [{ step: 'comment', id: 'x' }] }] }, 'script[0].otherwise[0].text'],
  ['no name', { name: '' }, 'name']
])('%s is named with its place', (_, change, place) => {
  expect(faults({ ...GOOD, prep: [], ...change })).toContain(place);
});

test('a file of a later version, of another program, or that is no JSON says so', () => {
  expect(read({ ...GOOD, format: 'ivoryos-workflow/2' })).toMatchObject({ faults: [{ message: expect.stringContaining('newer version') as string }] });
  expect(faults({ name: 'x' })).toEqual(['format']);
  expect(readWorkflow('')).toMatchObject({ faults: [{ message: 'the file is empty' }] });
  expect(readWorkflow('[1]')).toMatchObject({ faults: [{ message: 'a workflow is a JSON object' }] });
  const broken = readWorkflow('{"a": 1,\n "b" 2}');
  expect('faults' in broken && broken.faults[0]?.place).toBe('line 2, column 6');
});

test('steps that lie in each other without end are refused, not followed', () => {
  let step: object = wait('x');
  for (let depth = 0; depth < 70; depth++) {
    step = { step: 'repeat', id: String(depth), times: { value: 1 }, body: [step] };
  }
  expect(faults({ ...GOOD, script: [step] })).toHaveLength(1);
});

test('without a kernel everything that would change something is refused', async () => {
  const found = read(GOOD);
  const line = stillLine('document' in found ? found.document : (undefined as never));
  expect(await line.request('builder.open', {})).toMatchObject({ run: null });
  await expect(line.request('builder.edit', {})).rejects.toThrow('Read-only');
});

test('two texts are the same when they hold the same, however it is written', () => {
  expect(sameContent('{"a": 1, "b": [2]}', '{"b":[2],"a":1}')).toBe(true);
  expect(sameContent('{"a": 1}', '{"a": 2}')).toBe(false);
  expect(sameContent('{', '{')).toBe(true);
});
