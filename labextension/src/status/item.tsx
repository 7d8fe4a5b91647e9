/** How does the status bar show the run of the current notebook? */

import { VDomModel, VDomRenderer } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { Command } from '../commands';
import type { Links } from '../model/links';
import { summarize } from '../model/summary';
import type { Summary } from '../model/summary';
import { StatusView } from './view';
import type { Clicks } from './view';

/** What the item shows; emits when it changes. */
class StatusModel extends VDomModel {
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
      show: () => void commands.execute(Command.showSidebar),
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
    return summary && <StatusView summary={summary} clicks={this._clicks} />;
  }
}
