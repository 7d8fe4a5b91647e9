/** What do the views of runs hear from the kernel?  Twin of `ivoryos_jupyter/wire.py` and `widgets/_runs.py`. */

import type { Json } from '../../protocol';

export interface Step {
  id: string;
  label: string;
  path: string;
  started_us: number;
  attempt: number;
  wait_total_s: number | null;
  wait_left_s: number | null;
  wait_counting: boolean;
}

export interface Question {
  id: string;
  kind: 'error' | 'pause' | 'input' | 'rebound' | 'records' | 'held';
  message: string;
  choices: string[];
  step_id: string;
  label: string;
  error: string;
  arguments: { [name: string]: Json };
  type: string;
  options: Json[];
  unit: string;
  minimum: number | null;
  maximum: number | null;
  default: Json;
}

export interface Run {
  key: string;
  name: string;
  workflow: string;
  run_id: number | null;
  state: 'queued' | 'running' | 'paused' | 'asking' | 'ended';
  outcome: 'completed' | 'stopped' | 'failed' | 'interrupted' | null;
  sentence: string;
  phase: string;
  iteration: number;
  iterations: number;
  progress: number | null;
  step: Step | null;
  question: Question | null;
  message: string;
  pausing: boolean;
  paused_by: string;
  /** Which other kernel has it, and alone commands it; empty for this one. */
  elsewhere: string;
  stopping: string | null;
  counts: { [name: string]: number };
  error: string | null;
  cleanup_error: string | null;
  at_us: number;
  started_us: number | null;
  ended_us: number | null;
  estimate?: { ends_ms: number; spread_ms: number } | null;
}

export interface Column {
  name: string;
  unit: string;
}

export interface Row {
  at: number;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'in doubt' | 'unknown';
  inputs: { [name: string]: string };
  outputs: { [name: string]: string };
  numbers: { [name: string]: number };
  started_ms: number | null;
  ended_ms: number | null;
  skipped: number;
}

export interface Happened {
  at_ms: number;
  text: string;
  bad: boolean;
}

export interface Table {
  run: Run;
  inputs: Column[];
  outputs: Column[];
  rows: Row[];
  first: number;
  total: number;
  happened: Happened[];
  /** What the runs had done that it goes on with. */
  before: Earlier[];
}

/** What an earlier run had done of the same rows. */
export interface Earlier {
  run: number;
  done: number;
}

/** What a changed run tells: rows by their place, and the latest line. */
export interface RowsChanged {
  key: string;
  rows: Row[];
  happened: Happened[];
}
