/** What does the status bar say about a run, and which buttons make sense? */

import type { Standing } from '../tokens';
import type { LinkState } from './link';

/** What the item shows. */
export interface Summary {
  /** The state as a sentence. */
  readonly text: string;
  /** More of it, for the pointer that rests on it. */
  readonly title: string;
  /** How it looks: with the accent colour, as something that needs a person, or greyed. */
  readonly mood: 'idle' | 'active' | 'attention' | 'lost';
  /** From 0 to 1. */
  readonly progress: number | null;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canStop: boolean;
}

const NO_BUTTONS = { canPause: false, canResume: false, canStop: false } as const;

function queued({ waiting, on_hold }: Standing): string {
  if (waiting === 0) {
    return '';
  }
  return on_hold ? ` · ${waiting} waiting, on hold` : ` · ${waiting} waiting`;
}

/** Say it; null when there is nothing to show. */
export function summarize(state: LinkState, standing: Standing | null): Summary | null {
  if (state === 'absent') {
    return null;
  }
  if (state !== 'connected' || standing === null) {
    const title = state === 'gone' ? 'The kernel has ended; load the extension again with %load_ext ivoryos.' : 'The kernel does not answer.';
    return { text: 'not connected', title, mood: 'lost', progress: null, ...NO_BUTTONS };
  }
  const { run, undecided } = standing;
  if (undecided.length > 0 && (run === null || run.state === 'ended')) {
    const which = undecided.length === 1 ? `${undecided[0]} was interrupted` : `${undecided.length} runs were interrupted`;
    const title = 'Decide in the sidebar how they go on.';
    return { text: `${which}: decide${queued(standing)}`, title, mood: 'attention', progress: null, ...NO_BUTTONS };
  }
  if (run === null) {
    return { text: `no run yet${queued(standing)}`, title: '', mood: 'idle', progress: null, ...NO_BUTTONS };
  }
  const ended = run.state === 'ended';
  const failed = run.outcome !== null && run.outcome !== 'completed' && run.outcome !== 'stopped';
  return {
    text: `${run.name} ${run.sentence}${queued(standing)}`,
    title: [`${run.name} ${run.sentence}`, `Workflow ${run.workflow}`, run.step?.label, run.error].filter(Boolean).join('\n'),
    mood: run.state === 'asking' || failed ? 'attention' : ended ? 'idle' : 'active',
    progress: ended ? null : run.progress,
    canPause: run.state === 'running' && !run.pausing,
    canResume: !ended && (run.state === 'paused' || run.pausing || Boolean(run.question?.choices.includes('continue'))),
    canStop: !ended
  };
}
