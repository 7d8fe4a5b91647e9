/** How is it said that a command of the page was refused?  In a toast that goes by itself; the same refusal again is the same toast. */

import { Notification } from '@jupyterlab/apputils';
import { OnePerCause } from './model/toasts';

const SHOWN_MS = 30_000;
const MOST = 3;

const refusals = new OnePerCause(
  {
    emit: text => Notification.error(text, { autoClose: SHOWN_MS }),
    update: (id, text) => Notification.update({ id, message: text, autoClose: SHOWN_MS }),
    dismiss: id => Notification.dismiss(id),
    has: id => Notification.manager.has(id)
  },
  MOST
);

/** Say it. */
export function tellRefusal(text: string): void {
  refusals.show(text, count => (count > 1 ? `${text} (${count} times)` : text));
}
