/** Which commands does the palette offer for the run of the current notebook? */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { Links } from './model/links';
import { summarize } from './model/summary';
import type { Summary } from './model/summary';
import type { Params } from './protocol/messages';
import { tellRefusal } from './refusals';

/** Where the palette lists them. */
export const CATEGORY = 'IvoryOS';

/** Id of the sidebar's widget. */
export const SIDEBAR = 'ivoryos-sidebar';

/** Ids of the commands. */
export const Command = {
  showSidebar: 'ivoryos:show-sidebar',
  newNotebook: 'ivoryos:new-notebook',
  saveFile: 'ivoryos:save-file',
  pause: 'ivoryos:pause',
  resume: 'ivoryos:resume',
  stopAfterStep: 'ivoryos:stop-after-step',
  stopAfterRow: 'ivoryos:stop-after-row',
  stopNow: 'ivoryos:stop-now',
  stopNowWithoutCleanup: 'ivoryos:stop-now-without-cleanup'
} as const;

interface Intent {
  readonly id: string;
  readonly label: string;
  readonly caption: string;
  readonly method: string;
  readonly params: Params;
  readonly possible: (summary: Summary) => boolean;
}

const INTENTS: readonly Intent[] = [
  {
    id: Command.pause,
    label: 'Pause',
    caption: 'Pause the run of this notebook after the step it is at',
    method: 'run.pause',
    params: {},
    possible: summary => summary.canPause
  },
  {
    id: Command.resume,
    label: 'Resume',
    caption: 'Let the run of this notebook go on',
    method: 'run.resume',
    params: {},
    possible: summary => summary.canResume
  },
  {
    id: Command.stopAfterStep,
    label: 'Stop after this step',
    caption: 'Finish the step, then stop the run of this notebook',
    method: 'run.stop',
    params: { after: 'step' },
    possible: summary => summary.canStop
  },
  {
    id: Command.stopAfterRow,
    label: 'Stop after this row',
    caption: 'Finish the row, then stop the run of this notebook',
    method: 'run.stop',
    params: { after: 'row' },
    possible: summary => summary.canStop
  },
  {
    id: Command.stopNow,
    label: 'Stop now',
    caption: 'Stop the run of this notebook without waiting for the step, then clean up',
    method: 'run.stop',
    params: { now: true },
    possible: summary => summary.canStop
  },
  {
    id: Command.stopNowWithoutCleanup,
    label: 'Stop now, without cleanup',
    caption: 'Stop the run of this notebook without waiting for the step and leave everything as it is',
    method: 'run.stop',
    params: { now: true, cleanup: false },
    possible: summary => summary.canStop
  }
];

async function carryOut(links: Links, intent: Intent): Promise<void> {
  const link = links.current;
  const key = link?.standing?.run?.key;
  if (!link || key === undefined) {
    return;
  }
  const reply = await link.ask(intent.method, { ...intent.params, key });
  if (!reply.ok) {
    tellRefusal(`${intent.label}: ${reply.error.message}`);
  }
}

/** Register the commands, and list them in the palette where there is one. */
export function addCommands(app: JupyterFrontEnd, links: Links, palette: ICommandPalette | null): void {
  for (const intent of INTENTS) {
    app.commands.addCommand(intent.id, {
      label: args => (args.isPalette ? `${intent.label} (run of this notebook)` : intent.label),
      caption: intent.caption,
      describedBy: { args: { type: 'object', properties: { isPalette: { type: 'boolean' } } } },
      isEnabled: () => {
        const link = links.current;
        const summary = link && summarize(link.state, link.standing);
        return Boolean(summary && intent.possible(summary));
      },
      execute: () => carryOut(links, intent)
    });
    palette?.addItem({ command: intent.id, category: CATEGORY, args: { isPalette: true } });
  }
  links.changed.connect(() => app.commands.notifyCommandChanged());
}
