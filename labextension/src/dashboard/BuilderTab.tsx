/** The builder as a tab: it begins with the choice of a workflow, and stays with the one that was chosen. */

import { useEffect, useState } from 'react';
import { Workbench } from '../builder/Workbench';
import type { IShelf } from '../builder/LibraryDialog';
import { saying } from '../panels/model/store';
import { useConnection, useTrait } from '../protocol';

export function BuilderTab(): JSX.Element {
  const document = useTrait('document', String);
  return document === '' ? <Start /> : <Workbench />;
}

function Start(): JSX.Element {
  const connection = useConnection();
  const view = useTrait('view', String);
  const [shelves, setShelves] = useState<IShelf[]>([]);
  const [notice, setNotice] = useState('');
  useEffect(() => {
    let here = true;
    connection.request('builder.library').then(
      reply => here && setShelves((reply as unknown as { shelves: IShelf[] }).shelves),
      error => here && setNotice(saying(error))
    );
    return () => {
      here = false;
    };
  }, [connection]);
  const show = (name?: string): void => {
    connection.request('builder.show', name === undefined ? { view } : { view, name }).catch(error => setNotice(saying(error)));
  };
  return (
    <div className="ivo-pad">
      <p className="ivo-hint">Drag tonight’s experiment together: prep once, script for each row of a table, cleanup after every ending.</p>
      <button type="button" className="ivo-button ivo-primary" onClick={() => show()}>
        New workflow
      </button>
      {shelves.length > 0 && <h4 className="ivo-caption">Library</h4>}
      <ul className="ivb-shelves">
        {shelves.map(one => (
          <li key={one.name}>
            <button type="button" className="ivb-shelf" onClick={() => show(one.name)}>
              <span className="ivb-name">{one.name}</span>
              {one.draft && <span className="ivb-flag">unsaved changes</span>}
              <span className="ivo-hint ivb-grow">{one.description}</span>
            </button>
          </li>
        ))}
      </ul>
      {notice !== '' && <p className="ivo-problem">{notice}</p>}
    </div>
  );
}
