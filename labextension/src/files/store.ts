/** What does the view of one workflow file know?  What stands in the file, and the kernel in whose builder it is open, if any. */

import type { ISignal } from '@lumino/signaling';
import type { LinkState } from '../model/link';
import { isFields, newId } from '../protocol';
import type { Json, Params, Reply } from '../protocol';
import { saidOf } from './said';
import { ENDED, PageModel } from './page-model';
import type { EventSource } from './page-model';
import { readWorkflow } from './read';
import type { Reading } from './read';

/** The file, as JupyterLab holds it. */
export interface WorkflowFile {
  readonly path: string;
  readonly writable: boolean;
  text(): string;
  /** Put `text` into the file; JupyterLab asks when the file was changed on disk meanwhile. */
  write(text: string): Promise<void>;
  readonly changed: ISignal<unknown, unknown>;
}

/** The line to one kernel. */
export interface FileLine extends EventSource {
  readonly state: LinkState;
  ask(method: string, params?: Params): Promise<Reply>;
}

/** A notebook that may have a kernel with IvoryOS; one that is not open on this page has no line yet. */
export interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly line: FileLine | null;
}

export interface Candidates {
  list(): readonly Candidate[];
  /** Open a notebook beside this file, so that its kernel can be reached. */
  open(path: string): Promise<void>;
  readonly changed: ISignal<unknown, unknown>;
}

/** Where it is kept what this page was attached to, so that a reload finds it. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Attached {
  readonly name: string;
  readonly document: string;
  readonly line: FileLine;
  readonly model: PageModel;
}

/** Something a person must decide: `here` the kernel has another one, `library` it was saved elsewhere, `disk` the file was. */
interface FileQuestion {
  readonly kind: 'here' | 'library' | 'disk';
  readonly text: string;
  readonly candidate: Candidate | null;
}

export interface FileState {
  readonly reading: Reading;
  readonly candidates: readonly Candidate[];
  readonly attached: Attached | null;
  readonly question: FileQuestion | null;
  readonly notice: string;
  /** What was done last. */
  readonly done: string;
  readonly unsaved: boolean;
  readonly busy: boolean;
}

export type Choice = 'file' | 'kept' | 'apart';

export class FileStore {
  private _state: FileState;
  private _writing = false;
  private _view = newId();
  private readonly _watchers = new Set<() => void>();

  constructor(
    readonly file: WorkflowFile,
    private readonly _candidates: Candidates,
    private readonly _memory: Memory
  ) {
    const reading = readWorkflow(file.text());
    const candidates = _candidates.list();
    this._state = { reading, candidates, attached: null, question: null, notice: '', done: '', unsaved: false, busy: false };
    file.changed.connect(this._fileChanged, this);
    _candidates.changed.connect(this._look, this);
    this._look();
  }

  readonly snapshot = (): FileState => this._state;

  readonly watch = (watcher: () => void): (() => void) => {
    this._watchers.add(watcher);
    return () => this._watchers.delete(watcher);
  };

  /** Open the file in the builder of a kernel; `choice` answers the question what to do with what is there already. */
  async attach(candidate: Candidate, choice?: Choice): Promise<void> {
    if (candidate.line === null) {
      this._set({ notice: '' });
      await this._candidates.open(candidate.path);
      return;
    }
    const { line } = candidate;
    await this._busy(async () => {
      await asked(line, 'builder.wake');
      const params = { view: this._view, text: this.file.text(), ...(choice === undefined ? {} : { choice }) };
      const opened = await asked(line, 'builder.open_file', params);
      if (typeof opened.question === 'string') {
        this._set({ question: { kind: 'here', text: opened.question, candidate } });
      } else {
        this._attached(candidate.name, String(opened.document), line, choice === 'kept' || choice === 'apart');
      }
    });
  }

  /** Save in the library of the kernel, and into the file. */
  async save(confirm = false): Promise<void> {
    const { attached } = this._state;
    if (attached === null || this._state.busy) {
      return;
    }
    await this._busy(async () => {
      const { document, line } = attached;
      const kept = await asked(line, 'builder.save', { document, confirm });
      if (typeof kept.question === 'string') {
        this._set({ question: { kind: 'library', text: kept.question, candidate: null } });
        return;
      }
      const text = String((await asked(line, 'builder.export', { document })).text);
      await this._write(text);
      if (this.file.text() === text) {
        this._set({ unsaved: false, done: `Saved in the file, and as version ${Number(kept.saved)} in the library.` });
      } else {
        this._askAboutDisk();
      }
    });
  }

  /** Answer the question about the file that was changed on disk. */
  async decide(takeFile: boolean): Promise<void> {
    const { attached } = this._state;
    this._set({ question: null, unsaved: true });
    if (attached !== null && takeFile) {
      await this._busy(async () => {
        await asked(attached.line, 'builder.take_file', { document: attached.document, text: this.file.text() });
        this._set({ unsaved: false });
      });
    }
  }

  /** Go back to the file as it stands; what was not saved stays a draft in the kernel. */
  letGo(): void {
    const { attached } = this._state;
    if (attached !== null) {
      void attached.line.ask('builder.leave', { view: this._view });
      this._memory.removeItem(this._key);
      this._detach('');
    }
  }

  readonly dismiss = (): void => this._set({ notice: '', question: null });

  dispose(): void {
    this.file.changed.disconnect(this._fileChanged, this);
    this._candidates.changed.disconnect(this._look, this);
    this._state.attached?.model.dispose();
    this._watchers.clear();
  }

  private get _key(): string {
    return `ivoryos-file:${this.file.path}`;
  }

  private _attached(name: string, document: string, line: FileLine, unsaved: boolean): void {
    const model = new PageModel(line, this._view, document);
    model.connection.on('builder.patch', patch => {
      if (isFields(patch) && ['head', 'set', 'lists', 'drop'].some(part => part in patch)) {
        this._set({ unsaved: true, done: '' });
      }
    });
    this._memory.setItem(this._key, JSON.stringify({ token: line.token, document, view: this._view }));
    this._set({ attached: { name, document, line, model }, question: null, notice: '', done: '', unsaved });
  }

  private _detach(notice: string): void {
    this._state.attached?.model.dispose();
    this._set({ attached: null, question: null, unsaved: false, done: '', notice, reading: readWorkflow(this.file.text()) });
  }

  /** Follow which kernels there are; one that ended is let go, one that was attached before a reload is found again. */
  private _look(): void {
    const { attached } = this._state;
    this._set({ candidates: this._candidates.list() });
    if (attached !== null && (attached.line.state === 'gone' || attached.line.token !== attached.model.get('token'))) {
      this._detach(ENDED);
    } else if (attached === null && !this._state.busy) {
      void this._again();
    }
  }

  private async _again(): Promise<void> {
    const kept: unknown = JSON.parse(this._memory.getItem(this._key) ?? 'null');
    const found = isFields(kept) ? this._state.candidates.find(one => one.line?.state === 'connected' && one.line.token === kept.token) : undefined;
    const line = found?.line ?? null;
    if (!isFields(kept) || found === undefined || line === null) {
      return;
    }
    const [document, view] = [String(kept.document), String(kept.view)];
    this._memory.removeItem(this._key);
    this._view = view;
    await this._busy(async () => {
      await asked(line, 'builder.show_again', { document, view });
      const { text } = await asked(line, 'builder.export', { document });
      this._attached(found.name, document, line, !sameContent(String(text), this.file.text()));
    });
  }

  private _fileChanged(): void {
    if (this._writing) {
      return;
    }
    if (this._state.attached === null) {
      this._set({ reading: readWorkflow(this.file.text()) });
    } else {
      this._askAboutDisk();
    }
  }

  private _askAboutDisk(): void {
    this._set({ question: { kind: 'disk', text: 'The file was changed on disk.', candidate: null } });
  }

  private async _write(text: string): Promise<void> {
    this._writing = true;
    try {
      await this.file.write(text);
    } finally {
      this._writing = false;
    }
  }

  private async _busy(work: () => Promise<void>): Promise<void> {
    this._set({ busy: true, question: null, notice: '', done: '' });
    try {
      await work();
    } catch (error) {
      this._set({ notice: error instanceof Error ? error.message : String(error) });
    } finally {
      this._set({ busy: false });
    }
  }

  private _set(change: Partial<FileState>): void {
    this._state = { ...this._state, ...change };
    this._watchers.forEach(watcher => watcher());
  }
}

/** Ask the kernel; a refusal is thrown, in words. */
async function asked(line: FileLine, method: string, params: Params = {}): Promise<{ readonly [key: string]: Json }> {
  const reply = await line.ask(method, params);
  if (!reply.ok) {
    throw new Error(saidOf(reply));
  }
  return isFields(reply.result) ? (reply.result as { readonly [key: string]: Json }) : {};
}

/** Whether two texts hold the same JSON, however it is written. */
export function sameContent(one: string, other: string): boolean {
  try {
    return canonical(JSON.parse(one)) === canonical(JSON.parse(other));
  } catch {
    return one === other;
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (isFields(value)) {
    return `{${Object.keys(value)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}
