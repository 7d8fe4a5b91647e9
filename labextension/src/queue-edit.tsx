/** How is a waiting run changed?  Its workflow and its table open in the main area, and go back into the queue together. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import { Workbench } from './builder/Workbench';
import { PageModel } from './files/page-model';
import { saidOf } from './files/said';
import { icon } from './icon';
import type { KernelLink } from './model/link';
import type { Links } from './model/links';
import { Context, newId } from './protocol';
import { tellRefusal } from './refusals';

/** The builder over one waiting run. */
class WaitingRun extends ReactWidget {
  constructor(
    private readonly _link: KernelLink,
    private readonly _model: PageModel
  ) {
    super();
    this.addClass('jp-ivoryos-file');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      void this._link.ask('builder.leave', { view: String(this._model.get('view')) });
      this._model.dispose();
    }
    super.dispose();
  }

  protected render(): JSX.Element {
    return (
      <div className="ivo ivo-file" data-testid="waiting-run">
        <Context.Provider value={{ model: this._model, connection: this._model.connection }}>
          <Workbench place="queue" />
        </Context.Provider>
      </div>
    );
  }
}

/** Open the waiting run with this key, of the notebook in front. */
export async function editWaiting(app: JupyterFrontEnd, links: Links, key: string): Promise<void> {
  const link = links.current;
  if (link === null) {
    return;
  }
  const view = newId();
  await link.ask('builder.wake');
  const reply = await link.ask('builder.edit_waiting', { view, key });
  if (!reply.ok) {
    tellRefusal(saidOf(reply));
    return;
  }
  const { document, name } = reply.result as { readonly document: string; readonly name: string };
  const content = new WaitingRun(link, new PageModel(link, view, document));
  const widget = new MainAreaWidget({ content });
  widget.id = `ivoryos-waiting-${view}`;
  widget.title.label = name;
  widget.title.caption = `Waiting run ${name}`;
  widget.title.icon = icon;
  widget.title.closable = true;
  widget.toolbar.hide();
  app.shell.add(widget, 'main', { mode: 'tab-after' });
  app.shell.activateById(widget.id);
}
