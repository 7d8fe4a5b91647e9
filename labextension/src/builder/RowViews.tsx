/** The rows of the canvas: a phase's heading, a step, an else, and the place for a first step. */
import { useDraggable } from '@dnd-kit/core';
import { memo } from 'react';
import { span } from '../panels/model/clock';
import { Chips } from './Chips';
import { useBuilder } from './hooks';
import { colorOf } from './palette-model';
import type { Row } from './rows';
import { sentence } from './sentence';
import type { IFinding, IPalette, IRun, IStep, IStepRun, Phase } from './wire';

const PHASE_WORDS: Record<Phase, { name: string; when: string }> = {
  prep: { name: 'Prep', when: 'once, before' },
  script: { name: 'Script', when: 'repeats for each row' },
  cleanup: { name: 'Cleanup', when: 'once, after every ending' }
};

export function PhaseRow({ row, run }: { row: Row & { kind: 'phase' }; run: IRun | null }): JSX.Element {
  const words = PHASE_WORDS[row.phase];
  const here = run !== null && !run.ended && run.phase === row.phase;
  return (
    <>
      <span className="ivb-phase-name">{words.name}</span>
      <span className="ivo-hint">
        {words.when} · {row.steps === 1 ? '1 step' : `${row.steps} steps`}
      </span>
      {here && row.phase === 'script' && (
        <span className="ivo-accent">
          iteration {run.iteration} of {run.iterations}
        </span>
      )}
    </>
  );
}

interface IStepRowProps {
  row: Row & { kind: 'step' };
  step: IStep;
  palette: IPalette | null;
  findings: readonly IFinding[];
  ran: IStepRun | undefined;
  now: number;
}

export const StepRow = memo(function StepRow({ row, step, palette, findings, ran, now }: IStepRowProps): JSX.Element {
  const pieces = sentence(step, palette);
  const label = pieces.find(piece => piece.kind === 'name')?.text ?? step.step;
  const { setNodeRef, listeners } = useDraggable({ id: row.id, data: { kind: 'move', ids: [row.id], label } });
  const first = findings[0];
  return (
    <div ref={setNodeRef} {...listeners} className={`ivb-step ${stepClass(step, first, ran)}`} data-step={row.id}>
      <span className={`ivb-edge ivb-color${colorOf(palette, step)}`} />
      {row.folded !== null || isFoldable(step) ? <Fold id={row.id} folded={row.folded} /> : <span className="ivb-grip" aria-hidden />}
      <span className="ivb-sentence">
        <Chips pieces={pieces} />
        {row.folded !== null && <span className="ivo-hint">{row.folded === 1 ? '1 step inside' : `${row.folded} steps inside`}</span>}
        {step.note !== undefined && step.step !== 'comment' && <span className="ivb-note">{step.note}</span>}
        <Flags step={step} />
      </span>
      {first === undefined ? <Ran ran={ran} now={now} times={timesOf(step)} /> : <Badge finding={first} more={findings.length - 1} />}
    </div>
  );
});

const FOLDABLE = new Set(['if', 'while', 'repeat', 'for_each']);

function isFoldable(step: IStep): boolean {
  return FOLDABLE.has(step.step);
}

function stepClass(step: IStep, finding: IFinding | undefined, ran: IStepRun | undefined): string {
  return [
    step.disabled === true ? 'ivb-disabled' : '',
    isFoldable(step) ? 'ivb-block' : '',
    finding === undefined ? '' : finding.severity === 'error' ? 'ivb-wrong' : 'ivb-doubtful',
    ran?.status === 'open' ? 'ivb-running' : ''
  ].join(' ');
}

function Fold({ id, folded }: { id: string; folded: number | null }): JSX.Element {
  const store = useBuilder();
  const toggle = (): void => {
    const next = new Set(store.snapshot().folded);
    if (!next.delete(id)) {
      next.add(id);
    }
    store.set({ folded: next });
  };
  return (
    <button
      type="button"
      className="ivb-fold"
      tabIndex={-1}
      aria-label={folded === null ? 'Collapse' : 'Expand'}
      onPointerDown={event => event.stopPropagation()}
      onClick={toggle}
    >
      {folded === null ? '▾' : '▸'}
    </button>
  );
}

function Flags({ step }: { step: IStep }): JSX.Element {
  return (
    <>
      {step.disabled === true && <span className="ivb-flag">disabled</span>}
      {step.once_per_batch === true && <span className="ivb-flag">once per batch</span>}
      {step.timeout_s !== undefined && <span className="ivb-flag">≤ {step.timeout_s} s</span>}
      {step.on_error?.action !== undefined && <span className="ivb-flag">{ON_ERROR[step.on_error.action]}</span>}
    </>
  );
}

const ON_ERROR = { ask: '', retry: 'retries', continue: 'goes on if it fails', fail: 'ends the run if it fails' } as const;

function Badge({ finding, more }: { finding: IFinding; more: number }): JSX.Element {
  const store = useBuilder();
  const repair = finding.repair;
  return (
    <span className={finding.severity === 'error' ? 'ivb-badge ivo-problem' : 'ivb-badge ivb-warn'} title={finding.message}>
      <span className="ivb-badge-text">{finding.message}</span>
      {more > 0 && <span> +{more}</span>}
      {repair !== null && (
        <button
          type="button"
          className="ivb-repair"
          tabIndex={-1}
          onPointerDown={event => event.stopPropagation()}
          onClick={() => void store.tryEdit('repair', { repair: repair.params })}
        >
          {repair.label}
        </button>
      )}
    </span>
  );
}

const MARKS = { open: '◌', done: '✓', failed: '✕', skipped: '⤼', cancelled: '■', abandoned: '⚠' } as const;

/** How often a loop goes round, where that is known beforehand. */
function timesOf(step: IStep): string {
  const { times } = step;
  return times !== undefined && 'value' in times && typeof times.value === 'number' ? ` of ${times.value}` : '';
}

function Ran({ ran, now, times }: { ran: IStepRun | undefined; now: number; times: string }): JSX.Element {
  if (ran === undefined) {
    return <span className="ivb-ran" />;
  }
  if (ran.status === '') {
    return <span className="ivb-ran">{`${times === '' ? 'round ' : ''}${ran.round}${times}`}</span>;
  }
  const took = ran.took_ms ?? (ran.status === 'open' ? Math.max(0, now - ran.started_ms) : null);
  return (
    <span className={`ivb-ran ivb-ran-${ran.status}`}>
      {ran.count > 1 && <span>{ran.count}× </span>}
      {MARKS[ran.status]} {took !== null && span(took)}
    </span>
  );
}

export function BranchRow({ row, step }: { row: Row & { kind: 'branch' }; step: IStep }): JSX.Element {
  const at = row.slot === 'else' ? -1 : Number(row.slot.split(':')[1]);
  const text = step.branches?.[at]?.condition ?? '';
  return (
    <div className="ivb-step ivb-block ivb-branch">
      <span className="ivb-edge ivb-color-1" />
      <span className="ivb-grip ivb-none" aria-hidden />
      <span className="ivb-sentence">
        <span className="ivb-name">{at < 0 ? 'else' : 'else if'}</span>
        {at >= 0 && (text === '' ? <span className="ivb-piece ivb-missing">condition?</span> : <span className="ivb-piece ivb-code">{text}</span>)}
      </span>
    </div>
  );
}

export function EmptyRow({ row }: { row: Row & { kind: 'empty' } }): JSX.Element {
  return <span className="ivb-drop-here">{row.place.parent === null ? '+ drop a step here, or click one in the palette' : '+ drop or click to add'}</span>;
}
