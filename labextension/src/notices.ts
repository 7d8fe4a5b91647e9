/** How does somebody hear of a run who looks elsewhere?  By JupyterLab's notifications, as the settings say. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Command, SIDEBAR } from './commands';
import type { Links } from './model/links';
import { ILinks } from './model/links';
import { DEFAULTS, Newsreader, wanted } from './model/notices';
import type { Notice, Wishes } from './model/notices';
import { OnePerCause } from './model/toasts';

const ID = 'ivoryos-jupyter:notices';
const LONGEST = 300;
const SHOWN_MS = 10_000;
const MOST_FAILURES = 3;

function wishesOf(composite: { readonly [name: string]: unknown }): Wishes {
  const told = (name: keyof Wishes): boolean => {
    const value = composite[name];
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  return { onWaiting: told('onWaiting'), onFailed: told('onFailed'), onEnded: told('onEnded'), openSidebar: told('openSidebar') };
}

/** Emits notifications, and takes back those that are no longer true. */
class Herald {
  private readonly _reader = new Newsreader();
  private readonly _waiting = new Map<string, string>();
  private readonly _failures = this._toasts('error', MOST_FAILURES, () => this._untilSeen());
  private readonly _ended = this._toasts('info', 1, () => SHOWN_MS);

  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _links: Links,
    private readonly _wishes: () => Wishes
  ) {
    _links.changed.connect(this._hear, this);
  }

  private _hear(): void {
    for (const { state, standing } of this._links.all) {
      const notice = state === 'connected' && standing !== null ? this._reader.hear(standing) : null;
      if (notice !== null) {
        this._tell(notice);
      }
    }
  }

  private _tell(notice: Notice): void {
    const before = this._waiting.get(notice.key);
    if (before !== undefined) {
      Notification.dismiss(before);
      this._waiting.delete(notice.key);
    }
    const wishes = this._wishes();
    if (!wanted(notice, wishes)) {
      return;
    }
    const text = notice.text.length > LONGEST ? `${notice.text.slice(0, LONGEST)}…` : notice.text;
    if (notice.kind === 'failed') {
      this._failures.show(notice.cause, count => (count > 1 ? `${text} (${count} runs ended so)` : text));
    } else if (notice.kind === 'waiting') {
      this._waiting.set(notice.key, Notification.emit(text, 'warning', this._options(this._untilSeen())));
      if (wishes.openSidebar && this._links.current?.standing?.run?.key === notice.key) {
        this._show();
      }
    } else {
      this._ended.show('ended', count => (count > 1 ? `${text} (${count} runs have ended)` : text));
    }
  }

  private _toasts(type: 'error' | 'info', most: number, shown: () => number | false): OnePerCause {
    const toaster = {
      emit: (text: string) => Notification.emit(text, type, this._options(shown())),
      update: (id: string, text: string) => void Notification.update({ id, message: text, autoClose: shown() }),
      dismiss: (id: string) => Notification.dismiss(id),
      has: (id: string) => Notification.manager.has(id)
    };
    return new OnePerCause(toaster, most);
  }

  private readonly _show = (): void => void this._app.commands.execute(Command.showSidebar);

  /** It stays until it is dismissed; not over the sidebar, which says the same: from there it goes, and is kept among the notifications. */
  private _untilSeen(): number | false {
    const sidebar = [...this._app.shell.widgets('right')].find(one => one.id === SIDEBAR);
    return sidebar?.isVisible ? SHOWN_MS : false;
  }

  private _options(autoClose: number | false): Notification.IOptions<null> {
    return { autoClose, actions: [{ label: 'Show', caption: 'Show the IvoryOS sidebar', callback: this._show }] };
  }
}

/** Tells of runs that wait, fail or end. */
export const notices: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Tells when a run waits for a person, fails or ends.',
  autoStart: true,
  requires: [ILinks],
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, links: Links, registry: ISettingRegistry | null): void => {
    let wishes = DEFAULTS;
    new Herald(app, links, () => wishes);
    registry
      ?.load(ID)
      .then(settings => {
        const take = (): void => {
          wishes = wishesOf(settings.composite);
        };
        settings.changed.connect(take);
        take();
      })
      .catch((error: unknown) => console.warn('IvoryOS: the settings cannot be read; its notifications are as they come.', error));
  }
};
