/**
 * How does a widget's view reach the JupyterLab extension of the same page?
 *
 * By a cancelable event on the window. Whoever can reach the kernel that `token` names calls `preventDefault()`; when nobody
 * does, there is no extension here and the view uses its own comm.
 */

import { isFields, isRequest } from './messages';
import type { Reply, Request } from './messages';

/** Name of the event. */
export const REQUEST_EVENT = 'ivoryos:request';

/** What the event carries. */
export interface WindowRequest {
  /** Names the session in the kernel, so that the right kernel is asked. */
  readonly token: string;
  readonly request: Request;
  /** Called once with the kernel's answer. */
  readonly reply: (reply: Reply) => void;
  /** Called instead when the kernel has not acknowledged in time. */
  readonly unreachable: (message: string) => void;
}

function isWindowRequest(value: unknown): value is WindowRequest {
  return (
    isFields(value) &&
    typeof value.token === 'string' &&
    isRequest(value.request) &&
    typeof value.reply === 'function' &&
    typeof value.unreachable === 'function'
  );
}

/** Offer a request to the extension; true when it was taken. */
export function offerToWindow(detail: WindowRequest): boolean {
  return !window.dispatchEvent(new CustomEvent(REQUEST_EVENT, { cancelable: true, detail }));
}

/** Listen for requests; `take` returns whether it takes one. Returns how to stop. */
export function listenOnWindow(take: (detail: WindowRequest) => boolean): () => void {
  const listener = (event: globalThis.Event): void => {
    if (event.defaultPrevented || !(event instanceof CustomEvent) || !isWindowRequest(event.detail)) {
      return;
    }
    if (take(event.detail)) {
      event.preventDefault();
    }
  };
  window.addEventListener(REQUEST_EVENT, listener);
  return () => window.removeEventListener(REQUEST_EVENT, listener);
}
