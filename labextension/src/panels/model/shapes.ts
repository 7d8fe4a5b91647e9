/** What do the kernel and the panels say to each other?  Twin of `ivoryos_jupyter/widgets/_shapes.py`. */

import type { Json } from '../../protocol';

/** What was put into a field; an absent one is omitted from the call. */
export type Given =
  | { text: string }
  | { value: Json }
  | { live: string }
  | { items: Given[] }
  | { entries: [Given, Given][] }
  | { fields: GivenFields }
  | { member: number; given: Given };

export type GivenFields = { [name: string]: Given };

interface EnumMember {
  name: string;
  value: string;
}

export type Kind =
  | { tag: 'boolean' | 'text' | 'nothing' }
  | { tag: 'integer' | 'number'; minimum?: number | null; maximum?: number | null }
  | { tag: 'enum'; type_name: string; members: EnumMember[]; combines?: boolean }
  | { tag: 'literal'; values: (boolean | number | string | null)[] }
  | { tag: 'list'; item: Kind; container: string }
  | { tag: 'tuple'; items: Kind[] }
  | { tag: 'dict'; key: Kind; value: Kind }
  | { tag: 'record'; type_name: string; fields: Field[] }
  | { tag: 'temporal'; form: 'datetime' | 'date' | 'time' | 'timedelta' }
  | { tag: 'special'; form: 'path' | 'bytes' | 'decimal' | 'complex' | 'ndarray' }
  | { tag: 'live'; type_name: string; candidates: string[] }
  | { tag: 'union'; members: Kind[] }
  | { tag: 'nullable'; kind: Kind }
  | { tag: 'anything'; note?: string };

export interface Limit {
  minimum: number | null;
  maximum: number | null;
  allowed: string[] | null;
  unit: string;
}

export interface Field {
  name: string;
  kind: Kind;
  passing: 'positional' | 'either' | 'keyword' | 'var_positional' | 'var_keyword';
  required: boolean;
  /** The default as it reads in the signature; null when there is none. */
  default: string | null;
  unit: string;
  help: string;
  annotation: string;
  limit: Limit | null;
}

export interface MethodRow {
  name: string;
  signature: string;
  returns: string;
  summary: string;
  folded: boolean;
  note: string;
  defined_by: string;
}

export interface PropertyRow {
  name: string;
  unit: string;
  readable: boolean;
  settable: boolean;
  summary: string;
  folded: boolean;
  note: string;
  kind: Kind;
  limit: Limit | null;
}

export interface LeftOut {
  name: string;
  reason: string;
}

export interface InstrumentRow {
  path: string;
  type: string;
  summary: string;
  methods: MethodRow[];
  properties: PropertyRow[];
  children: { path: string; type: string }[];
  left_out: LeftOut[];
  connection: { connect: string; close: string; is_connected: string };
  status: InstrumentStatus;
}

export interface InstrumentStatus {
  state: 'idle' | 'busy' | 'held' | 'untrusted' | 'offline';
  /** In words: who holds it, what runs on it. */
  text: string;
}

export interface Preferences {
  favourites: string[];
  hidden: string[];
  order: { [path: string]: string[] };
}

export interface Listing {
  deck: string;
  offline: boolean;
  instruments: InstrumentRow[];
  left_out: LeftOut[];
  preferences: Preferences;
  /** What keeps every call from being made, for example a limits file that cannot be read. */
  warning: string;
}

export interface Form {
  target: string;
  member: string;
  operation: Operation;
  title: string;
  fields: Field[];
  variants: Field[][];
  doc: string;
  note: string;
  draft: GivenFields;
}

export type Operation = 'call' | 'get' | 'set';

export interface Problem {
  field: string;
  message: string;
  value: string;
}

export interface Check {
  problems: Problem[];
  missing: string[];
  /** The call in words of Python, as far as it can be said. */
  call: string;
  notes: { [field: string]: string };
}

export interface Shown {
  text: string;
  type: string;
  unit: string;
  table: { columns: string[]; rows: string[][]; total: number } | null;
  /** A PNG image in base64. */
  image: string;
}

type EntryState = 'waiting' | 'running' | 'done' | 'failed' | 'refused';

/** One call, in the log under its form. */
export interface Entry {
  id: string;
  target: string;
  member: string;
  operation: Operation;
  call: string;
  state: EntryState;
  origin: string;
  started_ms: number | null;
  ended_ms: number | null;
  result: Shown | null;
  error: { message: string; detail: string } | null;
  prints: string;
  message: string;
}

/** The call was made (its entry comes as an event), something is wrong with it, or the instrument is busy. */
export type CallReply = { call_id: string; call: string } | { problems: Problem[] } | { busy: string; take_over: boolean };

export interface DeviceClass {
  reference: string;
  summary: string;
}

/** Whether a kind is read from one line of text. */
export function isScalar(kind: Kind): boolean {
  const lines = ['boolean', 'text', 'integer', 'number', 'enum', 'literal', 'temporal', 'special', 'anything', 'live', 'nothing'];
  return kind.tag === 'nullable' ? isScalar(kind.kind) : lines.includes(kind.tag);
}

/** Name of a class without its module. */
export function shortType(name: string): string {
  const short = name.split(':').pop() ?? name;
  return short.split('.').pop() ?? short;
}

/** What a kind is called in a choice between kinds. */
export function kindName(kind: Kind): string {
  switch (kind.tag) {
    case 'nullable':
      return `${kindName(kind.kind)} or None`;
    case 'enum':
    case 'record':
    case 'live':
      return shortType(kind.type_name);
    case 'literal':
      return kind.values.map(one => JSON.stringify(one)).join(' | ');
    case 'list':
      return `list of ${kindName(kind.item)}`;
    case 'temporal':
    case 'special':
      return kind.form;
    case 'nothing':
      return 'None';
    default:
      return kind.tag;
  }
}
