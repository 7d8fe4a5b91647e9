/** How does somebody begin?  With a notebook that has the first cells in it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { CATEGORY, Command } from './commands';
import { icon, iconUrl } from './icon';

interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly source: string;
}

/** The cells of the starter notebook. */
const STARTER: readonly Cell[] = [
  {
    cell_type: 'markdown',
    source: '# Tonight’s experiment\n\nRun the cells from the top. The sidebar on the right shows the run, the queue and the deck.'
  },
  { cell_type: 'code', source: '%load_ext ivoryos' },
  {
    cell_type: 'markdown',
    source: '## The deck\n\nAn instrument is any object with methods or properties. These are simulated; put yours in their place.'
  },
  { cell_type: 'code', source: 'from ivoryos_jupyter.testing import Pump, Reactor\n\npump, reactor = Pump("COM3"), Reactor("COM4")' },
  { cell_type: 'markdown', source: '## By hand, and as a workflow' },
  { cell_type: 'code', source: '%ivoryos' },
  { cell_type: 'code', source: '%ivoryos builder' }
];

/** The notebook as a file; `kernel` is the name of the kernel it begins with. */
function starter(kernel: string): object {
  return {
    cells: STARTER.map((cell, at) => ({
      id: `ivoryos-${at}`,
      metadata: {},
      ...cell,
      ...(cell.cell_type === 'code' ? { execution_count: null, outputs: [] } : {})
    })),
    metadata: { kernelspec: { name: kernel, display_name: kernel, language: 'python' } },
    nbformat: 4,
    nbformat_minor: 5
  };
}

async function begin(app: JupyterFrontEnd, folder: string): Promise<unknown> {
  const { contents, kernelspecs } = app.serviceManager;
  await kernelspecs.ready;
  const name = kernelspecs.specs?.default ?? 'python3';
  const { path } = await contents.newUntitled({ path: folder, type: 'notebook' });
  await contents.save(path, { type: 'notebook', format: 'json', content: starter(name) });
  return app.commands.execute('docmanager:open', { path, factory: 'Notebook', kernel: { name } });
}

/** The card among the launcher's, and its command. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'ivoryos-jupyter:launcher',
  description: 'Opens a starter notebook.',
  autoStart: true,
  optional: [ILauncher, ICommandPalette],
  activate: (app: JupyterFrontEnd, cards: ILauncher | null, palette: ICommandPalette | null): void => {
    app.commands.addCommand(Command.newNotebook, {
      label: args => (args.isPalette ? 'New IvoryOS Notebook' : 'IvoryOS notebook'),
      caption: 'Open a notebook with the first cells of IvoryOS in it',
      icon: args => (args.isPalette ? undefined : icon),
      describedBy: { args: { type: 'object', properties: { cwd: { type: 'string' }, isPalette: { type: 'boolean' } } } },
      execute: args => begin(app, typeof args.cwd === 'string' ? args.cwd : '')
    });
    cards?.add({ command: Command.newNotebook, category: 'Notebook', rank: 10, kernelIconUrl: iconUrl });
    palette?.addItem({ command: Command.newNotebook, category: CATEGORY, args: { isPalette: true } });
  }
};
