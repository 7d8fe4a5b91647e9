/** A kernel connection of which tests decide what it answers. */

import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

interface Sent {
  readonly content: { readonly token: string; readonly request: { readonly id: string; readonly method: string } };
  acknowledge(content: unknown): void;
}

/** A comm as the page sees it. */
export class FakeComm {
  onMsg: (message: unknown) => void = () => undefined;
  onClose: (message: unknown) => void = () => undefined;
  constructor(readonly commId: string) {}

  tell(data: unknown): void {
    this.onMsg({ content: { data } });
  }
}

export class FakeKernel {
  readonly clientId = 'client';
  readonly username = 'me';
  status: Kernel.Status = 'idle';
  connectionStatus: Kernel.ConnectionStatus = 'connected';
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  readonly disposed = new Signal<this, void>(this);
  /** Control messages, in order. */
  readonly sent: Sent[] = [];
  readonly comms = new Map<string, FakeComm>();
  private _target: (comm: FakeComm, message: unknown) => void = () => undefined;

  /** `listed`: ids of the comms an idle kernel lists; null for a busy kernel, which lists nothing. */
  constructor(private readonly _listed: readonly string[] | null = []) {}

  /** As the type the code under test takes. */
  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }

  registerCommTarget(_: string, target: (comm: FakeComm, message: unknown) => void): void {
    this._target = target;
  }

  requestCommInfo(): Promise<unknown> {
    return this._listed === null
      ? new Promise(() => undefined)
      : Promise.resolve({ content: { status: 'ok', comms: Object.fromEntries(this._listed.map(id => [id, {}])) } });
  }

  hasComm(id: string): boolean {
    return this.comms.has(id);
  }

  createComm(_: string, id: string): FakeComm {
    const comm = new FakeComm(id);
    this.comms.set(id, comm);
    return comm;
  }

  sendControlMessage(message: { content: Sent['content'] }): unknown {
    const future = { onReply: (() => undefined) as (reply: unknown) => void, done: Promise.resolve() };
    this.sent.push({ content: message.content, acknowledge: content => future.onReply({ content }) });
    return future;
  }

  /** The kernel opens the announce comm. */
  announce(id: string, greeting: unknown): FakeComm {
    const comm = this.createComm('', id);
    this._target(comm, { content: { data: greeting } });
    return comm;
  }
}
