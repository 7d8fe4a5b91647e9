/** What do we know of one kernel, and how do we ask it for something? */

import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { newId } from '../protocol/messages';
import type { Failure, Params, Reply, Request } from '../protocol/messages';
import { isPatient } from '../protocol/patience';
import { isAcknowledgement, isGreeting, isMessage, TARGET, VERSION } from '../tokens';
import type { Greeting, Standing, ViewEvent } from '../tokens';
import { sendOnControl } from './control';

/** How long a kernel has to acknowledge a request. */
export const ACKNOWLEDGE_WITHIN_MS = 1000;
/** The last part of it begins anew when its time has come: a page that was held up has to read first what has arrived meanwhile. */
const READ_WITHIN_MS = 200;
/** How long an idle kernel takes, at most, to list its comms. */
const LIST_WITHIN_MS = 1500;

/** What is said when the acknowledgement does not come. */
export const SILENT =
  'The kernel has not answered within a second. It may still act on this; look at the run before you ask again.';
const GONE = 'The kernel ended before it answered.';

/**
 * `absent`: no session was ever heard of in this kernel. `connected`: it was heard of. `silent`: it did not answer in time.
 * `gone`: the kernel was restarted, or said farewell.
 */
export type LinkState = 'absent' | 'connected' | 'silent' | 'gone';

/** Where the answer to a request goes. */
interface Asker {
  reply(reply: Reply): void;
  unreachable(message: string): void;
}

interface Open {
  readonly asker: Asker;
  readonly patient: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/** One kernel: its session's token and standing, and the requests that are open. */
export class KernelLink implements IDisposable {
  private _state: LinkState = 'absent';
  private _token = '';
  private _standing: Standing | null = null;
  private _comm: Kernel.IComm | null = null;
  private _disposed = false;
  private _heard: boolean;
  private readonly _open = new Map<string, Open>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _events = new Signal<this, ViewEvent>(this);

  constructor(private readonly _kernel: Kernel.IKernelConnection) {
    this._heard = _kernel.status !== 'unknown';
    _kernel.registerCommTarget(TARGET, (comm, message) => this._greeted(comm, message.content.data));
    _kernel.statusChanged.connect(this._onStatus, this);
    _kernel.connectionStatusChanged.connect(this._onConnection, this);
    _kernel.disposed.connect(this.dispose, this);
    void this._look();
  }

  /** Emitted when anything below has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted with what the kernel tells one view of this page. */
  get events(): ISignal<this, ViewEvent> {
    return this._events;
  }

  get state(): LinkState {
    return this._state;
  }

  /** Names the session of this kernel; empty while none is known. */
  get token(): string {
    return this._token;
  }

  get standing(): Standing | null {
    return this._standing;
  }

  /** Whether a cell goes on that began before this page was loaded: until it ends, the widgets in the notebook cannot load. */
  get isHeldUp(): boolean {
    return this._state === 'connected' && !this._heard;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  /** Ask this kernel's session; the promise always holds an answer, a refusal when the kernel cannot be reached. */
  ask(method: string, params: Params = {}): Promise<Reply> {
    const request = { id: newId(), method, params };
    return new Promise(resolve => {
      this.forward(request, {
        reply: resolve,
        unreachable: message => {
          const error: Failure = { message, problems: [] };
          resolve({ id: request.id, ok: false, error });
        }
      });
    });
  }

  /** Pass a request on; `asker` hears once. */
  forward(request: Request, asker: Asker): void {
    const read = (): void => {
      open.timer = setTimeout(() => this._silent(request.id), READ_WITHIN_MS);
    };
    const open: Open = { asker, patient: isPatient(request.method), timer: setTimeout(read, ACKNOWLEDGE_WITHIN_MS - READ_WITHIN_MS) };
    this._open.set(request.id, open);
    sendOnControl(this._kernel, { token: this._token, request }, content => this._acknowledged(request.id, content));
  }

  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    this._leave('gone');
    Signal.clearData(this);
  }

  /** Find a session that was there before this page: ask an idle kernel for its comms, a busy one on its control channel. */
  private async _look(): Promise<void> {
    const listed = this._kernel
      .requestCommInfo({ target_name: TARGET })
      .then(reply => reply.content.status === 'ok' && Object.keys(reply.content.comms).length > 0)
      .catch(() => false);
    const late = new Promise<boolean>(resolve => setTimeout(() => resolve(true), LIST_WITHIN_MS));
    if ((await Promise.race([listed, late])) && !this._disposed && this._state !== 'connected') {
      sendOnControl(this._kernel, { token: '', request: { id: newId(), method: 'session.status', params: {} } }, content =>
        this._acknowledged('', content)
      );
    }
  }

  private _greeted(comm: Kernel.IComm, data: unknown): void {
    if (isGreeting(data)) {
      this._attach(comm);
      this._meet(data);
    }
  }

  private _acknowledged(id: string, content: unknown): void {
    if (this._disposed || !isAcknowledgement(content)) {
      return;
    }
    if (this._comm?.commId !== content.comm && !this._kernel.hasComm(content.comm)) {
      this._attach(this._kernel.createComm(TARGET, content.comm));
    }
    this._meet(content.greeting);
    clearTimeout(this._open.get(id)?.timer);
    if (!content.accepted) {
      this._take(id)?.unreachable('This view belongs to a session that has ended. Run its cell again.');
    } else if (content.reply !== null) {
      this._take(content.reply.id)?.reply(content.reply);
    }
  }

  private _attach(comm: Kernel.IComm): void {
    this._comm = comm;
    comm.onMsg = message => this._told(comm, message.content.data);
    comm.onClose = () => this._closed(comm);
  }

  private _told(comm: Kernel.IComm, data: unknown): void {
    if (comm !== this._comm || !isMessage(data)) {
      return;
    }
    if (data.type === 'reply') {
      this._take(data.reply.id)?.reply(data.reply);
    } else if (data.type === 'standing') {
      this._hear(data.standing);
    } else if (data.type === 'event') {
      this._events.emit({ view: data.view, name: data.name, data: data.data });
    } else {
      this._closed(comm);
    }
  }

  private _closed(comm: Kernel.IComm): void {
    if (comm === this._comm) {
      this._leave('gone');
    }
  }

  private _meet(greeting: Greeting): void {
    if (greeting.version !== VERSION) {
      console.warn(`IvoryOS: the kernel speaks protocol ${greeting.version}, this page ${VERSION}; reload the page after an update.`);
    }
    if (this._token !== greeting.token) {
      this._token = greeting.token;
      this._standing = null;
    }
    this._hear(greeting.standing);
  }

  private _hear(standing: Standing): void {
    if (this._standing === null || this._standing.serial < standing.serial) {
      this._standing = standing;
    }
    this._become('connected');
  }

  private _silent(id: string): void {
    if (this._state === 'connected') {
      this._become('silent');
    }
    if (this._open.get(id)?.patient !== true || this._kernel.connectionStatus !== 'connected') {
      this._take(id)?.unreachable(SILENT);
    }
  }

  private _take(id: string): Asker | undefined {
    const open = this._open.get(id);
    clearTimeout(open?.timer);
    this._open.delete(id);
    return open?.asker;
  }

  private _onStatus(_: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (!this._heard && status !== 'unknown') {
      this._heard = true;
      this._changed.emit();
    }
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this._leave('gone');
    }
  }

  private _onConnection(_: Kernel.IKernelConnection, status: Kernel.ConnectionStatus): void {
    if (status === 'connected' && this._state !== 'connected') {
      void this._look();
    } else if (status !== 'connected') {
      if (this._state === 'connected') {
        this._become('silent');
      }
      // Their answers may be lost with the connection.
      [...this._open].filter(([, open]) => open.patient).forEach(([id]) => this._take(id)?.unreachable(SILENT));
    }
  }

  private _leave(state: LinkState): void {
    const open = [...this._open.keys()].map(id => this._take(id));
    this._token = '';
    this._standing = null;
    this._comm = null;
    if (this._state !== 'absent') {
      this._become(state);
    }
    open.forEach(asker => asker?.unreachable(GONE));
  }

  private _become(state: LinkState): void {
    this._state = state;
    this._changed.emit();
  }
}
