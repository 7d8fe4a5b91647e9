/** A widget's model without a kernel, for tests of views. */

import type { WidgetModel } from '../src/protocol';

type Callback = (content: unknown) => void;

export class FakeModel implements WidgetModel {
  /** What the view sent, in order. */
  readonly sent: { id?: string; type?: string; method?: string; params?: unknown }[] = [];
  private readonly _callbacks = new Map<string, Set<Callback>>();

  constructor(private readonly _traits: Record<string, unknown>) {}

  get(key: string): unknown {
    return this._traits[key];
  }

  /** Change a trait, as the kernel or the view would. */
  set(key: string, value: unknown): void {
    this._traits[key] = value;
    this._call(`change:${key}`, value);
  }

  save_changes(): void {}

  on(name: string, callback: Callback): void {
    const callbacks = this._callbacks.get(name) ?? new Set();
    this._callbacks.set(name, callbacks.add(callback));
  }

  off(name: string, callback: Callback): void {
    this._callbacks.get(name)?.delete(callback);
  }

  send(content: unknown): void {
    this.sent.push(content as (typeof this.sent)[number]);
  }

  /** Deliver a custom message from the kernel. */
  receive(content: unknown): void {
    this._call('msg:custom', content);
  }

  /** How many listen to `name`. */
  listeners(name: string): number {
    return this._callbacks.get(name)?.size ?? 0;
  }

  private _call(name: string, content: unknown): void {
    [...(this._callbacks.get(name) ?? [])].forEach(callback => callback(content));
  }
}
