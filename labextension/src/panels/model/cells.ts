/** How does a line of Python get into the notebook?  By the extension where there is one, else by the clipboard. */

/** Name of the event that asks the extension for a new cell below the one in use. */
export const CELL_EVENT = 'ivoryos:cell';

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
