/** What can be done with the workflow that is open: save, save as, rename, finalize, register, export. */
import { useState } from 'react';
import { useBuilder, useView } from './hooks';

interface IQuestion {
  question: string;
  method: string;
  params: { [key: string]: string | boolean };
}

export function LibraryTools({ changed }: { changed: () => void }): JSX.Element {
  const store = useBuilder();
  const document = useView(state => state.document);
  const [name, setName] = useState('');
  const [question, setQuestion] = useState<IQuestion | null>(null);
  const [done, setDone] = useState('');
  if (document === null) {
    return <></>;
  }
  const act = async (method: string, params: IQuestion['params'], words: string): Promise<void> => {
    await store.settled();
    const answer = await store.tryAsk<{ question?: string }>(method, params);
    setQuestion(answer?.question === undefined ? null : { question: answer.question, method, params });
    if (answer !== null && answer.question === undefined) {
      setDone(words);
      setName(now => (now === name ? '' : now)); // she may be typing the next one already
      changed();
    }
  };
  const { head } = document;
  return (
    <section className="ivb-tools" aria-label="This workflow">
      <div className="ivb-tool-row">
        <span className="ivb-name">{head.name}</span>
        <button
          type="button"
          className="ivo-button ivo-primary"
          disabled={!document.dirty || head.finalized}
          onClick={() => void act('save', {}, 'Saved.')}
        >
          Save
        </button>
        <input
          className="ivo-input ivo-short ivb-new-name"
          placeholder="another name"
          aria-label="Another name"
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <button type="button" className="ivo-button" disabled={name.trim() === ''} onClick={() => void act('save_as', { name }, `Saved as ${name}.`)}>
          Save as
        </button>
        <button type="button" className="ivo-button" disabled={name.trim() === ''} onClick={() => void act('rename', { name }, `Renamed to ${name}.`)}>
          Rename
        </button>
        <span className="ivo-good" role="status">
          {done}
        </span>
      </div>
      {question !== null && (
        <div className="ivo-warning ivb-tool-row" role="alert">
          <span>{question.question}</span>
          <button type="button" className="ivo-button" onClick={() => void act(question.method, { ...question.params, confirm: true }, 'Saved.')}>
            Yes, as a newer version
          </button>
          <button type="button" className="ivo-button" onClick={() => setQuestion(null)}>
            No
          </button>
        </div>
      )}
      <div className="ivb-tool-row">
        <Mark label="a step of other workflows" on={head.registered} set={registered => void act('mark', { registered }, '')} />
        <Mark label="finalized: read only" on={head.finalized} set={finalized => void act('mark', { finalized }, '')} />
        <button type="button" className="ivo-quiet" onClick={() => void download(store.ask<{ text: string }>('export'), `${head.name}.ivoryos.json`)}>
          export JSON
        </button>
        <button
          type="button"
          className="ivo-quiet"
          onClick={() => void download(store.ask<{ code: string }>('python').then(found => ({ text: found.code })), `${head.name}.py`)}
        >
          export Python
        </button>
      </div>
    </section>
  );
}

function Mark({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }): JSX.Element {
  return (
    <label className="ivb-check">
      <input type="checkbox" checked={on} onChange={event => set(event.target.checked)} />
      {label}
    </label>
  );
}

async function download(found: Promise<{ text: string }>, name: string): Promise<void> {
  const { text } = await found;
  const link = window.document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
