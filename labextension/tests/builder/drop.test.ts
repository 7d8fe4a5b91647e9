import { dropPoint, gapAt, legalPoints, nudged } from '../../src/builder/drop';
import { outline } from '../../src/builder/rows';
import type { IDocument, IStep } from '../../src/builder/wire';

const step = (id: string, extra: Partial<IStep> = {}): IStep => ({ step: 'comment', id, ...extra });

/** prep: -; script: a, repeat(b, if(c) else()), z; cleanup: - */
const document: IDocument = {
  version: 0,
  head: { name: 'w', description: '', deck: '', author: '', finalized: false, registered: false },
  phases: { prep: [], script: ['a', 'loop', 'z'], cleanup: [] },
  steps: {
    a: step('a'),
    loop: step('loop', { step: 'repeat', slots: { body: ['b', 'if'] } }),
    b: step('b'),
    if: step('if', { step: 'if', branches: [{ condition: 'x' }], slots: { 'branch:0': ['c'] } }),
    c: step('c'),
    z: step('z')
  },
  dirty: false,
  saved: false,
  saved_version: 0,
  undo: '',
  redo: ''
};
const whole = outline(document, new Set());
const measured = whole.rows.map((_, index) => ({ index, start: index * 30, size: 30 }));
const rowOf = (key: string): number => whole.rows.findIndex(row => row.key === key);
const at = (key: string, part: number): number => rowOf(key) * 30 + part * 30;
const drop = (key: string, part: number, depth: number, moving = new Set<string>()): unknown =>
  dropPoint(whole, measured, { x: depth * 20, y: at(key, part) }, moving)?.place;

test('the rows are the phases, their steps, and a place where nothing is yet', () => {
  expect(whole.rows.map(row => row.key)).toEqual([
    'phase:prep', 'empty:prep/', 'phase:script', 'a', 'loop', 'b', 'if', 'c', 'if/else', 'empty:if/else', 'z', 'phase:cleanup', 'empty:cleanup/'
  ]);
});

test('the nearest gap lies above the upper half of a row and below its lower half', () => {
  expect(gapAt(measured, 3 * 30 + 10)).toBe(3);
  expect(gapAt(measured, 3 * 30 + 20)).toBe(4);
  expect(gapAt([], 10)).toBe(0);
});

test('a drop on an empty phase lands in it', () => {
  expect(drop('empty:cleanup/', 0.9, 0)).toEqual({ phase: 'cleanup', parent: null, slot: '', index: 0 });
  expect(drop('empty:prep/', 0.1, 3)).toEqual({ phase: 'prep', parent: null, slot: '', index: 0 });
});

test("a drop on a phase's heading becomes its first step", () => {
  expect(drop('phase:script', 0.2, 0)).toEqual({ phase: 'script', parent: null, slot: '', index: 0 });
});

test('a drop on the lower half of a block lands in its body', () => {
  expect(drop('loop', 0.9, 0)).toEqual({ phase: 'script', parent: 'loop', slot: 'body', index: 0 });
});

test('a drop on an empty else lands in the else', () => {
  expect(drop('empty:if/else', 0.5, 0)).toEqual({ phase: 'script', parent: 'if', slot: 'else', index: 0 });
});

test('a drop above an else is the end of the branch before it', () => {
  expect(drop('if/else', 0.1, 2)).toEqual({ phase: 'script', parent: 'if', slot: 'branch:0', index: 1 });
});

test('after nested blocks the horizontal position chooses the level', () => {
  expect(drop('z', 0.1, 0)).toEqual({ phase: 'script', parent: null, slot: '', index: 2 });
  expect(drop('z', 0.1, 1)).toEqual({ phase: 'script', parent: 'loop', slot: 'body', index: 2 });
  expect(drop('z', 0.1, -4)).toEqual({ phase: 'script', parent: null, slot: '', index: 2 });
});

test('a block is never dropped into itself', () => {
  const moving = new Set(['loop', 'b', 'if', 'c']);
  expect(legalPoints(whole.points, moving).every(point => !point.inside.includes('loop'))).toBe(true);
  expect(drop('b', 0.5, 1, moving)).toMatchObject({ parent: null });
});

test('below everything the last point of the last phase is meant', () => {
  expect(dropPoint(whole, measured, { x: 0, y: 99_999 }, new Set())?.place).toMatchObject({ phase: 'cleanup', index: 0 });
});

test('every point can be reached by going down from the first one', () => {
  let point = whole.points[0];
  const seen = [];
  for (let n = 0; point !== undefined && n < whole.points.length; n++) {
    seen.push(point);
    point = nudged(whole.points, point, 'down');
  }
  expect(seen).toEqual(whole.points);
});

test('left and right change the level within one gap', () => {
  const inner = whole.points.find(point => point.place.parent === 'loop' && point.place.index === 2);
  if (inner === undefined) {
    throw new Error('no such point');
  }
  const outer = nudged(whole.points, inner, 'out');
  expect(outer.place).toEqual({ phase: 'script', parent: null, slot: '', index: 2 });
  expect(nudged(whole.points, outer, 'in').place).toEqual(inner.place);
  expect(nudged(whole.points, outer, 'out')).toBe(outer);
});

test('a folded block shows one row and how many steps it holds', () => {
  const folded = outline(document, new Set(['loop']));
  expect(folded.rows.map(row => row.key)).not.toContain('b');
  expect(folded.rows.find(row => row.key === 'loop')).toMatchObject({ folded: 3 });
});
