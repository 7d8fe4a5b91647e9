import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Doubt, Interrupted, Said } from '../src/panels/needs/shapes';
import type { Question, Run, Step } from '../src/panels/runs/shapes';
import type { MadeSafe, Safety, SafeRow } from '../src/panels/safety/shapes';
import type {
  Entry, Estimate, Instrument, Queue, Reading, Recent, SidebarState, Told, ToldLine, Tripped
} from '../src/panels/sidebar/shapes';
import { fields, yes } from './fields';

function examples<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '../../tests/protocol', name), 'utf8')) as T;
}

const state = examples<SidebarState>('sidebar.json');
const { run: runs } = examples<{ run: Run[] }>('bridge.json');
const [asking, report, interrupted] = [runs.find(one => one.question !== null), state.safety.report, state.interrupted[0]];

/** What is added to a shape here is sent and shown by no view; what is left out comes from elsewhere. */
const shapes: [string, unknown, string[]][] = [
  [
    'sidebar',
    state,
    fields<SidebarState>({
      told: yes, safety: yes, deck: yes, queue: yes, recent: yes, tripped: yes, interrupted: yes, estimate: yes, problem: yes
    })
  ],
  ['deck', state.deck, fields<SidebarState['deck']>({ name: yes, offline: yes, instruments: yes })],
  [
    'instrument',
    state.deck.instruments[1],
    fields<Instrument>({ name: yes, type: yes, state: yes, text: yes, since_ms: yes, readings: yes })
  ],
  ['reading', state.deck.instruments[1]?.readings[0], fields<Reading>({ name: yes, text: yes, unit: yes, at_ms: yes, watched: yes })],
  ['queue', state.queue, fields<Queue>({ on_hold: yes, reason: yes, entries: yes })],
  [
    'waiting run',
    state.queue.entries[0],
    fields<Entry>({
      key: yes, name: yes, workflow: yes, rows: yes, repeat: yes, held: yes, stop_here: yes, not_before_ms: yes, problem: yes
    })
  ],
  [
    'recent run',
    state.recent[0],
    fields<Recent>({
      id: yes, name: yes, workflow: yes, status: yes, started_ms: yes, ended_ms: yes, skipped: yes, error: yes, done: yes, total: yes,
      before: yes, missing: yes, by: yes, cleanup_only: yes, table: yes
    })
  ],
  [
    'tripped watch',
    state.tripped[0],
    fields<Tripped>({
      label: yes, reason: yes, value: yes, did: yes, at_ms: yes, outside: yes, watched: yes, now: yes, now_ms: yes, now_problem: yes
    })
  ],
  ['estimate', state.estimate, fields<Estimate>({ key: yes, ends_ms: yes, spread_ms: yes })],
  ['who was told', state.told, fields<Told>({ question: yes, lines: yes, nobody: yes })],
  ['line of who was told', state.told?.lines[0], fields<ToldLine>({ who: yes, state: yes, at_ms: yes, problem: yes })],
  ['plan of make safe', state.safety, fields<Safety>({ handlers: yes, without: yes, without_text: yes, problems: yes, report: yes })],
  [
    'report of make safe',
    report,
    fields<MadeSafe>({
      started_us: yes, ended_us: yes, sentence: yes, run: yes, rows: yes, without: yes, without_text: yes, unreached: yes, problems: yes,
      interrupted: yes, untrusted: yes, under_way: yes
    })
  ],
  ['handler that was called', report?.rows[0], fields<SafeRow>({ instruments: yes, handler: yes, outcome: yes, seconds: yes, error: yes })],
  [
    'interrupted run',
    interrupted,
    fields<Interrupted>({
      id: yes, name: yes, where: yes, problem: yes, warning: yes, in_doubt: yes, coming: yes, coming_step: yes, ready: yes, lost: yes,
      iteration: yes, iterations: yes, waiting: yes
    })
  ],
  [
    'step in doubt',
    interrupted?.in_doubt[0],
    fields<Doubt>({
      call: yes, at_ms: yes, sample: yes, step: yes, arguments: yes, needs: yes, rest_s: yes, can_check: yes, checked: yes, choice: yes,
      decided: yes, said: yes
    })
  ],
  ['last word of an instrument', interrupted?.in_doubt[0]?.said[0], fields<Said>({ name: yes, text: yes, at_ms: yes })],
  [
    'run',
    asking,
    fields<Omit<Run, 'estimate'> & { submitted_us: number }>({
      key: yes, name: yes, workflow: yes, run_id: yes, state: yes, outcome: yes, sentence: yes, phase: yes, iteration: yes,
      iterations: yes, progress: yes, step: yes, question: yes, message: yes, pausing: yes, paused_by: yes, elsewhere: yes,
      stopping: yes, counts: yes, error: yes, cleanup_error: yes, at_us: yes, submitted_us: yes, started_us: yes, ended_us: yes
    })
  ],
  [
    'step of a run',
    asking?.step,
    fields<Step & { sample: string }>({
      id: yes, label: yes, path: yes, sample: yes, started_us: yes, attempt: yes, wait_total_s: yes, wait_left_s: yes, wait_counting: yes
    })
  ],
  [
    'question',
    asking?.question,
    fields<Question>({
      id: yes, kind: yes, message: yes, choices: yes, step_id: yes, label: yes, error: yes, arguments: yes, type: yes, options: yes,
      unit: yes, minimum: yes, maximum: yes, default: yes
    })
  ]
];

test.each(shapes)('the example of a %s that the kernel’s tests compare with theirs has the fields known here', (_, example, known) => {
  expect(Object.keys(example as object).sort()).toEqual(known);
});
