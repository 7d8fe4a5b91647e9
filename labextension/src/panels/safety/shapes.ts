/** What do views hear of make safe?  Twin of `SafetyJson` in `ivoryos_jupyter/wire.py`. */

export interface SafeRow {
  instruments: string[];
  handler: string;
  outcome: 'waiting' | 'running' | 'done' | 'failed' | 'no answer' | 'not reached';
  seconds: number | null;
  error: string;
}

export interface MadeSafe {
  started_us: number;
  ended_us: number | null;
  sentence: string;
  run: string;
  rows: SafeRow[];
  without: string[];
  /** The same as a sentence, with a few of the names. */
  without_text: string;
  unreached: string[];
  problems: string[];
  interrupted: boolean;
  untrusted: string[];
  /** Calls that were asked to stop and had not returned. */
  under_way: string[];
}

export interface Safety {
  handlers: { label: string; instruments: string[] }[];
  without: string[];
  without_text: string;
  problems: string[];
  report: MadeSafe | null;
}
