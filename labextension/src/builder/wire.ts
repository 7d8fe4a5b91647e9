/** Which shapes travel between the builder and the kernel?  Twin of the shapes in `ivoryos_jupyter/widgets/builders/`. */

export type Phase = 'prep' | 'script' | 'cleanup';

export const PHASES: readonly Phase[] = ['prep', 'script', 'cleanup'];

/** JSON as it comes out of the kernel; `{"$live": text}` is a reference to a live object. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** Where an argument comes from; exactly one of the four. */
export type Value = { value: Plain } | { at_run: string } | { variable: string } | { expression: string };

export interface IBranch {
  condition: string;
}

export interface IOnError {
  action?: 'ask' | 'retry' | 'continue' | 'fail';
  retries?: number;
  delay_s?: number;
}

/** One step without the steps inside it; what is as by default is absent. */
export interface IStep {
  /** Which kind of step: `action`, `if`, `wait`, … */
  step: string;
  id: string;
  disabled?: boolean;
  note?: string;
  timeout_s?: number;
  on_error?: IOnError;
  once_per_batch?: boolean;
  instrument?: string;
  method?: string;
  property?: string;
  block?: string;
  workflow?: string;
  version?: string;
  arguments?: Record<string, Value>;
  consolidate?: string[];
  outputs?: string[] | Record<string, string>;
  value?: Value;
  branches?: IBranch[];
  condition?: string;
  most?: number;
  times?: Value;
  item?: string;
  items?: Value;
  seconds?: Value;
  keep_counting?: boolean;
  time?: string;
  hold_s?: number;
  every_s?: number;
  text?: string;
  message?: string;
  name?: string;
  choices?: Plain[];
  /** Of the answer to a question. */
  type?: 'float' | 'int' | 'str' | 'bool';
  /** Ids of the steps inside, by slot: `body`, `branch:0`, `else`. */
  slots?: Record<string, string[]>;
}

/** What the workflow says of itself. */
export interface IHead {
  name: string;
  description: string;
  deck: string;
  author: string;
  finalized: boolean;
  registered: boolean;
  /** Declared types of run-time parameters; a file that is only shown has none. */
  parameters?: Record<string, string>;
}

/** What the header shows beside the workflow's own words. */
export interface IState {
  /** Whether it differs from what the library holds. */
  dirty: boolean;
  /** Whether the library holds it at all. */
  saved: boolean;
  /** Number of the version in the library; 0 when there is none. */
  saved_version: number;
  /** What would be undone and done again; empty when nothing. */
  undo: string;
  redo: string;
}

/** The whole document, as it travels when a view opens. */
export interface IDocument extends IState {
  version: number;
  head: IHead;
  phases: Record<Phase, string[]>;
  steps: Record<string, IStep>;
}

/** A change of one list of ids: at `at`, `remove` go and `insert` come. */
export interface ISplice {
  /** `prep`, `script`, `cleanup`, or `<step id>/<slot>`. */
  list: string;
  at: number;
  remove: number;
  insert: string[];
}

/** What one edit changed; its size follows the edit, not the workflow. */
export interface IPatch extends Partial<IState> {
  from: number;
  to: number;
  head?: Partial<IHead>;
  set?: Record<string, IStep>;
  drop?: string[];
  lists?: ISplice[];
}

/** Where a step can be put. */
export interface IPlace {
  phase: Phase;
  /** Id of the step around, or null in the phase itself. */
  parent: string | null;
  slot: string;
  index: number;
}

/** One finding of the checker. */
export interface IFinding {
  step: string | null;
  severity: 'error' | 'warning';
  code: string;
  message: string;
  field: string;
  repair: { label: string; params: Plain } | null;
}

/** A parameter as a sentence needs it. */
export interface IParameterLine {
  name: string;
  unit: string;
  required: boolean;
}

/** A method, building block or registered workflow in the palette. */
export interface ICallable {
  name: string;
  summary: string;
  doc: string;
  folded: boolean;
  parameters: IParameterLine[];
}

export interface IPropertyLine {
  name: string;
  unit: string;
  /** Whether None can be set. */
  nullable: boolean;
  summary: string;
  readable: boolean;
  settable: boolean;
  folded: boolean;
}

export interface IInstrumentLine {
  path: string;
  type: string;
  summary: string;
  methods: ICallable[];
  properties: IPropertyLine[];
}

/** What can be dragged, besides control flow. */
export interface IPalette {
  instruments: IInstrumentLine[];
  blocks: (ICallable & { category: string })[];
  workflows: (ICallable & { version: string })[];
  left_out: number;
}

/** What the checker says of one version. */
export interface ICheck {
  version: number;
  findings: IFinding[];
  /** How many there are in all, when not all of them travel. */
  total: number;
}

/** How a step fares in the run that is shown. */
export interface IStepRun {
  /** Of a loop: which round it is in; it has no status of its own. */
  round: number;
  status: '' | 'open' | 'done' | 'failed' | 'skipped' | 'cancelled' | 'abandoned';
  /** How often it was done in this run. */
  count: number;
  started_ms: number;
  took_ms: number | null;
}

/** The run of this workflow that goes on, or the last one that ended while the view was open. */
export interface IRun {
  key: string;
  name: string;
  sentence: string;
  state: string;
  phase: string;
  iteration: number;
  iterations: number;
  ended: boolean;
  outcome: string;
  /** Whether the run is of the version that is edited. */
  same_version: boolean;
  version: string;
  step: string;
  /** Number of the latest event that this tells of. */
  seen: number;
  steps: Record<string, IStepRun>;
}

/** The waiting run to which an open workflow belongs. */
export interface IWaiting {
  key: string;
  name: string;
  columns: string[];
  /** The table as text; null for a run by count. */
  rows: string[][] | null;
  repeat: number;
  sample: string;
  batch_size: number;
}

/** The answer to an edit: what changed, or that the view was behind. */
export type EditReply = { patch: IPatch; select: string[] } | { stale: number };
