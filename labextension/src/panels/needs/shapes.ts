/** What is known of an interrupted run?  Twin of `ivoryos_jupyter/notebook/recovery/_shapes.py`. */

import type { Json } from '../../protocol/messages';

export interface Said {
  name: string;
  text: string;
  at_ms: number;
}

export interface Doubt {
  call: string;
  at_ms: number;
  sample: string;
  step: string;
  arguments: { [name: string]: Json };
  needs: string[];
  rest_s: number | null;
  can_check: boolean;
  checked: string;
  choice: '' | 'done' | 'not_done' | 'rest';
  decided: string;
  said: Said[];
}

export interface Interrupted {
  id: number;
  name: string;
  where: string;
  problem: string;
  warning: string;
  in_doubt: Doubt[];
  coming: string;
  coming_step: string;
  ready: boolean;
  lost: string[];
  iteration: number;
  iterations: number;
  waiting: string;
}

/** All interrupted runs, and whether the queue into which they would go is on hold. */
export interface Cases {
  runs: Interrupted[];
  on_hold: boolean;
}
