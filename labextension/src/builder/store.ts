/** What does one builder view know, and how does it ask the kernel for changes?  It never edits its own copy. */
import { RefusedError } from '../protocol';
import type { Json } from '../protocol';
import { applied } from './document';
import { withoutRefusals, withRefusal } from './findings';
import type { IRefusal, Refusals } from './findings';
import type { ITable } from './table-model';
import { Typing } from './typing';
import type { EditReply, ICheck, IDocument, IPalette, IPatch, IRun, IWaiting } from './wire';

/** The line to the kernel, as far as the store needs it. */
export interface ILine {
  request(method: string, params: { [key: string]: Json }): Promise<Json>;
  on(name: string, listener: (data: Json) => void): () => void;
}

/** What an edit is given; a function is asked when its turn has come, and sees what the edits before it did. */
export type Params = { [key: string]: Json } | (() => { [key: string]: Json });

export interface IViewState {
  document: IDocument | null;
  palette: IPalette | null;
  check: ICheck | null;
  /** What was typed into forms and not taken. */
  refusals: Refusals;
  run: IRun | null;
  /** The waiting run whose workflow this is; null for one of the library. */
  waiting: IWaiting | null;
  /** Whether the waiting run was changed as this view shows it. */
  kept: boolean;
  /** Ids of the selected steps. */
  selected: readonly string[];
  /** Key of the row that the keyboard is at. */
  cursor: string;
  folded: ReadonlySet<string>;
  /** What went wrong last, in words; empty when nothing. */
  notice: string;
  /** What a screen reader is to say. */
  announcement: string;
  /** Whether the first answer of the kernel is still to come. */
  opening: boolean;
}

const START: IViewState = {
  document: null,
  palette: null,
  check: null,
  refusals: {},
  run: null,
  waiting: null,
  kept: false,
  selected: [],
  cursor: 'phase:script',
  folded: new Set(),
  notice: '',
  announcement: '',
  opening: true
};

/** How long after an edit the checker is asked; quick typing asks it once. */
const CHECK_AFTER_MS = 120;

/** When a view asks again for a document that a busy kernel has not sent. */
const OPEN_AGAIN_MS = 1500;

/** How often a view asks how the run fares. */
const FOLLOW_EVERY_MS = 250;

/** One view's copy of one open workflow. */
export class BuilderStore {
  private _state = START;
  private readonly _watchers = new Set<() => void>();
  private _tail: Promise<unknown> = Promise.resolve();
  private _checkTimer: ReturnType<typeof setTimeout> | undefined;
  private _runTimer: ReturnType<typeof setTimeout> | undefined;
  private _openTimer: ReturnType<typeof setTimeout> | undefined;
  private _paletteTimer: ReturnType<typeof setTimeout> | undefined;
  private _following = false;
  readonly typing = new Typing();
  /** What stands in the run dialog, kept while it is closed. */
  table: ITable | null = null;
  sample = '';
  repeat = '';
  batch = '';

  constructor(
    private readonly _line: ILine,
    readonly key: string
  ) {}

  /** Open the document and follow it; returns how to stop. */
  start(): () => void {
    const stops = [
      this._line.on('builder.patch', data => this._receive(data as unknown as IPatch & { document: string })),
      this._line.on('builder.palette', () => void this._loadPalette()),
      this._line.on('builder.run', () => void this._follow())
    ];
    this._following = true;
    void this.open();
    void this._loadPalette();
    return () => {
      this._following = false;
      clearTimeout(this._openTimer);
      clearTimeout(this._paletteTimer);
      stops.forEach(stop => stop());
      clearTimeout(this._checkTimer);
      clearTimeout(this._runTimer);
    };
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this._watchers.add(watcher);
    return () => this._watchers.delete(watcher);
  };

  readonly snapshot = (): IViewState => this._state;

  /** Change what only this view knows. */
  set(change: Partial<IViewState>): void {
    this._state = { ...this._state, ...change };
    this._watchers.forEach(watcher => watcher());
  }

  /** Ask the kernel for something that belongs to this document; a refusal is shown and passed on. */
  async ask<T>(method: string, params: { [key: string]: Json } = {}): Promise<T> {
    return (await this._line.request(`builder.${method}`, { document: this.key, ...params })) as unknown as T;
  }

  /** Like `ask`, but a refusal becomes the notice and null. */
  async tryAsk<T>(method: string, params: { [key: string]: Json } = {}): Promise<T | null> {
    try {
      return await this.ask<T>(method, params);
    } catch (error) {
      this.set({ notice: said(error) });
      return null;
    }
  }

  /** Wait until the kernel has all that was typed and asked for here: what is run or saved is what is seen. */
  async settled(): Promise<void> {
    this.typing.flush();
    await this._tail;
  }

  /** Like `ask`, once it is settled. */
  async askSettled<T>(method: string, params: { [key: string]: Json } = {}): Promise<T> {
    await this.settled();
    return this.ask<T>(method, params);
  }

  /** Fetch the whole document. */
  async open(): Promise<void> {
    const opened = await this.tryAsk<{ document: IDocument; run: IRun | null; waiting?: IWaiting | null }>('open');
    this.set({ opening: false });
    clearTimeout(this._openTimer);
    if (opened === null && this._state.document === null && this._following) {
      this._openTimer = setTimeout(() => void this.open(), OPEN_AGAIN_MS);
    }
    if (opened !== null) {
      this.set({ document: opened.document, run: opened.run, waiting: opened.waiting ?? null });
      this._followOn(opened.run);
      this._checkSoon(0);
    }
  }

  /** Ask for an edit; edits of one view go one after another, each naming the version it saw; tells which steps it changed. */
  edit(intent: string, params: Params = {}): Promise<readonly string[]> {
    const edited = this._tail.then(() => this._send(intent, params));
    this._tail = edited.catch(() => undefined);
    return edited;
  }

  /** Like `edit`, but a refusal becomes the notice; steps that it changes are no longer marked with what was typed into them. */
  async tryEdit(intent: string, params: Params = {}): Promise<boolean> {
    try {
      const changed = await this.edit(intent, params);
      this.set({ refusals: withoutRefusals(this._state.refusals, id => changed.includes(id)) });
      return true;
    } catch (error) {
      this.set({ notice: said(error) });
      return false;
    }
  }

  /** Edit one field of a step; what is refused stays marked until the field is right or the text is taken back. */
  async editField(step: string, field: string, intent: string, params: Params): Promise<void> {
    let refusal: IRefusal | null = null;
    try {
      await this.edit(intent, () => ({ id: step, ...asked(params) }));
    } catch (error) {
      refusal = { message: said(error).replace(`${field}: `, ''), given: asked(params).given as IRefusal['given'] };
    }
    this.refuse(step, field, refusal);
  }

  /** Mark a field with what was typed and not taken; null takes the mark away. */
  refuse(step: string, field: string, refusal: IRefusal | null): void {
    this.set({ refusals: withRefusal(this._state.refusals, step, field, refusal) });
  }

  private async _send(intent: string, params: Params): Promise<readonly string[]> {
    const seen = this._state.document?.version ?? -1;
    const reply = await this.ask<EditReply>('edit', { intent, seen, ...asked(params) });
    if ('stale' in reply) {
      await this.open();
      this.set({ notice: 'This workflow was changed in another view at the same moment. Look at it and try again.' });
      return [];
    }
    this._apply(reply.patch);
    if (reply.select.length > 0) {
      this.set({ selected: reply.select, cursor: reply.select[0] ?? this._state.cursor });
    }
    return Object.keys(reply.patch.set ?? {});
  }

  private _receive(patch: IPatch & { document: string }): void {
    if (patch.document === this.key) {
      this._apply(patch);
    }
  }

  private _apply(patch: IPatch): void {
    const { document } = this._state;
    if (document === null || patch.to <= document.version) {
      return;
    }
    const next = applied(document, patch);
    if (next === null) {
      void this.open();
      return;
    }
    const selected = this._state.selected.filter(id => id in next.steps);
    const refusals = withoutRefusals(this._state.refusals, id => !(id in next.steps));
    this.set({ document: next, selected, refusals, notice: '' });
    this._checkSoon(CHECK_AFTER_MS);
  }

  private _checkSoon(after: number): void {
    clearTimeout(this._checkTimer);
    this._checkTimer = setTimeout(() => void this._check(), after);
  }

  private async _check(): Promise<void> {
    const check = await this.tryAsk<ICheck>('check');
    if (check !== null && check.version === this._state.document?.version) {
      this.set({ check });
    }
  }

  /** Ask what is new in the run, and again while it goes on; only the steps that changed travel. */
  private async _follow(): Promise<void> {
    const known = this._state.run;
    const next = await this.tryAsk<IRun | null>('run', { since: known?.seen ?? 0 });
    if (next !== null) {
      const same = known?.key === next.key;
      const run = same || known === null ? { ...next, steps: { ...known?.steps, ...next.steps } } : await this.tryAsk<IRun | null>('run');
      this.set({ run });
    }
    this._followOn(next);
  }

  private _followOn(run: IRun | null): void {
    clearTimeout(this._runTimer);
    if (run !== null && !run.ended) {
      this._runTimer = setTimeout(() => void this._follow(), FOLLOW_EVERY_MS);
    }
  }

  private async _loadPalette(): Promise<void> {
    const palette = await this.tryAsk<IPalette>('palette');
    if (palette === null && this._state.palette === null && this._following) {
      clearTimeout(this._paletteTimer);
      this._paletteTimer = setTimeout(() => void this._loadPalette(), OPEN_AGAIN_MS);
    }
    if (palette !== null) {
      this.set({ palette });
      this._checkSoon(CHECK_AFTER_MS);
    }
  }
}

function asked(params: Params): { [key: string]: Json } {
  return typeof params === 'function' ? params() : params;
}

/** An error in words, with each problem and its place as far as the message does not name it. */
export function said(error: unknown): string {
  if (error instanceof RefusedError) {
    const more = error.problems.filter(one => !error.message.includes(one.message));
    return [error.message, ...more.map(one => (one.field ? `${one.field}: ${one.message}` : one.message))].join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}
