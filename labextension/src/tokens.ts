/**
 * What travels between this extension and a kernel?
 *
 * `ivoryos_jupyter/bridge/_messages.py` and `ivoryos_jupyter/wire.py` are the source of these shapes; the examples in
 * `tests/protocol/*.json` are read by the tests of both languages.
 */

import { isFields, isReply } from './protocol/messages';
import type { Json, Reply, Request } from './protocol/messages';

/** Type of the control message that carries a `ControlRequest`. */
export const REQUEST_TYPE = 'ivoryos_request';
/** Name of the comm on which the kernel tells what happens. */
export const TARGET = 'ivoryos.announce';
/** The protocol this extension speaks. */
export const VERSION = 1;

/** A request to one kernel. */
export interface ControlRequest {
  /** Of the session that is meant; empty for whichever session the kernel has. */
  readonly token: string;
  readonly request: Request;
}

/** Where a run is. */
export type RunState = 'queued' | 'running' | 'paused' | 'asking' | 'ended';

/** The step a run is at. */
export interface StepNow {
  readonly id: string;
  readonly label: string;
}

/** What a run wants to know. */
export interface Question {
  readonly id: string;
  readonly kind: string;
  readonly message: string;
  readonly choices: readonly string[];
}

/** A snapshot of one run, as far as this extension reads it. */
export interface Run {
  readonly key: string;
  readonly name: string;
  readonly workflow: string;
  readonly state: RunState;
  readonly outcome: string | null;
  readonly sentence: string;
  readonly phase: string;
  readonly iteration: number;
  readonly iterations: number;
  readonly progress: number | null;
  readonly step: StepNow | null;
  readonly question: Question | null;
  readonly pausing: boolean;
  readonly stopping: string | null;
  readonly error: string | null;
}

/** The run that matters most, and how many wait behind it. */
export interface Standing {
  /** Higher in a later standing; acknowledgements and the comm take different ways and may overtake each other. */
  readonly serial: number;
  readonly run: Run | null;
  readonly waiting: number;
  readonly on_hold: boolean;
  /** Counts what else has changed: queue, deck, records; whoever shows them asks again when it is another number. */
  readonly changes: number;
  /** Names of the interrupted runs that wait for a decision. */
  readonly undecided: readonly string[];
}

/** Who a kernel's session is. */
export interface Greeting {
  readonly version: number;
  readonly token: string;
  readonly standing: Standing;
}

/** The request has arrived. */
export interface Acknowledgement {
  readonly accepted: boolean;
  readonly comm: string;
  readonly greeting: Greeting;
  readonly reply: Reply | null;
}

/** Something for one view of this page that is no widget of the kernel. */
export interface ViewEvent {
  readonly view: string;
  readonly name: string;
  readonly data: Json;
}

/** What comes on the comm. */
export type Message =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'standing'; readonly standing: Standing }
  | ({ readonly type: 'event' } & ViewEvent)
  | { readonly type: 'farewell' };

const STATES: readonly unknown[] = ['queued', 'running', 'paused', 'asking', 'ended'];

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isStep(value: unknown): boolean {
  return isFields(value) && isText(value.id) && isText(value.label);
}

function isQuestion(value: unknown): boolean {
  return (
    isFields(value) &&
    [value.id, value.kind, value.message].every(isText) &&
    Array.isArray(value.choices) &&
    value.choices.every(isText)
  );
}

function isRun(value: unknown): value is Run {
  return (
    isFields(value) &&
    [value.key, value.name, value.workflow, value.sentence, value.phase].every(isText) &&
    [value.outcome, value.stopping, value.error].every(isTextOrNull) &&
    [value.iteration, value.iterations].every(isNumber) &&
    STATES.includes(value.state) &&
    (value.progress === null || isNumber(value.progress)) &&
    (value.step === null || isStep(value.step)) &&
    (value.question === null || isQuestion(value.question)) &&
    typeof value.pausing === 'boolean'
  );
}

/** Tell whether `value` is a standing. */
export function isStanding(value: unknown): value is Standing {
  return (
    isFields(value) &&
    (value.run === null || isRun(value.run)) &&
    [value.serial, value.waiting, value.changes].every(isNumber) &&
    typeof value.on_hold === 'boolean'
  );
}

/** Tell whether `value` is a greeting. */
export function isGreeting(value: unknown): value is Greeting {
  return isFields(value) && isNumber(value.version) && isText(value.token) && isStanding(value.standing);
}

/** Tell whether `value` is an acknowledgement. */
export function isAcknowledgement(value: unknown): value is Acknowledgement {
  return (
    isFields(value) &&
    typeof value.accepted === 'boolean' &&
    isText(value.comm) &&
    isGreeting(value.greeting) &&
    (value.reply === null || isReply(value.reply))
  );
}

/** Tell whether `value` is a message of the comm. */
export function isMessage(value: unknown): value is Message {
  if (!isFields(value)) {
    return false;
  }
  switch (value.type) {
    case 'reply':
      return isReply(value.reply);
    case 'standing':
      return isStanding(value.standing);
    case 'event':
      return isText(value.view) && isText(value.name) && 'data' in value;
    default:
      return value.type === 'farewell';
  }
}
