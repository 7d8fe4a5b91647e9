/** Which kernel belongs to the current notebook, and which to the widget that asks? */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Token } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import type { WindowRequest } from '../protocol/window';
import { KernelLink } from './link';

/** What the links of this page are known by among plugins. */
export const ILinks = new Token<Links>('ivoryos-jupyter:ILinks', 'The sessions of all open notebooks.');

/** An open notebook and the link to its kernel. */
interface Session {
  readonly name: string;
  readonly path: string;
  readonly link: KernelLink;
}

/** One link for each kernel connection of an open notebook. */
export class Links {
  private readonly _links = new Map<Kernel.IKernelConnection, KernelLink>();
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly _notebooks: INotebookTracker) {
    _notebooks.forEach(panel => this._follow(panel));
    _notebooks.widgetAdded.connect((_, panel) => this._follow(panel));
    _notebooks.currentChanged.connect(() => this._changed.emit());
  }

  /** Emitted when the current notebook, its kernel, or what is known of it has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The link of the current notebook. */
  get current(): KernelLink | null {
    const kernel = this._notebooks.currentWidget?.sessionContext.session?.kernel;
    return (kernel && this._links.get(kernel)) ?? null;
  }

  /** Name of the current notebook; empty while none is open. */
  get notebook(): string {
    return this._notebooks.currentWidget?.title.label ?? '';
  }

  /** The links of all open notebooks. */
  get all(): readonly KernelLink[] {
    return [...this._links.values()];
  }

  /** The open notebooks that have a kernel. */
  get sessions(): readonly Session[] {
    const found: Session[] = [];
    this._notebooks.forEach(({ title, context, sessionContext }) => {
      const kernel = sessionContext.session?.kernel;
      const link = kernel && this._links.get(kernel);
      if (link) {
        found.push({ name: title.label, path: context.path, link });
      }
    });
    return found;
  }

  /** Take a widget's request if the kernel its token names is known here. */
  readonly take = ({ token, request, reply, unreachable }: WindowRequest): boolean => {
    const link = [...this._links.values()].find(candidate => candidate.token === token);
    link?.forward(request, { reply, unreachable });
    return link !== undefined;
  };

  private _follow(panel: NotebookPanel): void {
    const { sessionContext } = panel;
    this._add(sessionContext.session?.kernel ?? null);
    sessionContext.kernelChanged.connect((_, { newValue }) => this._add(newValue));
  }

  private _add(kernel: Kernel.IKernelConnection | null): void {
    if (kernel !== null && !this._links.has(kernel)) {
      const link = new KernelLink(kernel);
      this._links.set(kernel, link);
      link.changed.connect(() => this._changed.emit());
      kernel.disposed.connect(() => this._links.delete(kernel));
    }
    this._changed.emit();
  }
}
