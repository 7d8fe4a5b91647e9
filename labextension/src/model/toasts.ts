/** How many toasts may lie over the page?  One for each cause, and only a few: what is pushed off stands in the list of runs. */

/** Where toasts are shown; JupyterLab's notifications. */
export interface Toaster {
  emit(text: string): string;
  update(id: string, text: string): void;
  dismiss(id: string): void;
  /** Whether it has not been dismissed. */
  has(id: string): boolean;
}

interface Open {
  readonly id: string;
  readonly count: number;
}

/** Shows what went wrong, each cause once. */
export class OnePerCause {
  private readonly _open = new Map<string, Open>();

  constructor(
    private readonly _toaster: Toaster,
    private readonly _most: number
  ) {}

  /** Show it, or count it to what is shown of the same cause; `say` is told how many there were. */
  show(cause: string, say: (count: number) => string): void {
    const before = this._open.get(cause);
    this._open.delete(cause);
    if (before !== undefined && this._toaster.has(before.id)) {
      this._toaster.update(before.id, say(before.count + 1));
      this._open.set(cause, { id: before.id, count: before.count + 1 });
      return;
    }
    this._open.set(cause, { id: this._toaster.emit(say(1)), count: 1 });
    this._makeRoom();
  }

  /** The oldest go first. */
  private _makeRoom(): void {
    for (const [cause, { id }] of [...this._open]) {
      if (this._open.size <= this._most) {
        return;
      }
      this._toaster.dismiss(id);
      this._open.delete(cause);
    }
  }
}
