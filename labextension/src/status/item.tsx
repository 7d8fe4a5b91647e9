/** How does the status bar show the run of the current notebook? */

import { VDomModel, VDomRenderer } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { Command } from '../commands';
import type { Links } from '../model/links';
import { summarize } from '../model/summary';
import type { Summary } from '../model/summary';

/** What the item shows; emits when it changes. */
export class StatusModel extends VDomModel {
  private _shown: Summary | null = null;

  constructor(private readonly _links: Links) {
    super();
    _links.changed.connect(this._update, this);
    this._update();
  }

  /** What to show; null hides the item. */
  get summary(): Summary | null {
    return this._shown;
  }

  private _update(): void {
    const link = this._links.current;
    this._shown = link && summarize(link.state, link.standing);
    this.stateChanged.emit();
  }
}

interface Clicks {
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

function Item({ summary, clicks }: { readonly summary: Summary; readonly clicks: Clicks }): JSX.Element {
  return (
    <div className={`jp-ivoryos-status jp-mod-${summary.mood}`} title={summary.title}>
      <span className="jp-ivoryos-status-text" role="status">
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

/** The item itself. */
export class StatusItem extends VDomRenderer<StatusModel> {
  private readonly _stops: Menu;
  private readonly _clicks: Clicks;

  constructor(links: Links, commands: CommandRegistry) {
    super(new StatusModel(links));
    this.addClass('jp-ivoryos-status-item');
    this._stops = new Menu({ commands });
    for (const command of [Command.stopAfterStep, Command.stopAfterRow, Command.stopNow, Command.stopNowWithoutCleanup]) {
      this._stops.addItem({ command });
    }
    this._clicks = {
      pause: () => void commands.execute(Command.pause),
      resume: () => void commands.execute(Command.resume),
      stop: button => {
        const { left, top } = button.getBoundingClientRect();
        this._stops.open(left, top);
      }
    };
  }

  override dispose(): void {
    this._stops.dispose();
    super.dispose();
  }

  protected render(): JSX.Element | null {
    const { summary } = this.model;
    return summary && <Item summary={summary} clicks={this._clicks} />;
  }
}
