/** What does a person see in the status bar? */

import type { Summary } from '../model/summary';

/** What the buttons do. */
export interface Clicks {
  readonly show: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: (button: HTMLElement) => void;
}

function Bar({ value }: { readonly value: number }): JSX.Element {
  const percent = Math.round(value * 100);
  return (
    <>
      <span className="jp-ivoryos-status-bar" role="progressbar" aria-label="Progress of the run" aria-valuenow={percent}>
        <span style={{ width: `${percent}%` }} />
      </span>
      <span>{percent} %</span>
    </>
  );
}

/** One line: the sentence, the progress, and the buttons that make sense now. */
export function StatusView({ summary, clicks }: { readonly summary: Summary; readonly clicks: Clicks }): JSX.Element {
  return (
    <div className={`jp-ivoryos-status jp-mod-${summary.mood}`} title={summary.title}>
      <span
        className="jp-ivoryos-status-text"
        role="link"
        tabIndex={0}
        onClick={clicks.show}
        onKeyDown={event => event.key === 'Enter' && clicks.show()}
      >
        IvoryOS: {summary.text}
      </span>
      {summary.progress !== null && <Bar value={summary.progress} />}
      {summary.canPause && (
        <button type="button" onClick={clicks.pause}>
          Pause
        </button>
      )}
      {summary.canResume && (
        <button type="button" onClick={clicks.resume}>
          Resume
        </button>
      )}
      {summary.canStop && (
        <button type="button" aria-haspopup="menu" onClick={event => clicks.stop(event.currentTarget)}>
          Stop ▾
        </button>
      )}
    </div>
  );
}
