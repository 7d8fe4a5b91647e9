/** What a view needs to talk with the kernel. */

export { Connection, SLOW_AFTER_MS, WAITING } from './connection';
export type { WidgetModel } from './connection';
export { NotConnectedError, RefusedError } from './errors';
export { Context, useConnection, useKernelEvent, useTrait, useTraitSetter, useWaiting } from './hooks';
export { isEvent, isFields, isKernelMessage, isReply, isRequest, newId } from './messages';
export type { Event, Failure, Json, KernelMessage, Params, Problem, Reply, Request, RequestMessage } from './messages';
export { mount } from './mount';
export type { RenderProps, View } from './mount';
export { listenOnWindow, offerToWindow, REQUEST_EVENT } from './window';
export type { WindowRequest } from './window';
