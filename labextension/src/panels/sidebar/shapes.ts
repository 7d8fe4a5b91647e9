/** What does the sidebar hear from the kernel, beside the run?  Twin of `ivoryos_jupyter/bridge/_sidebar_shapes.py`. */

import type { Interrupted } from '../needs/shapes';
import type { Earlier } from '../runs/shapes';
import type { Safety } from '../safety/shapes';

export interface Reading {
  name: string;
  text: string;
  unit: string;
  at_ms: number;
  watched: string;
}

export interface Instrument {
  name: string;
  type: string;
  state: 'offline' | 'untrusted' | 'busy' | 'held' | 'idle';
  text: string;
  since_ms: number | null;
  readings: Reading[];
}

export interface Entry {
  key: string;
  name: string;
  workflow: string;
  rows: number | null;
  repeat: number;
  held: boolean;
  stop_here: boolean;
  not_before_ms: number | null;
  problem: string;
}

export interface Queue {
  on_hold: boolean;
  reason: string;
  entries: Entry[];
}

export interface Recent {
  id: number;
  name: string;
  workflow: string;
  status: string;
  started_ms: number | null;
  ended_ms: number | null;
  skipped: number;
  error: string;
  done: number;
  total: number | null;
  before: Earlier[];
  missing: number;
  by: string;
  cleanup_only: boolean;
  table: boolean;
}

export interface Tripped {
  label: string;
  reason: string;
  value: string;
  did: string;
  at_ms: number;
  outside: boolean;
  watched: boolean;
  now: string;
  now_ms: number | null;
  now_problem: string;
}

export interface Estimate {
  key: string;
  ends_ms: number;
  spread_ms: number;
}

export interface ToldLine {
  who: string;
  state: 'later' | 'telling' | 'told' | 'failed';
  at_ms: number;
  problem: string;
}

export interface Told {
  question: string;
  lines: ToldLine[];
  nobody: string;
}

export interface SidebarState {
  told: Told | null;
  safety: Safety;
  deck: { name: string; offline: boolean; instruments: Instrument[] };
  queue: Queue;
  recent: Recent[];
  tripped: Tripped[];
  interrupted: Interrupted[];
  estimate: Estimate | null;
  problem: string;
}
