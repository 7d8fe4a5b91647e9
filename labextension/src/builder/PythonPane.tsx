/** The workflow as Python, beside the blocks. */
import { useEffect, useState } from 'react';
import { offerCell } from '../panels/model/cells';
import { useTrait } from '../protocol';
import { useBuilder, useView } from './hooks';

interface IPython {
  version: number;
  code: string;
  problem: string;
}

export function PythonPane({ close }: { close: () => void }): JSX.Element {
  const store = useBuilder();
  const version = useView(state => state.document?.version);
  const [python, setPython] = useState<IPython | null>(null);
  const token = useTrait('token', String);
  const [done, setDone] = useState('');
  const insert = async (code: string): Promise<void> => setDone(await offerCell(code, token));
  const copy = async (code: string): Promise<void> => {
    await navigator.clipboard.writeText(code);
    setDone('copied');
  };
  useEffect(() => {
    let wanted = true;
    void store.tryAsk<IPython>('python').then(found => wanted && found !== null && setPython(found));
    return () => {
      wanted = false;
    };
  }, [store, version]);
  return (
    <section className="ivb-python" aria-label="Python">
      <div className="ivb-pane-head">
        <span className="ivb-phase-name">Python</span>
        <span className="ivo-hint">what this workflow does, as a script that runs by itself</span>
        <span className="ivo-good" role="status">
          {done}
        </span>
        <button type="button" className="ivo-quiet" disabled={!python?.code} onClick={() => void insert(python?.code ?? '')}>
          insert as cell
        </button>
        <button type="button" className="ivo-quiet" disabled={!python?.code} onClick={() => void copy(python?.code ?? '')}>
          copy
        </button>
        <button type="button" className="ivo-quiet" aria-label="Close Python" onClick={close}>
          ×
        </button>
      </div>
      {python?.problem ? <p className="ivo-problem ivb-pane-text">This cannot be written as Python yet: {python.problem}</p> : <pre tabIndex={0}>{python?.code ?? ''}</pre>}
    </section>
  );
}
