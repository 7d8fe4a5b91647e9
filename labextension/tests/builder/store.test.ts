import { findingsByStep, withTyped } from '../../src/builder/findings';
import { addPlace } from '../../src/builder/places';
import { withRefusals } from '../../src/builder/run-check';
import { BuilderStore } from '../../src/builder/store';
import type { ILine } from '../../src/builder/store';
import { RefusedError } from '../../src/protocol';
import type { IDocument, IPatch } from '../../src/builder/wire';

const opened = (version: number): IDocument => ({
  version,
  head: { name: 'w', description: '', deck: '', author: '', finalized: false, registered: false },
  phases: { prep: [], script: ['a'], cleanup: [] },
  steps: { a: { step: 'comment', id: 'a' } },
  dirty: false,
  saved: true,
  saved_version: 1,
  undo: '',
  redo: ''
});

type Asked = { method: string; params: Record<string, unknown> };

/** A line whose kernel answers with what `answer` gives. */
class Line implements ILine {
  asked: Asked[] = [];
  private readonly _listeners = new Map<string, (data: never) => void>();

  constructor(private readonly _answer: (asked: Asked) => unknown) {}

  async request(method: string, params: Record<string, unknown>): Promise<never> {
    const asked = { method: method.replace('builder.', ''), params };
    this.asked.push(asked);
    await Promise.resolve();
    return this._answer(asked) as never;
  }

  on(name: string, listener: (data: never) => void): () => void {
    this._listeners.set(name, listener);
    return () => this._listeners.delete(name);
  }

  tell(name: string, data: unknown): void {
    this._listeners.get(name)?.(data as never);
  }
}

const patchTo = (to: number): IPatch => ({ from: to - 1, to, head: { description: String(to) } });
const settle = (): Promise<void> => new Promise(done => setTimeout(done, 0));

async function started(answer: (asked: Asked) => unknown): Promise<{ store: BuilderStore; line: Line; stop: () => void }> {
  const line = new Line(asked => (asked.method === 'open' ? { document: opened(3), run: null } : answer(asked)));
  const store = new BuilderStore(line, 'key');
  const stop = store.start();
  await settle();
  return { store, line, stop };
}

test('quick edits go one after another, each naming the version it saw', async () => {
  const { store, line, stop } = await started(({ method, params }) =>
    method === 'edit' ? { patch: patchTo(Number(params.seen) + 1), select: [] } : null
  );
  await Promise.all([store.edit('describe'), store.edit('describe'), store.edit('describe')]);
  expect(line.asked.filter(one => one.method === 'edit').map(one => one.params.seen)).toEqual([3, 4, 5]);
  expect(store.snapshot().document?.version).toBe(6);
  stop();
});

test('two quick clicks in the palette add two steps in their order', async () => {
  const { store, line, stop } = await started(({ method, params }) => {
    const place = params.place as { index: number } | undefined;
    const id = `new${String(params.seen)}`;
    const lists = [{ list: 'script', at: place?.index, remove: 0, insert: [id] }];
    const patch = { ...patchTo(Number(params.seen) + 1), set: { [id]: { step: 'comment', id } }, lists };
    return method === 'edit' ? { patch, select: [id] } : null;
  });
  const add = (): Promise<readonly string[]> => store.edit('insert', () => ({ place: { ...addPlace(store.snapshot()) } }));
  await Promise.all([add(), add()]);
  expect(line.asked.filter(one => one.method === 'edit').map(one => (one.params.place as { index: number }).index)).toEqual([1, 2]);
  stop();
});

test('a stale edit is not made and said so, and the document is fetched anew', async () => {
  const { store, line, stop } = await started(({ method }) => (method === 'edit' ? { stale: 9 } : null));
  await store.edit('remove', { ids: ['a'] });
  expect(store.snapshot().notice).toContain('another view');
  expect(line.asked.filter(one => one.method === 'open')).toHaveLength(2);
  expect(store.snapshot().document?.steps.a).toBeDefined();
  stop();
});

test('a refused edit changes nothing and its reason is shown', async () => {
  const { store, stop } = await started(({ method }) => {
    if (method === 'edit') {
      throw new Error('finalized');
    }
    return null;
  });
  expect(await store.tryEdit('describe')).toBe(false);
  expect(store.snapshot()).toMatchObject({ notice: 'finalized', document: { version: 3 } });
  stop();
});

test('a patch is applied once, whichever way it came first', async () => {
  const { store, line, stop } = await started(() => null);
  line.tell('builder.patch', { ...patchTo(4), document: 'key' });
  line.tell('builder.patch', { ...patchTo(4), document: 'key' });
  line.tell('builder.patch', { ...patchTo(5), document: 'another' });
  expect(store.snapshot().document).toMatchObject({ version: 4, head: { description: '4' } });
  stop();
});

test('a view that missed a patch fetches the whole', async () => {
  const { line, stop } = await started(() => null);
  line.tell('builder.patch', { ...patchTo(7), document: 'key' });
  await settle();
  expect(line.asked.filter(one => one.method === 'open')).toHaveLength(2);
  stop();
});

test('what was selected and is gone is selected no more', async () => {
  const { store, line, stop } = await started(() => null);
  store.set({ selected: ['a'] });
  const gone: IPatch = { from: 3, to: 4, drop: ['a'], lists: [{ list: 'script', at: 0, remove: 1, insert: [] }] };
  line.tell('builder.patch', { ...gone, document: 'key' });
  expect(store.snapshot().selected).toEqual([]);
  stop();
});

test('a click in the palette fills the block that was just made, and then goes on inside it', () => {
  const blank = { opening: false, palette: null, check: null, run: null, waiting: null, kept: false, selected: [], folded: new Set<string>(), notice: '', announcement: '' };
  const at = (cursor: string, body: string[]): unknown => {
    const steps = { loop: { id: 'loop', step: 'repeat', ...(body.length > 0 ? { slots: { body } } : {}) }, inside: { id: 'inside', step: 'comment' } };
    const document = { ...opened(1), phases: { prep: [], script: ['loop'], cleanup: [] }, steps };
    return addPlace({ ...blank, document, cursor } as never);
  };
  expect(at('loop', [])).toEqual({ phase: 'script', parent: 'loop', slot: 'body', index: 0 });
  expect(at('inside', ['inside'])).toEqual({ phase: 'script', parent: 'loop', slot: 'body', index: 1 });
  expect(at('loop', ['inside'])).toEqual({ phase: 'script', parent: null, slot: '', index: 1 });
});

/** A kernel that takes an edit unless `wrong` is typed. */
const strict = async (): ReturnType<typeof started> =>
  started(({ method, params }) => {
    if (method !== 'edit') {
      return null;
    }
    if (params.given === 'wrong') {
      throw new RefusedError({ message: "seconds: 'wrong' is not a number", problems: [] });
    }
    return { patch: { ...patchTo(Number(params.seen) + 1), set: { a: { step: 'comment', id: 'a' } } }, select: [] };
  });
const typed = (given: string): { field: string; given: string } => ({ field: 'seconds', given });

test('what was typed and not taken stays marked on its step until the field is right', async () => {
  const { store, stop } = await strict();
  await store.editField('a', 'seconds', 'value', typed('wrong'));
  await store.editField('a', 'note', 'change', {});
  const marked = findingsByStep(withTyped([], store.snapshot().refusals)).get('a') ?? [];
  expect(marked.map(one => [one.severity, one.message])).toEqual([['error', "seconds not taken: 'wrong' is not a number"]]);
  expect(store.snapshot().refusals.a?.seconds?.given).toBe('wrong');
  await store.editField('a', 'seconds', 'value', typed('2'));
  expect(store.snapshot().refusals).toEqual({});
  stop();
});

test('an undo, a repair and a removal of the step take the mark away', async () => {
  const { store, line, stop } = await strict();
  await store.editField('a', 'seconds', 'value', typed('wrong'));
  await store.tryEdit('undo');
  expect(store.snapshot().refusals).toEqual({});
  await store.editField('a', 'seconds', 'value', typed('wrong'));
  const to = (store.snapshot().document?.version ?? 0) + 1;
  line.tell('builder.patch', { document: 'key', ...patchTo(to), drop: ['a'], lists: [{ list: 'script', at: 0, remove: 1, insert: [] }] });
  expect(store.snapshot().refusals).toEqual({});
  stop();
});

test('a run is kept from beginning by what was not taken, counted once with what the checker says of the same field', async () => {
  const { store, stop } = await strict();
  await store.editField('a', 'seconds', 'value', typed('wrong'));
  const found = { step: 'a', severity: 'error' as const, code: 'missing', message: 'a number is needed', field: 'seconds', repair: { label: 'ask', params: {} } };
  const check = withRefusals({ cells: [], findings: [found], errors: 1, estimate: '' }, store.snapshot().refusals);
  expect([check.errors, check.findings.map(one => [one.code, one.repair?.label])]).toEqual([1, [['not-taken', 'ask']]]);
  stop();
});
