/** Which shapes travel between the builder and the kernel?  Twin of `ivoryos_jupyter/widgets/_builder_patch.py`. */

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
  type: string;
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
  /** Answer type of a question; the step's own type is `type`. */
  answer?: string;
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
}

/** The whole document, as it travels when a view opens. */
export interface IDocument {
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
export interface IPatch {
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
