/** The versions of the open workflow: what is different between any two, and how to go back to one. */
import { useState } from 'react';
import { moment } from '../panels/model/clock';
import { Chips } from './Chips';
import { useBuilder, useView } from './hooks';
import { sentence } from './sentence';
import type { IStep } from './wire';

interface IVersion {
  number: number;
  hash: string;
  saved_ms: number;
  author: string;
}

interface IDifferences {
  added: IStep[];
  removed: IStep[];
  changed: { old: IStep; new: IStep }[];
  moved: IStep[];
  described: boolean;
}

export function Versions(): JSX.Element {
  const store = useBuilder();
  const name = useView(state => state.document?.head.name ?? '');
  const saved = useView(state => state.document?.saved_version ?? 0);
  const [versions, setVersions] = useState<IVersion[]>([]);
  const [pair, setPair] = useState<{ old: string; new: string }>({ old: '', new: '' });
  const [found, setFound] = useState<IDifferences | null>(null);
  if (saved === 0) {
    return <></>;
  }
  const fetch = async (): Promise<void> => {
    const answer = await store.tryAsk<{ versions: IVersion[] }>('versions', { name });
    setVersions(answer?.versions ?? []);
    await compare({ old: answer?.versions[0]?.hash ?? '', new: '' });
  };
  const compare = async (next: { old: string; new: string }): Promise<void> => {
    setPair(next);
    setFound(await store.tryAsk<IDifferences>('diff', next));
  };
  return (
    <details className="ivb-versions-box" onToggle={event => event.currentTarget.open && void fetch()}>
      <summary>Versions</summary>
      <div className="ivb-tool-row">
        <Pick label="from" versions={versions} value={pair.old} onPick={old => void compare({ ...pair, old })} />
        <Pick label="to" versions={versions} value={pair.new} onPick={next => void compare({ ...pair, new: next })} />
        <button type="button" className="ivo-button" disabled={pair.old === ''} onClick={() => void store.tryAsk('restore_version', { version: pair.old })}>
          Go back to {versions.find(one => one.hash === pair.old) ? `version ${versions.find(one => one.hash === pair.old)?.number}` : 'it'}
        </button>
      </div>
      {found !== null && <Differences found={found} />}
    </details>
  );
}

function Pick({ label, versions, value, onPick }: { label: string; versions: IVersion[]; value: string; onPick: (hash: string) => void }): JSX.Element {
  return (
    <label className="ivb-check">
      {label}
      <select className="ivo-input ivo-short" value={value} onChange={event => onPick(event.target.value)}>
        <option value="">as it is now</option>
        {versions.map(one => (
          <option key={one.hash} value={one.hash}>
            {`version ${one.number} · ${moment(one.saved_ms)}${one.author ? ` · ${one.author}` : ''}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Differences({ found }: { found: IDifferences }): JSX.Element {
  const none = found.added.length + found.removed.length + found.changed.length + found.moved.length === 0 && !found.described;
  return (
    <ul className="ivb-diff">
      {none && <li className="ivo-hint">nothing is different</li>}
      {found.described && <li>the description</li>}
      {found.removed.map(step => (
        <Line key={step.id} mark="−" kind="ivb-gone" step={step} />
      ))}
      {found.added.map(step => (
        <Line key={step.id} mark="+" kind="ivb-came" step={step} />
      ))}
      {found.changed.map(pair => (
        <li key={pair.new.id}>
          <ul>
            <Line mark="−" kind="ivb-gone" step={pair.old} />
            <Line mark="+" kind="ivb-came" step={pair.new} />
          </ul>
        </li>
      ))}
      {found.moved.map(step => (
        <Line key={step.id} mark="↕" kind="" step={step} />
      ))}
    </ul>
  );
}

function Line({ mark, kind, step }: { mark: string; kind: string; step: IStep }): JSX.Element {
  const palette = useView(state => state.palette);
  return (
    <li className={`ivb-diff-line ${kind}`}>
      <span className="ivb-diff-mark">{mark}</span>
      <Chips pieces={sentence(step, palette)} />
    </li>
  );
}
