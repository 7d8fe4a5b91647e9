/**
 * What travels between a view and the kernel?
 *
 * The kernel side (`ivoryos_jupyter/bridge/_messages.py` and `desk.py`) is the source of these shapes; the examples in
 * `tests/protocol/*.json` are read by the tests of both languages.
 */

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a request is about, named. */
export type Params = { readonly [key: string]: Json };

/** A view asks the kernel for something. */
export interface Request {
  readonly id: string;
  readonly method: string;
  readonly params: Params;
}

/** One thing that is wrong with one field. */
export interface Problem {
  readonly field: string;
  readonly message: string;
  readonly value: string;
}

/** Why a request was refused, in words a scientist can act on. */
export interface Failure {
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** The kernel's answer to one request. */
export type Reply =
  | { readonly id: string; readonly ok: true; readonly result: Json }
  | { readonly id: string; readonly ok: false; readonly error: Failure };

/** Something that happened, told to every view without being asked. */
export interface Event {
  readonly name: string;
  readonly data: Json;
}

/** A request on a widget's own comm. */
export type RequestMessage = { readonly type: 'request' } & Request;
/** What the kernel sends on a widget's own comm, and on the announce comm. */
export type KernelMessage = ({ readonly type: 'reply' } & Reply) | ({ readonly type: 'event' } & Event);

type Fields = { readonly [key: string]: unknown };

/** Tell whether `value` is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProblem(value: unknown): value is Problem {
  return (
    isFields(value) &&
    typeof value.field === 'string' &&
    typeof value.message === 'string' &&
    typeof value.value === 'string'
  );
}

function isFailure(value: unknown): value is Failure {
  return (
    isFields(value) &&
    typeof value.message === 'string' &&
    Array.isArray(value.problems) &&
    value.problems.every(isProblem)
  );
}

/** Tell whether `value` has the shape of a reply. */
export function isReply(value: unknown): value is Reply {
  if (!isFields(value) || typeof value.id !== 'string') {
    return false;
  }
  return value.ok === true ? 'result' in value : value.ok === false && isFailure(value.error);
}

/** Tell whether `value` has the shape of an event. */
export function isEvent(value: unknown): value is Event {
  return isFields(value) && typeof value.name === 'string' && 'data' in value;
}

/** Tell whether `value` is a message from the kernel. */
export function isKernelMessage(value: unknown): value is KernelMessage {
  return isFields(value) && ((value.type === 'reply' && isReply(value)) || (value.type === 'event' && isEvent(value)));
}

/** Tell whether `value` has the shape of a request. */
export function isRequest(value: unknown): value is Request {
  return isFields(value) && typeof value.id === 'string' && typeof value.method === 'string' && isFields(value.params);
}

/** Make an id that no other view uses. */
export function newId(): string {
  const random = globalThis.crypto?.getRandomValues?.(new Uint32Array(4));
  const parts = random ? Array.from(random) : Array.from({ length: 4 }, () => Math.random() * 2 ** 32);
  return parts.map(part => Math.floor(part).toString(16).padStart(8, '0')).join('');
}
