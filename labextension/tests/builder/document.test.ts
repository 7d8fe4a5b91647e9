import { applied, outermost, placeOf, subtree } from '../../src/builder/document';
import type { IDocument, IPatch, IStep } from '../../src/builder/wire';

const step = (id: string, extra: Partial<IStep> = {}): IStep => ({ step: 'comment', id, ...extra });

export function small(): IDocument {
  return {
    version: 3,
    head: { name: 'w', description: '', deck: '', author: '', finalized: false, registered: false },
    phases: { prep: ['a'], script: ['loop', 'if'], cleanup: [] },
    steps: {
      a: step('a'),
      loop: step('loop', { step: 'repeat', times: { value: 2 }, slots: { body: ['b', 'c'] } }),
      b: step('b'),
      c: step('c'),
      if: step('if', { step: 'if', branches: [{ condition: 'x' }], slots: { 'branch:0': ['d'] } }),
      d: step('d')
    },
    dirty: true,
    saved: false,
    saved_version: 0,
    undo: '',
    redo: ''
  };
}

const patch = (change: Partial<IPatch>): IPatch => ({ from: 3, to: 4, ...change });

test('a patch of another version is not applied', () => {
  expect(applied(small(), { from: 2, to: 3 })).toBeNull();
});

test('a new step appears where its list was spliced', () => {
  const next = applied(small(), patch({ set: { n: step('n') }, lists: [{ list: 'loop/body', at: 1, remove: 0, insert: ['n'] }] }));
  expect(next?.steps.loop?.slots?.body).toEqual(['b', 'n', 'c']);
  expect(next?.version).toBe(4);
});

test('a changed block keeps what lies in it', () => {
  const next = applied(small(), patch({ set: { loop: step('loop', { step: 'repeat', times: { value: 5 } }) } }));
  expect(next?.steps.loop?.times).toEqual({ value: 5 });
  expect(next?.steps.loop?.slots?.body).toEqual(['b', 'c']);
});

test('a removed step is gone from its phase and from the steps', () => {
  const next = applied(small(), patch({ drop: ['a'], lists: [{ list: 'prep', at: 0, remove: 1, insert: [] }] }));
  expect(next?.phases.prep).toEqual([]);
  expect(next?.steps.a).toBeUndefined();
});

test('the document before a patch is left as it was', () => {
  const before = small();
  applied(before, patch({ lists: [{ list: 'script', at: 0, remove: 2, insert: [] }] }));
  expect(before).toEqual(small());
});

test('a step is found in a slot', () => {
  expect(placeOf(small(), 'd')).toEqual({ phase: 'script', parent: 'if', slot: 'branch:0', index: 0 });
  expect(placeOf(small(), 'nobody')).toBeNull();
});

test('what lies in a chosen block is not carried twice', () => {
  expect(outermost(small(), new Set(['c', 'loop', 'd']))).toEqual(['loop', 'd']);
  expect(subtree(small(), 'loop')).toEqual(['loop', 'b', 'c']);
});
