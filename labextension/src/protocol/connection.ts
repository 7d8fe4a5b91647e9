/** How does a widget's view ask its kernel for something, and hear what happens? */

import { NotConnectedError, RefusedError } from './errors';
import { isKernelMessage, newId } from './messages';
import type { Json, Params, Reply, Request } from './messages';
import { offerToWindow } from './window';

/** The part of a widget's model that views use. */
export interface WidgetModel {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save_changes(): void;
  on(name: string, callback: (content: unknown) => void): void;
  off(name: string, callback: (content: unknown) => void): void;
  send(content: unknown): void;
}

/** How long a view waits for a sign of life on its own comm before it says that it waits. */
export const SLOW_AFTER_MS = 1000;

/** What a view says then. */
export const WAITING = 'The kernel is busy with a cell; this waits until the cell has ended.';

interface Pending {
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

/** One view's line to its kernel: requests with answers, and events. */
export class Connection {
  private readonly _pending = new Map<string, Pending>();
  private readonly _timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly _late = new Set<string>();
  private readonly _listeners = new Map<string, Set<(data: Json) => void>>();
  private readonly _watchers = new Set<() => void>();

  constructor(private readonly _model: WidgetModel) {
    _model.on('msg:custom', this._receive);
  }

  /** Whether a request waits for a busy kernel; then `WAITING` is to be shown. */
  get waiting(): boolean {
    return this._late.size > 0;
  }

  /**
   * Ask the kernel; the promise holds the result, or fails with `RefusedError` (the kernel said no, see `problems`) or
   * `NotConnectedError` (it has not answered, and may or may not act on the request). A request is never sent twice.
   */
  request(method: string, params: Params = {}): Promise<Json> {
    const request: Request = { id: newId(), method, params };
    return new Promise<Json>((resolve, reject) => {
      // Kept before it is offered: the extension may answer at once.
      this._pending.set(request.id, { resolve, reject });
      if (!this._offer(request)) {
        this._timers.set(
          request.id,
          setTimeout(() => this._mark(request.id), SLOW_AFTER_MS)
        );
        this._model.send({ type: 'request', ...request });
      }
    });
  }

  /** Hear the events called `name`; returns how to stop. */
  on(name: string, listener: (data: Json) => void): () => void {
    const listeners = this._listeners.get(name) ?? new Set();
    this._listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  /** Hear when `waiting` changes; returns how to stop. */
  watch(watcher: () => void): () => void {
    this._watchers.add(watcher);
    return () => {
      this._watchers.delete(watcher);
    };
  }

  /** The view goes away: nothing is heard any more, open requests fail. */
  dispose(): void {
    this._model.off('msg:custom', this._receive);
    this._listeners.clear();
    for (const id of [...this._pending.keys()]) {
      this._fail(id, new NotConnectedError('The view was closed before the kernel answered.'));
    }
    this._watchers.clear();
  }

  private _offer(request: Request): boolean {
    const token = this._model.get('token');
    if (typeof token !== 'string' || token === '') {
      return false;
    }
    return offerToWindow({
      token,
      request,
      reply: reply => this._settle(reply),
      unreachable: message => this._fail(request.id, new NotConnectedError(message))
    });
  }

  private readonly _receive = (content: unknown): void => {
    if (!isKernelMessage(content)) {
      return;
    }
    if (content.type === 'reply') {
      this._settle(content);
    } else {
      this._listeners.get(content.name)?.forEach(listener => listener(content.data));
    }
  };

  private _settle(reply: Reply): void {
    const pending = this._forget(reply.id);
    if (reply.ok) {
      pending?.resolve(reply.result);
    } else {
      pending?.reject(new RefusedError(reply.error));
    }
  }

  private _fail(id: string, error: Error): void {
    this._forget(id)?.reject(error);
  }

  private _forget(id: string): Pending | undefined {
    const pending = this._pending.get(id);
    clearTimeout(this._timers.get(id));
    this._timers.delete(id);
    this._pending.delete(id);
    if (this._late.delete(id)) {
      this._watchers.forEach(watcher => watcher());
    }
    return pending;
  }

  private _mark(id: string): void {
    this._late.add(id);
    this._watchers.forEach(watcher => watcher());
  }
}
