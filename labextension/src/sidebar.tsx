/** How does the sidebar come into JupyterLab?  As a widget of the right area that follows the current notebook. */

import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ReactWidget } from '@jupyterlab/apputils';
import { CATEGORY, Command, SIDEBAR } from './commands';
import { icon } from './icon';
import { ILinks } from './model/links';
import type { Links } from './model/links';
import { offerCell } from './panels/model/cells';
import { editWaiting } from './queue-edit';
import { Sidebar } from './panels/sidebar/Sidebar';
import { SidebarStore } from './panels/sidebar/store';

const RANK = 90;

/** The sidebar as a Lumino widget; it asks the kernel for something only while it is seen. */
class SidebarWidget extends ReactWidget {
  private readonly _store: SidebarStore;

  constructor(
    links: Links,
    private readonly _begin: (() => void) | null,
    private readonly _edit: ((key: string) => void) | null
  ) {
    super();
    this.id = SIDEBAR;
    this.addClass('jp-ivoryos-sidebar');
    this.title.icon = icon;
    this.title.caption = 'IvoryOS: run, queue, deck';
    this._store = new SidebarStore(links);
  }

  override dispose(): void {
    this._store.dispose();
    super.dispose();
  }

  protected override onAfterShow(): void {
    this._store.setVisible(true);
  }

  protected override onAfterHide(): void {
    this._store.setVisible(false);
  }

  protected render(): JSX.Element {
    const insert = (code: string): void => void offerCell(code, this._store.snapshot().token);
    return <Sidebar store={this._store} insert={insert} begin={this._begin} edit={this._edit} />;
  }
}

/** Adds the sidebar, and the command that shows it. */
export const sidebar: JupyterFrontEndPlugin<void> = {
  id: 'ivoryos-jupyter:sidebar',
  description: 'Shows what needs a person, the run, the queue, the deck and recent runs of the current notebook.',
  autoStart: true,
  requires: [ILinks],
  optional: [ICommandPalette, ILayoutRestorer, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    links: Links,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    shell: ILabShell | null
  ): void => {
    const begin = (): void => void app.commands.execute(Command.newNotebook);
    // Notebook 7 has room for one document only.
    const edit = shell && ((key: string): void => void editWaiting(app, links, key));
    const widget = new SidebarWidget(links, begin, edit);
    app.shell.add(widget, 'right', { rank: RANK, type: 'IvoryOS' });
    restorer?.add(widget, widget.id);
    app.commands.addCommand(Command.showSidebar, {
      label: 'Show IvoryOS Sidebar',
      caption: 'Show the run, the queue and the deck of this notebook',
      describedBy: { args: {} },
      execute: () => app.shell.activateById(widget.id)
    });
    palette?.addItem({ command: Command.showSidebar, category: CATEGORY });
  }
};
