import { dropped, over, removed } from '../../src/builder/announce';
import type { Cargo } from '../../src/builder/moving';
import type { IDropPoint } from '../../src/builder/rows';
import type { IDocument } from '../../src/builder/wire';

const NEW: Cargo = { kind: 'new', label: 'wait', template: { step: 'wait' } };
const B: Cargo = { kind: 'move', label: 'wait', ids: ['b'] };

const document: IDocument = {
  version: 1,
  head: { name: 'w', description: '', deck: '', author: '', finalized: false, registered: false },
  phases: { prep: [], script: ['a', 'b', 'c'], cleanup: ['d'] },
  steps: Object.fromEntries(['a', 'b', 'c', 'd'].map(id => [id, { step: 'wait', id, seconds: { value: 1 } }])),
  dirty: false,
  saved: true,
  saved_version: 1,
  undo: '',
  redo: ''
};

const at = (phase: 'prep' | 'script' | 'cleanup', index: number): IDropPoint => ({ place: { phase, parent: null, slot: '', index }, gap: 0, depth: 0, inside: [] });

test('a moved step is said to stand where it will stand, itself not counted twice', () => {
  expect(over(B, document, at('script', 0), null)).toBe('Script, position 1 of 3');
  expect(over(B, document, at('script', 3), null)).toBe('Script, position 3 of 3');
  expect(dropped(B, document, at('cleanup', 1), null)).toBe('wait dropped: Cleanup, position 2 of 2.');
});

test('a new step is one more, and an empty phase is said to be empty', () => {
  expect(over(NEW, document, at('script', 3), null)).toBe('Script, position 4 of 4');
  expect(over(NEW, document, at('prep', 0), null)).toBe('Prep, which is empty');
});

test('what was removed is said with the way back', () => {
  expect(removed(1)).toBe('Removed. Control Z brings it back.');
  expect(removed(2)).toBe('2 steps removed. Control Z brings them back.');
});
