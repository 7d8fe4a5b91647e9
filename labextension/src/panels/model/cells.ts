/** How does a line of Python get into the notebook?  By the extension where there is one, else by the clipboard. */

import { isFields } from '../../protocol/messages';

/** Name of the event that asks the extension for a new cell below the one in use. */
export const CELL_EVENT = 'ivoryos:cell';

/** The code that an event offers, or null when it is no such event. */
export function offeredCode(event: Event): string | null {
  const detail: unknown = event instanceof CustomEvent ? event.detail : null;
  return isFields(detail) && typeof detail.code === 'string' ? detail.code : null;
}

/** Offer `code`; returns what happened, in words. */
export async function offerCell(code: string, token: string): Promise<string> {
  const taken = !window.dispatchEvent(new CustomEvent(CELL_EVENT, { cancelable: true, detail: { token, code } }));
  if (taken) {
    return 'a cell was added below';
  }
  try {
    await navigator.clipboard.writeText(code);
    return 'copied; paste it into a cell';
  } catch {
    return code;
  }
}
