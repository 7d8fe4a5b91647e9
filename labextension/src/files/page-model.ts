/** How does a builder that is no widget of a notebook reach its kernel?  By its session's token, and by what the kernel announces. */

import type { ISignal } from '@lumino/signaling';
import { Connection, isFields } from '../protocol';
import type { WidgetModel } from '../protocol';
import type { ViewEvent } from '../tokens';

/** The line to one kernel, as far as a builder needs it. */
export interface EventSource {
  readonly token: string;
  readonly events: ISignal<unknown, ViewEvent>;
}

/** What is said when nobody on the page can reach the kernel any more. */
export const ENDED = 'The kernel of this builder has ended. What was not saved is kept as a draft, and is there when you attach again.';

type Callback = (content: unknown) => void;

/** Stands for a widget's model: traits of this page, and the kernel's events for one view. */
export class PageModel implements WidgetModel {
  readonly connection: Connection;
  private readonly _traits: Map<string, unknown>;
  private readonly _callbacks = new Map<string, Set<Callback>>();

  constructor(
    private readonly _source: EventSource,
    view: string,
    document: string
  ) {
    this._traits = new Map<string, unknown>([
      ['token', _source.token],
      ['view', view],
      ['document', document]
    ]);
    this.connection = new Connection(this);
    _source.events.connect(this._hear, this);
  }

  get(key: string): unknown {
    return this._traits.get(key);
  }

  set(key: string, value: unknown): void {
    this._traits.set(key, value);
    this._call(`change:${key}`, value);
  }

  /** The kernel has no copy of these traits. */
  save_changes(): void {}

  on(name: string, callback: Callback): void {
    this._callbacks.set(name, (this._callbacks.get(name) ?? new Set()).add(callback));
  }

  off(name: string, callback: Callback): void {
    this._callbacks.get(name)?.delete(callback);
  }

  /** Reached only when no link on the page knows the token: there is no other way to that kernel. */
  send(content: unknown): void {
    if (isFields(content)) {
      this._call('msg:custom', { type: 'reply', id: content.id, ok: false, error: { message: ENDED, problems: [] } });
    }
  }

  dispose(): void {
    this._source.events.disconnect(this._hear, this);
    this.connection.dispose();
    this._callbacks.clear();
  }

  private _hear(_: unknown, { view, name, data }: ViewEvent): void {
    if (view === this.get('view')) {
      this._call('msg:custom', { type: 'event', name, data });
    }
  }

  private _call(name: string, content: unknown): void {
    [...(this._callbacks.get(name) ?? [])].forEach(callback => callback(content));
  }
}
