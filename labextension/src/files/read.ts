/**
 * What stands in a workflow file?  Workflow JSON v1, flattened as the builder shows it; or what is wrong with it, and where.
 *
 * A kernel reads files strictly (`ivoryos_jupyter/workflow/_json.py`); here only as much is checked as is needed to show one.
 */

import { PHASES } from '../builder/wire';
import type { IDocument, IHead, IStep, Phase } from '../builder/wire';
import { isFields } from '../protocol/messages';

export const FORMAT = 'ivoryos-workflow/1';
const FAMILY = 'ivoryos-workflow/';
const DEEPEST = 60;

/** One thing that is wrong, and its place: `script[2].body[0].seconds`, or `line 3, column 14`. */
export interface Fault {
  readonly place: string;
  readonly message: string;
}

export type Reading = { readonly document: IDocument } | { readonly faults: readonly Fault[] };

type Fields = { readonly [key: string]: unknown };
type Guard = 'text' | 'value' | 'values' | 'steps' | 'branches' | 'list' | 'outputs' | 'number' | 'flag' | 'object';

/** Fields by kind of step; those with a `?` may be absent. */
const COMMON = { 'disabled?': 'flag', 'note?': 'text', 'timeout_s?': 'number', 'on_error?': 'object', 'once_per_batch?': 'flag' } as const;
const CALL = { 'arguments?': 'values', 'outputs?': 'outputs' } as const;
const KINDS: { readonly [kind: string]: { readonly [field: string]: Guard } } = {
  action: { instrument: 'text', method: 'text', ...CALL },
  get: { instrument: 'text', property: 'text', 'outputs?': 'outputs' },
  set: { instrument: 'text', property: 'text', value: 'value' },
  block: { block: 'text', ...CALL },
  workflow: { workflow: 'text', version: 'text', ...CALL },
  if: { branches: 'branches', 'otherwise?': 'steps' },
  while: { condition: 'text', 'body?': 'steps', 'most?': 'number' },
  repeat: { times: 'value', 'body?': 'steps' },
  for_each: { item: 'text', items: 'value', 'body?': 'steps' },
  wait: { seconds: 'value' },
  wait_until: { time: 'text' },
  wait_for: { instrument: 'text', property: 'text', condition: 'text', 'hold_s?': 'number', 'outputs?': 'outputs' },
  comment: { text: 'text' },
  pause: { message: 'text' },
  input: { message: 'text', name: 'text' },
  variable: { name: 'text', value: 'value' }
};
const WORDS: { readonly [guard in Guard]: string } = {
  text: 'must be text',
  value: 'must be an object with exactly one of value, at_run, variable, expression',
  values: 'must be an object of values',
  steps: 'must be a list of steps',
  branches: 'must be a list of branches, each with a condition',
  list: 'must be a list',
  outputs: 'must name the results',
  number: 'must be a number',
  flag: 'must be true or false',
  object: 'must be an object'
};
const SOURCES = ['value', 'at_run', 'variable', 'expression'];

/** Read the text of a file. */
export function readWorkflow(text: string): Reading {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { faults: [notJson(text, error)] };
  }
  return isFields(data) ? new Reader(data).read() : { faults: [{ place: '', message: 'a workflow is a JSON object' }] };
}

function notJson(text: string, error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (text.trim() === '') {
    return { place: '', message: 'the file is empty' };
  }
  const said = /line (\d+) column (\d+) of/.exec(message);
  if (said) {
    return { place: `line ${said[1]}, column ${said[2]}`, message: `the text is no JSON: ${message.replace(/ at line \d+ column.*/, '')}` };
  }
  const at = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, at === undefined ? 0 : Number(at)).split('\n');
  const place = at === undefined ? '' : `line ${before.length}, column ${(before[before.length - 1]?.length ?? 0) + 1}`;
  return { place, message: `the text is no JSON: ${message.replace(/ in JSON at position.*/, '')}` };
}

class Reader {
  private readonly _faults: Fault[] = [];
  private readonly _steps: Record<string, IStep> = {};

  constructor(private readonly _data: Fields) {}

  read(): Reading {
    this._format();
    const phases = Object.fromEntries(PHASES.map(phase => [phase, this._list(this._data[phase] ?? [], phase, 0)]));
    const head = this._head();
    if (this._faults.length > 0) {
      return { faults: this._faults };
    }
    const state = { dirty: false, saved: true, saved_version: 0, undo: '', redo: '' };
    return { document: { version: 0, head, phases: phases as Record<Phase, string[]>, steps: this._steps, ...state } };
  }

  private _fault(place: string, message: string): void {
    this._faults.push({ place, message });
  }

  private _format(): void {
    const { format } = this._data;
    if (typeof format === 'string' && format.startsWith(FAMILY) && format !== FORMAT) {
      this._fault('format', `was written by a newer version of ivoryos_jupyter (${format}); update it to open this file, nothing was changed`);
    } else if (format !== FORMAT) {
      this._fault('format', `must be “${FORMAT}”; this is no workflow of IvoryOS in Jupyter`);
    }
  }

  private _head(): IHead {
    const { name } = this._data;
    if (typeof name !== 'string' || name === '') {
      this._fault('name', 'a workflow needs a name');
    }
    const text = (key: string): string => (typeof this._data[key] === 'string' ? String(this._data[key]) : '');
    return {
      name: text('name'),
      description: text('description'),
      deck: text('deck'),
      author: text('author'),
      finalized: this._data.finalized === true,
      registered: this._data.registered === true
    };
  }

  private _list(data: unknown, place: string, depth: number): string[] {
    if (!Array.isArray(data)) {
      this._fault(place, WORDS.steps);
      return [];
    }
    return data.flatMap((one: unknown, index) => this._step(one, `${place}[${index}]`, depth));
  }

  private _step(data: unknown, place: string, depth: number): string[] {
    if (depth >= DEEPEST) {
      this._fault(place, `steps lie in each other more than ${DEEPEST} deep`);
      return [];
    }
    const kind = isFields(data) && typeof data.step === 'string' ? data.step : '';
    const fields = Object.prototype.hasOwnProperty.call(KINDS, kind) ? KINDS[kind] : undefined;
    if (!isFields(data) || fields === undefined) {
      this._fault(`${place}.step`, `must be one of ${Object.keys(KINDS).join(', ')}`);
      return [];
    }
    const { id } = data;
    if (typeof id !== 'string' || id === '' || Object.prototype.hasOwnProperty.call(this._steps, id)) {
      this._fault(`${place}.id`, typeof id === 'string' && id !== '' ? `two steps have the id “${id}”` : 'a step needs an id, a text');
      return [];
    }
    this._check(data, { ...COMMON, ...fields }, place);
    // Its place among the steps is taken before those inside it are read, so that none of them can have the same id.
    this._steps[id] = shown(data, {});
    this._steps[id] = shown(data, this._slots(data, kind, place, depth + 1));
    return [id];
  }

  private _check(data: Fields, fields: { readonly [field: string]: Guard }, place: string): void {
    for (const [field, guard] of Object.entries(fields)) {
      const name = field.replace('?', '');
      const value = data[name];
      if (value === undefined || value === null) {
        if (name === field) {
          this._fault(`${place}.${name}`, 'is missing');
        }
      } else if (!fits(guard, value)) {
        this._fault(`${place}.${name}`, WORDS[guard]);
      }
    }
  }

  private _slots(data: Fields, kind: string, place: string, depth: number): Record<string, string[]> {
    if (kind === 'if') {
      const branches: readonly unknown[] = Array.isArray(data.branches) ? data.branches : [];
      const bodies = branches.map((one, index) => [
        `branch:${index}`,
        this._list((isFields(one) ? one.body : undefined) ?? [], `${place}.branches[${index}].body`, depth)
      ]);
      return { ...(Object.fromEntries(bodies) as Record<string, string[]>), else: this._list(data.otherwise ?? [], `${place}.otherwise`, depth) };
    }
    return 'body?' in (KINDS[kind] ?? {}) ? { body: this._list(data.body ?? [], `${place}.body`, depth) } : {};
  }
}

/** The step without those inside it, as a view shows it. */
function shown(data: Fields, slots: Record<string, string[]>): IStep {
  const { branches } = data;
  const rest = Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'body' && name !== 'otherwise'));
  const bare = Array.isArray(branches) ? { branches: branches.map((one: unknown) => ({ condition: isFields(one) ? String(one.condition) : '' })) } : {};
  return { ...(rest as unknown as IStep), ...bare, ...(Object.keys(slots).length > 0 ? { slots } : {}) };
}

function fits(guard: Guard, value: unknown): boolean {
  switch (guard) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isFields(value);
    case 'value':
      return isValue(value);
    case 'values':
      return isFields(value) && Object.values(value).every(isValue);
    case 'outputs':
      return (Array.isArray(value) ? value : isFields(value) ? Object.values(value) : [0]).every((one: unknown) => typeof one === 'string');
    case 'branches':
      return Array.isArray(value) && value.every(one => isFields(one) && typeof one.condition === 'string');
    default:
      return Array.isArray(value);
  }
}

function isValue(value: unknown): boolean {
  if (!isFields(value)) {
    return false;
  }
  const keys = Object.keys(value);
  const key = keys[0] ?? '';
  return keys.length === 1 && SOURCES.includes(key) && (key === 'value' || typeof value[key] === 'string');
}
