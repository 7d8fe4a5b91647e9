/** When is what is typed sent to the kernel? */

/** Milliseconds after the last key. */
export const TYPED_AFTER_MS = 250;

interface IUnsent {
  timer: ReturnType<typeof setTimeout>;
  send: () => void;
}

/** What was typed and is still to be sent, by field. */
export class Typing {
  private readonly _unsent = new Map<object, IUnsent>();

  /** Whether something typed into `field` is still to be sent. */
  holds(field: object): boolean {
    return this._unsent.has(field);
  }

  /** Send it a moment from now, in the place of what was typed into `field` before. */
  later(field: object, send: () => void): void {
    clearTimeout(this._unsent.get(field)?.timer);
    const timer = setTimeout(() => this._send(field), TYPED_AFTER_MS);
    this._unsent.set(field, { timer, send });
  }

  /** Send all of it now. */
  flush(): void {
    [...this._unsent.keys()].forEach(field => this._send(field));
  }

  private _send(field: object): void {
    const unsent = this._unsent.get(field);
    clearTimeout(unsent?.timer);
    this._unsent.delete(field);
    unsent?.send();
  }
}
