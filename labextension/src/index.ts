/** What does JupyterLab load? */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'ivoryos-jupyter:plugin',
  description: 'The run of the current notebook, in the status bar and the command palette.',
  autoStart: true,
  activate: () => undefined
};

export default plugin;
