/** What does the sidebar know of the current notebook, and how does it keep up?  The kernel has the truth. */

import type { ISignal } from '@lumino/signaling';
import type { LinkState } from '../../model/link';
import type { Json, Params, Reply } from '../../protocol/messages';
import type { Standing } from '../../tokens';
import type { Run } from '../runs/shapes';
import type { SidebarState } from './shapes';

/** The line to one kernel, as far as the sidebar needs it. */
export interface Line {
  readonly state: LinkState;
  readonly token: string;
  readonly standing: Standing | null;
  /** Whether a cell goes on that began before the page was loaded. */
  readonly isHeldUp: boolean;
  ask(method: string, params?: Params): Promise<Reply>;
}

/** Who knows the current notebook. */
export interface Source {
  readonly current: Line | null;
  /** Name of the current notebook; empty while none is open. */
  readonly notebook: string;
  readonly changed: ISignal<unknown, void>;
}

/** What is shown. */
export interface Shown {
  readonly notebook: string;
  readonly link: LinkState | null;
  readonly token: string;
  readonly heldUp: boolean;
  /** The run that is going on, else the last one that ended. */
  readonly run: Run | null;
  /** Everything else; null until it is known. */
  readonly more: SidebarState | null;
  /** What went wrong with the last command. */
  readonly notice: string;
}

/** Least time between two questions: a quick run changes more often than anybody reads. */
const ASK_EVERY_MS = 300;

const NOTHING: Shown = { notebook: '', link: null, token: '', heldUp: false, run: null, more: null, notice: '' };

export class SidebarStore {
  private _shown = NOTHING;
  private _line: Line | null = null;
  private _known = -1;
  private _visible = false;
  private _asking = false;
  private _waiting: ReturnType<typeof setTimeout> | null = null;
  private readonly _watchers = new Set<() => void>();

  constructor(private readonly _source: Source) {
    _source.changed.connect(this._follow, this);
    this._follow();
  }

  readonly snapshot = (): Shown => this._shown;

  readonly watch = (watcher: () => void): (() => void) => {
    this._watchers.add(watcher);
    return () => this._watchers.delete(watcher);
  };

  /** A sidebar that nobody sees asks for nothing. */
  setVisible(visible: boolean): void {
    this._visible = visible;
    this._ask();
  }

  /** Tell the kernel something; tells whether it was done. What goes wrong is shown. */
  async command(method: string, params: Params = {}): Promise<boolean> {
    const line = this._line;
    if (line === null) {
      return false;
    }
    const reply = await line.ask(method, params);
    if (line === this._line) {
      this._set({ notice: reply.ok ? '' : said(reply) });
    }
    return reply.ok;
  }

  /** Tell the kernel something; tells why it was refused, for the caller to show beside what it was; empty when it was done. */
  async tell(method: string, params: Params = {}): Promise<string> {
    const line = this._line;
    return line === null ? 'The kernel is gone.' : why(await line.ask(method, params));
  }

  /** Forget what went wrong. */
  readonly dismiss = (): void => this._set({ notice: '' });

  dispose(): void {
    this._source.changed.disconnect(this._follow, this);
    this._visible = false;
    this._pause(null);
    this._watchers.clear();
  }

  private _follow(): void {
    const line = this._source.current;
    const standing = line?.standing ?? null;
    const same = line === this._line && (line?.token ?? '') === this._shown.token;
    if (!same) {
      this._line = line;
      this._known = -1;
    }
    // The kernel side says what a run is; `isStanding` has checked the part that the status bar needs.
    const run = (standing?.run ?? null) as unknown as Run | null;
    const rest = same ? {} : { more: null, notice: '' };
    const { notebook } = this._source;
    this._set({ notebook, link: line?.state ?? null, token: line?.token ?? '', heldUp: line?.isHeldUp ?? false, run, ...rest });
    this._ask();
  }

  private _ask(): void {
    const line = this._line;
    const changes = line?.standing?.changes;
    if (!this._visible || this._asking || this._waiting !== null || line?.state !== 'connected') {
      return;
    }
    if (changes !== undefined && changes !== this._known) {
      this._asking = true;
      void this._fetch(line, changes);
    }
  }

  private async _fetch(line: Line, changes: number): Promise<void> {
    const reply = await line.ask('sidebar.state');
    this._asking = false;
    if (line === this._line) {
      this._known = changes;
      this._set(reply.ok ? { more: read(reply.result) } : { notice: said(reply) });
    }
    this._pause(() => this._ask());
  }

  private _pause(then: (() => void) | null): void {
    if (this._waiting !== null) {
      clearTimeout(this._waiting);
    }
    this._waiting =
      then &&
      setTimeout(() => {
        this._waiting = null;
        then();
      }, ASK_EVERY_MS);
  }

  private _set(change: Partial<Shown>): void {
    this._shown = { ...this._shown, ...change };
    this._watchers.forEach(watcher => watcher());
  }
}

function read(result: Json): SidebarState {
  return result as unknown as SidebarState;
}

/** What is wrong with the one value that was sent. */
export function why(reply: Reply): string {
  if (reply.ok) {
    return '';
  }
  const { message, problems } = reply.error;
  return problems.length > 0 ? problems.map(one => one.message).join(' ') : message;
}

/** Why a command was refused, in one line. */
export function said(reply: Reply): string {
  if (reply.ok) {
    return '';
  }
  const { message, problems } = reply.error;
  return [message, ...problems.map(one => (one.field ? `${one.field}: ${one.message}` : one.message))].join(' ');
}
