/** How do the parts of the sidebar reach its store, and JupyterLab? */

import { createContext, useContext } from 'react';
import type { Params } from '../../protocol/messages';
import { span } from '../model/clock';
import type { Reading } from './shapes';

/** What a part can do. */
export interface Doing {
  /** Tell the kernel something; tells whether it was done. */
  readonly command: (method: string, params?: Params) => Promise<boolean>;
  /** Tell the kernel something; tells why it was refused, which the caller shows; empty when it was done. */
  readonly tell: (method: string, params?: Params) => Promise<string>;
  /** Put a line of Python into a new cell of the notebook; it is not run. */
  readonly insert: (code: string) => void;
  /** Open a waiting run for editing in the main area; null where there is no room for it. */
  readonly edit: ((key: string) => void) | null;
  /** Open a new notebook that begins with IvoryOS; null where that cannot be done. */
  readonly begin: (() => void) | null;
}

const Context = createContext<Doing | null>(null);

export const DoingProvider = Context.Provider;

export function useDoing(): Doing {
  const doing = useContext(Context);
  if (doing === null) {
    throw new Error('This component must be drawn inside the sidebar.');
  }
  return doing;
}

/** `61.2 °C`. */
export function readingText(one: Reading): string {
  return one.unit ? `${one.text} ${one.unit}` : one.text;
}

/** Name at the root of `pump.dispense` or `stage.x.move`. */
export function rootOf(label: string): string {
  return label.split(/[.[]/, 1)[0] ?? '';
}

/** How long something has gone on; a quick step would only make the line flicker. */
export function elapsed(ms: number): string {
  return ms < 1000 ? '' : span(Math.floor(ms / 1000) * 1000).replace('.0 s', ' s');
}
