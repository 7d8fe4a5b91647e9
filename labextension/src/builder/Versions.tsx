/** The versions of the open workflow: what is different between any two, and how to go back to one. */
import { useEffect, useState } from 'react';
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

/** Two versions by hash; an empty one is the workflow as it is now. */
interface IPair {
  old: string;
  new: string;
}

/** What is worth seeing first: the unsaved changes, else those of the last save. */
function firstPair(versions: readonly IVersion[], dirty: boolean): IPair {
  const last = versions[dirty ? 0 : 1] ?? versions[0];
  return { old: last?.hash ?? '', new: '' };
}

export function Versions(): JSX.Element {
  const store = useBuilder();
  const name = useView(state => state.document?.head.name ?? '');
  const saved = useView(state => state.document?.saved_version ?? 0);
  const [versions, setVersions] = useState<IVersion[]>([]);
  const [pair, setPair] = useState<IPair>({ old: '', new: '' });
  const [found, setFound] = useState<IDifferences | null>(null);
  const [open, setOpen] = useState(false);
  const seen = useView(state => state.document?.version ?? 0);
  const dirty = useView(state => state.document?.dirty ?? false);
  const compare = async (next: IPair): Promise<void> => {
    setPair(next);
    setFound(await store.tryAsk<IDifferences>('diff', { ...next }));
  };
  useEffect(() => {
    if (open) {
      void store.tryAsk<{ versions: IVersion[] }>('versions', { name }).then(answer => {
        const known = answer?.versions ?? [];
        setVersions(known);
        return compare(known.some(one => one.hash === pair.old) ? pair : firstPair(known, dirty));
      });
    }
    // Fetched when it is opened, and whenever what is open, or what is kept, became another.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open, saved, seen, name]);
  if (saved === 0) {
    return <></>;
  }
  return (
    <details className="ivb-versions-box" onToggle={event => setOpen(event.currentTarget.open)}>
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
