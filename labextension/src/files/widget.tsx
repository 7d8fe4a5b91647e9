/** How does a workflow file come into JupyterLab?  As a document widget over the text of the file. */

import { ReactWidget } from '@jupyterlab/apputils';
import { ABCWidgetFactory, DocumentWidget } from '@jupyterlab/docregistry';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import { icon } from '../icon';
import { FileView } from './FileView';
import { FileStore } from './store';
import type { Candidates, WorkflowFile } from './store';

/** Name of the factory, as the menu “Open With” shows it. */
export const FACTORY = 'IvoryOS Builder';
/** What a workflow file is called in JupyterLab. */
export const FILE_TYPE = 'ivoryos-workflow';
/** How the name of a workflow file ends. */
export const EXTENSION = '.ivoryos.json';

type Context = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;

/** The text of the file, written only when somebody says so. */
class TextFile implements WorkflowFile {
  readonly changed = new Signal<this, void>(this);

  constructor(private readonly _context: Context) {
    _context.model.contentChanged.connect(() => this.changed.emit());
  }

  get path(): string {
    return this._context.path;
  }

  get writable(): boolean {
    return this._context.contentsModel?.writable ?? true;
  }

  text(): string {
    return this._context.model.toString();
  }

  async write(text: string): Promise<void> {
    this._context.model.fromString(text);
    await this._context.save();
  }
}

/** The body of the document: nothing until the file was read. */
export class FileBody extends ReactWidget {
  private _store: FileStore | null = null;

  constructor(
    context: Context,
    candidates: Candidates,
    private readonly _asText: (path: string) => void
  ) {
    super();
    this.addClass('jp-ivoryos-file');
    void context.ready.then(() => {
      if (!this.isDisposed) {
        this._store = new FileStore(new TextFile(context), candidates, window.sessionStorage);
        this.update();
      }
    });
  }

  /** Save in the library and into the file, where it is attached. */
  save(): Promise<void> {
    return this._store?.save() ?? Promise.resolve();
  }

  override dispose(): void {
    this._store?.dispose();
    super.dispose();
  }

  protected render(): JSX.Element | null {
    const store = this._store;
    return store && <FileView store={store} asText={() => this._asText(store.file.path)} />;
  }
}

/** Makes the widget of a workflow file. */
export class FileFactory extends ABCWidgetFactory<DocumentWidget<FileBody, DocumentRegistry.ICodeModel>, DocumentRegistry.ICodeModel> {
  constructor(
    private readonly _candidates: Candidates,
    private readonly _asText: (path: string) => void
  ) {
    super({ name: FACTORY, modelName: 'text', fileTypes: [FILE_TYPE], defaultFor: [FILE_TYPE] });
  }

  protected createNewWidget(context: Context): DocumentWidget<FileBody, DocumentRegistry.ICodeModel> {
    const widget = new DocumentWidget<FileBody, DocumentRegistry.ICodeModel>({
      context,
      content: new FileBody(context, this._candidates, this._asText)
    });
    widget.toolbar.hide();
    widget.title.icon = icon;
    return widget;
  }
}
