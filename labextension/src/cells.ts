/** How does a line of Python that a view offers become a cell of the notebook? */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { CELL_EVENT, offeredCode } from './panels/model/cells';

/** Put `code` into a new cell below the one in use; false when no notebook is. */
function insert(notebooks: INotebookTracker, code: string): boolean {
  const notebook = notebooks.currentWidget?.content;
  if (!notebook) {
    return false;
  }
  NotebookActions.insertBelow(notebook);
  notebook.activeCell?.model.sharedModel.setSource(code);
  return true;
}

/** Listens for the offers of views; a cell is only inserted, never run. */
export const cells: JupyterFrontEndPlugin<void> = {
  id: 'ivoryos-jupyter:cells',
  description: 'Puts code that a panel offers into a new cell.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_: JupyterFrontEnd, notebooks: INotebookTracker): void => {
    window.addEventListener(CELL_EVENT, event => {
      const code = offeredCode(event);
      if (code !== null && insert(notebooks, code)) {
        event.preventDefault();
      }
    });
  }
};
