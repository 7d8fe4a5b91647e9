/** Of what should somebody hear who looks elsewhere?  Of a run that waits for a person, fails, or ends. */

import type { Run, Standing } from '../tokens';

/** What somebody wants to hear. */
export interface Wishes {
  readonly onWaiting: boolean;
  readonly onFailed: boolean;
  readonly onEnded: boolean;
  readonly openSidebar: boolean;
}

/** As nobody has said otherwise. */
export const DEFAULTS: Wishes = { onWaiting: true, onFailed: true, onEnded: true, openSidebar: false };

/** One thing to tell. */
export interface Notice {
  readonly key: string;
  readonly kind: 'waiting' | 'failed' | 'ended' | 'over';
  readonly text: string;
  /** What went wrong, the same for all runs of which the same did. */
  readonly cause: string;
}

function mark(run: Run): string {
  return run.state === 'asking' ? `asking ${run.question?.id ?? ''}` : run.state === 'ended' ? 'ended' : 'going on';
}

function told(run: Run): Notice {
  if (run.state === 'asking') {
    return { key: run.key, kind: 'waiting', text: `${run.name} waits for you: ${run.question?.message ?? run.sentence}`, cause: '' };
  }
  if (run.state !== 'ended') {
    return { key: run.key, kind: 'over', text: '', cause: '' };
  }
  const good = run.outcome === 'completed' || run.outcome === 'stopped';
  const why = good ? '' : (run.error?.split('\n', 1)[0] ?? '');
  const text = `${run.name} ${run.sentence}${why && `: ${why}`}`;
  return { key: run.key, kind: good ? 'ended' : 'failed', text, cause: why || run.sentence };
}

/** Follows the runs of all kernels; a run that had ended before it was first seen is no news. */
export class Newsreader {
  private readonly _last = new Map<string, string>();

  /** Take a standing in; null when there is nothing new to tell. */
  hear(standing: Standing): Notice | null {
    const { run } = standing;
    if (run === null) {
      return null;
    }
    const now = mark(run);
    const before = this._last.get(run.key);
    this._last.set(run.key, now);
    if (before === now || (before === undefined && now !== mark({ ...run, state: 'asking' }))) {
      return null;
    }
    return told(run);
  }
}

/** Whether it was asked for. */
export function wanted({ kind }: Notice, wishes: Wishes): boolean {
  return (kind === 'waiting' && wishes.onWaiting) || (kind === 'failed' && wishes.onFailed) || (kind === 'ended' && wishes.onEnded);
}
