/** A property in one row: name, unit, last value with its time, read, set. It is never read by itself. */

import { memo, useEffect, useId, useMemo, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Control } from '../fields/Control';
import { problemsAt } from '../fields/FieldRow';
import { LimitContext, LimitEditor } from '../fields/LimitEditor';
import { moment } from '../model/clock';
import { onEnter } from '../model/enter';
import { bare, bounds } from '../model/given';
import { useDevices, useNow, useStore } from '../model/hooks';
import { isScalar } from '../model/shapes';
import type { Entry, PropertyRow } from '../model/shapes';
import { formKey, ready } from '../model/open-form';
import { CallLog } from './CallLog';
import { MemberMenu } from './MemberMenu';
import { MethodForm } from './MethodForm';
import { ResultLine } from './Result';
import { StopCall } from './StopCall';

/** The last reading, and what is being done or went wrong since. */
export function readings(entries: Entry[], target: string, member: string): { value?: Entry; latest?: Entry } {
  const mine = entries.filter(one => one.target === target && one.member === member);
  return { value: mine.find(one => one.operation === 'get' && one.state === 'done'), latest: mine[0] };
}

export const PropertyView = memo(function PropertyView({ path, row }: { path: string; row: PropertyRow }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [limiting, setLimiting] = useState(false);
  const limits = useMemo(() => ({ target: path, member: row.name, operation: 'set' as const }), [path, row.name]);
  const simple = isScalar(row.kind) && bare(row.kind).tag !== 'boolean';
  return (
    <div className="ivo-member" data-member={`${path}.${row.name}`}>
      <div className="ivo-property">
        <button type="button" className="ivo-row-button ivo-name" aria-expanded={open} title={row.summary} onClick={() => setOpen(!open)}>
          {row.name} <span className="ivo-unit">{row.unit}</span>
        </button>
        <LastValue path={path} row={row} />
        {!open && <StopLatest path={path} row={row} />}
        {row.readable && <ReadButton path={path} row={row} />}
        {row.settable && simple && <SetRow path={path} row={row} />}
        {row.settable && !simple && (
          <button type="button" className="ivo-button" onClick={() => setOpen(true)}>
            Set…
          </button>
        )}
        <MemberMenu path={path} member={row.name} onLimit={row.settable ? () => setLimiting(true) : undefined} />
      </div>
      {limiting && (
        <LimitContext.Provider value={limits}>
          <LimitEditor field={{ ...row, name: 'value' }} onClose={() => setLimiting(false)} />
        </LimitContext.Provider>
      )}
      {open && row.summary && <p className="ivo-summary">{row.summary}</p>}
      {open && row.settable && !simple && <MethodForm target={path} member={row.name} operation="set" />}
      {open && <CallLog target={path} member={row.name} />}
    </div>
  );
});

function LastValue({ path, row }: { path: string; row: PropertyRow }): JSX.Element {
  const entries = useDevices(state => state.entries);
  const { value, latest } = readings(entries, path, row.name);
  const now = useNow(value !== undefined, 30_000);
  return (
    <span className="ivo-last" aria-live="polite">
      {value?.result && (
        <span className="ivo-reading">
          <ResultLine shown={{ ...value.result, unit: '' }} arrow={false} /> <span className="ivo-when">read {moment(value.ended_ms ?? now, now)}</span>
        </span>
      )}
      {value === undefined && row.readable && latest === undefined && <span className="ivo-hint">not read yet</span>}
      {latest?.error && <span className="ivo-problem">✕ {latest.error.message.split('\n')[0]}</span>}
      {latest?.operation === 'set' && latest.state === 'done' && <span className="ivo-good">set {moment(latest.ended_ms ?? now, now)}</span>}
    </span>
  );
}

/** What reads or sets just now can be stopped here too, while the log with its own button is folded away. */
function StopLatest({ path, row }: { path: string; row: PropertyRow }): JSX.Element {
  const latest = useDevices(state => readings(state.entries, path, row.name).latest);
  return <StopCall entry={latest} />;
}

function ReadButton({ path, row }: { path: string; row: PropertyRow }): JSX.Element {
  const store = useStore();
  const [notice, setNotice] = useState('');
  const latest = useDevices(state => readings(state.entries, path, row.name).latest);
  const reading = latest?.operation === 'get' && (latest.state === 'running' || latest.state === 'waiting');
  return (
    <>
      {notice && (
        <span className="ivo-problem" role="alert">
          {notice}
        </span>
      )}
      <button
        type="button"
        className="ivo-button"
        disabled={reading}
        aria-label={`Read ${path}.${row.name}`}
        onClick={() => void store.quick(path, row.name, 'get').then(setNotice)}
      >
        {reading ? 'Reading…' : 'Read'}
      </button>
    </>
  );
}

function SetRow({ path, row }: { path: string; row: PropertyRow }): JSX.Element {
  const store = useStore();
  const id = useId();
  const key = formKey(path, row.name, 'set');
  const open = useDevices(state => state.forms[key]);
  const given = open?.given.value;
  const problems = problemsAt(open?.check?.problems ?? [], 'value', true);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (wanted) {
      void store.open(path, row.name, 'set');
    }
  }, [store, wanted, path, row.name]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (given !== undefined) {
      store.submit(key);
    }
  };
  const limits = bounds(row);
  const say = problems.map(one => one.message).join(' ') || open?.notice || '';
  return (
    <form
      className="ivo-set"
      onFocus={() => setWanted(true)}
      onSubmit={submit}
      onKeyDown={onEnter(submit)}
    >
      {say && (
        <span className="ivo-problem" role="alert">
          {say}
        </span>
      )}
      <Control
        kind={row.kind}
        given={given}
        onChange={one => store.change(key, 'value', one)}
        problems={problems}
        path="value"
        placeholder="set"
        label={`New value of ${path}.${row.name}`}
        wrong={problems.length > 0}
        id={id}
      />
      {limits && <span className="ivo-hint">{limits}</span>}
      <button type="submit" className="ivo-button" disabled={!open || given === undefined || !ready(open)} title={open?.check?.call}>
        Set
      </button>
      {open?.busy && (
        <button type="button" className="ivo-button" onClick={() => void store.call(key, { waitInLine: true })}>
          Place in line
        </button>
      )}
    </form>
  );
}
