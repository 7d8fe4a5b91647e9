/** What opens `*.ivoryos.json`?  Our builder. */

import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import { Command } from '../commands';
import { icon } from '../icon';
import { ILinks } from '../model/links';
import type { Links } from '../model/links';
import type { Candidate, Candidates } from './store';
import { EXTENSION, FACTORY, FILE_TYPE, FileFactory } from './widget';
import type { FileBody } from './widget';

/** The notebooks of this server that have a kernel: those that are open here with their links, then the others. */
class Notebooks implements Candidates {
  readonly changed = new Signal<this, void>(this);

  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _links: Links
  ) {
    _links.changed.connect(() => this.changed.emit());
    _app.serviceManager.sessions.runningChanged.connect(() => this.changed.emit());
  }

  list(): Candidate[] {
    const open = this._links.sessions.map(({ name, path, link }) => ({ name, path, line: link }));
    const others: Candidate[] = [];
    for (const { path, name, type } of this._app.serviceManager.sessions.running()) {
      if (type === 'notebook' && open.every(one => one.path !== path)) {
        others.push({ name, path, line: null });
      }
    }
    return [...open, ...others];
  }

  async open(path: string): Promise<void> {
    await this._app.commands.execute('docmanager:open', { path, options: { mode: 'tab-after', activate: false } });
  }
}

/** Shows workflow files. */
export const files: JupyterFrontEndPlugin<void> = {
  id: 'ivoryos-jupyter:files',
  description: 'Opens workflow files in the builder.',
  autoStart: true,
  requires: [ILinks],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, links: Links, restorer: ILayoutRestorer | null): void => {
    const tracker = new WidgetTracker<IDocumentWidget<FileBody>>({ namespace: 'ivoryos-files' });
    const asText = (path: string): void => void app.commands.execute('docmanager:open', { path, factory: 'Editor' });
    const factory = new FileFactory(new Notebooks(app, links), asText);
    app.docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: 'IvoryOS workflow',
      extensions: [EXTENSION],
      mimeTypes: ['application/json'],
      contentType: 'file',
      fileFormat: 'text',
      icon
    });
    app.docRegistry.addWidgetFactory(factory);
    factory.widgetCreated.connect((_, widget) => {
      widget.context.pathChanged.connect(() => void tracker.save(widget));
      void tracker.add(widget);
    });
    app.commands.addCommand(Command.saveFile, {
      label: 'Save the workflow to its file and in the library',
      describedBy: { args: {} },
      isEnabled: () => tracker.currentWidget !== null,
      execute: () => tracker.currentWidget?.content.save()
    });
    app.commands.addKeyBinding({ command: Command.saveFile, keys: ['Accel S'], selector: '.jp-ivoryos-file' });
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: ({ context }) => ({ path: context.path, factory: FACTORY }),
      name: ({ context }) => context.path
    });
  }
};
