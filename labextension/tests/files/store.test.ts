import { Signal } from '@lumino/signaling';
import { FileStore } from '../../src/files/store';
import type { Candidate, FileLine } from '../../src/files/store';
import type { Params, Reply } from '../../src/protocol';
import type { ViewEvent } from '../../src/tokens';

const TEXT = JSON.stringify({ format: 'ivoryos-workflow/1', name: 'dose' });
const CHANGED = JSON.stringify({ format: 'ivoryos-workflow/1', name: 'dose', description: 'more' });

class FakeFile {
  readonly path = 'dose.ivoryos.json';
  readonly writable = true;
  readonly changed = new Signal<this, void>(this);
  /** What a person answers when the file was changed on disk: null to overwrite, else what stands there. */
  reverted: string | null = null;
  now = TEXT;

  text(): string {
    return this.now;
  }

  async write(text: string): Promise<void> {
    this.now = this.reverted ?? text;
    this.changed.emit();
  }

  becomes(text: string): void {
    this.now = text;
    this.changed.emit();
  }
}

class FakeLine implements FileLine {
  state: FileLine['state'] = 'connected';
  token = 't1';
  readonly events = new Signal<this, ViewEvent>(this);
  readonly asked: { method: string; params: Params }[] = [];
  answers: { [method: string]: unknown } = {
    'builder.open_file': { document: 'd1', name: 'dose' },
    'builder.save': { saved: 2 },
    'builder.export': { text: CHANGED }
  };

  ask(method: string, params: Params = {}): Promise<Reply> {
    this.asked.push({ method, params });
    const result = this.answers[method] ?? {};
    return Promise.resolve(
      result instanceof Error
        ? { id: '1', ok: false, error: { message: result.message, problems: [] } }
        : ({ id: '1', ok: true, result } as unknown as Reply)
    );
  }

  last(method: string): Params | undefined {
    return this.asked.filter(one => one.method === method).pop()?.params;
  }
}

class Notebooks {
  readonly changed = new Signal<this, void>(this);
  readonly opened: string[] = [];
  constructor(public all: Candidate[]) {}
  list(): readonly Candidate[] {
    return this.all;
  }
  async open(path: string): Promise<void> {
    this.opened.push(path);
  }
}

class Memory {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

function made(memory = new Memory()): { file: FakeFile; line: FakeLine; notebooks: Notebooks; memory: Memory; store: FileStore; tonight: Candidate } {
  const [file, line] = [new FakeFile(), new FakeLine()];
  const tonight = { name: 'tonight.ipynb', path: 'tonight.ipynb', line };
  const notebooks = new Notebooks([tonight]);
  return { file, line, notebooks, memory, tonight, store: new FileStore(file, notebooks, memory) };
}

const settle = (): Promise<void> => new Promise(done => setTimeout(done, 0));
const patched = (line: FakeLine, patch: object): void => {
  const view = String(line.last('builder.open_file')?.view);
  line.events.emit({ view, name: 'builder.patch', data: { from: 0, to: 1, document: 'd1', ...patch } as never });
};

test('a file is read-only until it is attached', () => {
  const { store, line } = made();
  expect(store.snapshot()).toMatchObject({ attached: null, reading: { document: { head: { name: 'dose' } } } });
  expect(line.asked).toEqual([]);
});

test('attached, it knows whether the file has what was changed, and saves only when told', async () => {
  const { store, line, file, tonight } = made();
  await store.attach(tonight);
  expect(store.snapshot()).toMatchObject({ unsaved: false, attached: { document: 'd1' } });
  patched(line, { dirty: false });
  expect(store.snapshot().unsaved).toBe(false);
  patched(line, { head: { description: 'more' } });
  expect(store.snapshot().unsaved).toBe(true);
  expect(file.now).toBe(TEXT);
  await store.save();
  expect(file.now).toBe(CHANGED);
  expect(store.snapshot()).toMatchObject({ unsaved: false, done: expect.stringContaining('version 2') as string });
});

test('what the kernel has under this name is asked about, and the answer goes along', async () => {
  const { store, line, tonight } = made();
  line.answers['builder.open_file'] = { question: 'Which one?' };
  await store.attach(tonight);
  expect(store.snapshot()).toMatchObject({ attached: null, question: { kind: 'here', text: 'Which one?' } });
  line.answers['builder.open_file'] = { document: 'd2' };
  await store.attach(tonight, 'kept');
  expect(line.last('builder.open_file')).toMatchObject({ choice: 'kept' });
  expect(store.snapshot()).toMatchObject({ question: null, unsaved: true, attached: { document: 'd2' } });
});

test('a version that was saved elsewhere is asked about before anything is written', async () => {
  const { store, line, file, tonight } = made();
  await store.attach(tonight);
  line.answers['builder.save'] = { question: 'Saved elsewhere.' };
  await store.save();
  expect(store.snapshot().question).toMatchObject({ kind: 'library' });
  expect(file.now).toBe(TEXT);
  line.answers['builder.save'] = { saved: 5 };
  await store.save(true);
  expect(line.last('builder.save')).toMatchObject({ confirm: true });
  expect(file.now).toBe(CHANGED);
});

test('a file that was changed on disk is taken over or kept as a person says', async () => {
  const { store, line, file, tonight } = made();
  await store.attach(tonight);
  file.reverted = TEXT;
  await store.save();
  expect(store.snapshot().question).toMatchObject({ kind: 'disk' });
  await store.decide(true);
  expect(line.last('builder.take_file')).toMatchObject({ text: TEXT });
  file.becomes(CHANGED);
  expect(store.snapshot().question).toMatchObject({ kind: 'disk' });
  await store.decide(false);
  expect(store.snapshot()).toMatchObject({ question: null, unsaved: true });
});

test('a refusal is said, and nothing is attached', async () => {
  const { store, line, tonight } = made();
  line.answers['builder.open_file'] = new Error('This workflow cannot be read.');
  await store.attach(tonight);
  expect(store.snapshot()).toMatchObject({ attached: null, notice: 'This workflow cannot be read.', busy: false });
});

test('a kernel that ends leaves the file as it is, and says where the rest is', async () => {
  const { store, line, notebooks, tonight } = made();
  await store.attach(tonight);
  line.state = 'gone';
  notebooks.changed.emit();
  expect(store.snapshot()).toMatchObject({ attached: null, notice: expect.stringContaining('draft') as string });
});

test('a page that was loaded anew is attached again, unless it was let go', async () => {
  const memory = new Memory();
  const first = made(memory);
  await first.store.attach(first.tonight);
  first.store.dispose();
  const second = made(memory);
  await settle();
  expect(second.line.last('builder.show_again')).toMatchObject({ document: 'd1' });
  expect(second.store.snapshot()).toMatchObject({ attached: { document: 'd1' }, unsaved: true });
  second.store.letGo();
  const third = made(memory);
  await settle();
  expect(third.store.snapshot().attached).toBeNull();
});

test('a notebook that is not open here is opened, so that its kernel can be reached', async () => {
  const { store, notebooks } = made();
  await store.attach({ name: 'x.ipynb', path: 'x.ipynb', line: null });
  expect(notebooks.opened).toEqual(['x.ipynb']);
});

test('what a broken file becomes on disk is read again', () => {
  const { store, file } = made();
  file.becomes('{');
  expect(store.snapshot().reading).toHaveProperty('faults');
});
