/** A workflow without a kernel: its three phases, and the selected step in words. Nothing can be changed. */

import { useEffect, useMemo, useRef } from 'react';
import { Canvas } from '../builder/Canvas';
import { Chips } from '../builder/Chips';
import { OutlineContext, StoreContext, useBuilder, useView } from '../builder/hooks';
import type { Finder } from '../builder/Mover';
import { outline } from '../builder/rows';
import { sentence, valuePieces } from '../builder/sentence';
import { BuilderStore } from '../builder/store';
import type { IDocument, IStep } from '../builder/wire';
import { stillLine } from './still';

export function StillView({ document }: { document: IDocument }): JSX.Element {
  const store = useMemo(() => new BuilderStore(stillLine(document), 'file'), [document]);
  useEffect(() => store.start(), [store]);
  return (
    <StoreContext.Provider value={store}>
      <Frame />
    </StoreContext.Provider>
  );
}

function Frame(): JSX.Element {
  const store = useBuilder();
  const document = useView(state => state.document);
  const folded = useView(state => state.folded);
  const notice = useView(state => state.notice);
  const rows = useMemo(() => (document === null ? { rows: [], points: [] } : outline(document, folded)), [document, folded]);
  const finder = useRef<Finder | null>(null);
  return (
    <OutlineContext.Provider value={rows}>
      <div className="ivo ivb ivb-still" role="region" aria-label="Workflow, read-only">
        <div className="ivb-header">
          <span className="ivb-title">{document?.head.name ?? '…'}</span>
          <span className="ivo-hint ivb-versions">{document !== null && about(document)}</span>
        </div>
        {notice !== '' && (
          <div className="ivo-warning ivb-notice" role="alert">
            <span>{notice}</span>
            <button type="button" className="ivo-quiet" aria-label="Dismiss" onClick={() => store.set({ notice: '' })}>
              ×
            </button>
          </div>
        )}
        <div className="ivb-columns">
          <div className="ivb-middle">
            <Canvas finder={finder} onEdit={() => undefined} />
          </div>
          <StillStep />
        </div>
      </div>
    </OutlineContext.Provider>
  );
}

function about({ head, steps }: IDocument): string {
  const count = Object.keys(steps).length;
  return [count === 1 ? '1 step' : `${count} steps`, head.deck && `for the deck ${head.deck}`, head.author && `by ${head.author}`].filter(Boolean).join(' · ');
}

function StillStep(): JSX.Element {
  const document = useView(state => state.document);
  const id = useView(state => state.selected[0]);
  const step = id === undefined ? undefined : document?.steps[id];
  return (
    <aside className="ivb-form" aria-label="Step">
      {step === undefined ? (
        <>
          {document?.head.description && <p className="ivb-said">{document.head.description}</p>}
          <p className="ivo-hint">Select a step to read all of it.</p>
        </>
      ) : (
        <Facts step={step} />
      )}
    </aside>
  );
}

/** Everything a file says of one step. */
function Facts({ step }: { step: IStep }): JSX.Element {
  const title = sentence(step, null).find(piece => piece.kind === 'name')?.text ?? step.step;
  return (
    <>
      <p className="ivb-form-title">{title}</p>
      <dl className="ivb-facts">
        {Object.entries(step.arguments ?? {}).map(([name, value]) => (
          <Fact key={name} name={name}>
            <Chips pieces={valuePieces(value, '')} />
          </Fact>
        ))}
        {rest(step).map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function rest(step: IStep): [string, string][] {
  const outputs = Array.isArray(step.outputs) ? step.outputs : Object.entries(step.outputs ?? {}).map(pair => pair.join(' → '));
  const found: [string, string | undefined][] = [
    ['result', outputs.join(', ')],
    ['condition', step.condition],
    ['if it fails', step.on_error?.action],
    ['time-out', step.timeout_s === undefined || step.timeout_s === null ? '' : `${step.timeout_s} s`],
    ['once per batch', step.once_per_batch === true ? 'yes' : ''],
    ['disabled', step.disabled === true ? 'yes' : ''],
    ['note', step.note]
  ];
  return found.filter((one): one is [string, string] => Boolean(one[1]));
}
