/** What does JupyterLab load? */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { cells } from './cells';
import { addCommands } from './commands';
import { files } from './files/plugin';
import { leaveKernelStatusAlone } from './model/control';
import { launcher } from './launcher';
import { ILinks, Links } from './model/links';
import { notices } from './notices';
import { listenOnWindow } from './protocol/window';
import { sidebar } from './sidebar';
import { StatusItem } from './status/item';

function showInStatusBar(statusBar: IStatusBar, item: StatusItem): void {
  statusBar.registerStatusItem('ivoryos-jupyter:status', {
    item,
    align: 'left',
    rank: 10,
    isActive: () => item.model.summary !== null,
    activeStateChanged: item.model.stateChanged
  });
}

/** Notebook 7 has no status bar; its one notebook has a toolbar. */
function showInToolbar(panel: NotebookPanel, item: StatusItem): void {
  panel.toolbar.addItem('ivoryos-status', item);
}

const plugin: JupyterFrontEndPlugin<Links> = {
  id: 'ivoryos-jupyter:plugin',
  description: 'Shows the run of the current notebook, and pauses, resumes and stops it while a cell blocks.',
  autoStart: true,
  provides: ILinks,
  requires: [INotebookTracker],
  optional: [ICommandPalette, IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null
  ): Links => {
    leaveKernelStatusAlone();
    const links = new Links(notebooks);
    listenOnWindow(links.take);
    addCommands(app, links, palette);
    if (statusBar) {
      showInStatusBar(statusBar, new StatusItem(links, app.commands));
    } else {
      notebooks.forEach(panel => showInToolbar(panel, new StatusItem(links, app.commands)));
      notebooks.widgetAdded.connect((_, panel) => showInToolbar(panel, new StatusItem(links, app.commands)));
    }
    return links;
  }
};

export default [plugin, cells, files, sidebar, launcher, notices];
