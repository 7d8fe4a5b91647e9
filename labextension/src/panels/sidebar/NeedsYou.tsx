/** What needs a person comes first: what the run asks, watched values out of their band, runs that a dead kernel left behind. */

import { moment } from '../model/clock';
import { QuestionCard } from '../needs/QuestionCard';
import { RecoveryCards } from '../needs/RecoveryCards';
import type { Question, Run } from '../runs/shapes';
import { readingText, rootOf, useDoing } from './context';
import { ToldPart } from './ToldPart';
import { TrippedPart } from './TrippedPart';
import type { Instrument, SidebarState } from './shapes';

/** How many things there are for a person to do. */
export function needsOf(run: Run | null, more: SidebarState | null): number {
  return (run?.question ? 1 : 0) + (more === null ? 0 : more.interrupted.length + more.tripped.length);
}

export function NeedsYou({ run, more }: { run: Run | null; more: SidebarState | null }): JSX.Element {
  const { tell, insert } = useDoing();
  const question = run?.question ?? null;
  const told = more?.told ?? null;
  return (
    <>
      {run !== null && question !== null && (
        <QuestionCard
          key={question.id}
          run={run}
          question={question}
          onAnswer={params => tell('run.answer', params)}
          known={<LastSaid question={question} instruments={more?.deck.instruments ?? []} />}
          told={told?.question === question.id && <ToldPart told={told} />}
        />
      )}
      {(more?.tripped ?? []).map(one => (
        <TrippedPart key={one.label} trip={one} />
      ))}
      <RecoveryCards runs={more?.interrupted ?? []} onHold={more?.queue.on_hold ?? false} around={{ tell, insert }} />
    </>
  );
}

function LastSaid({ question, instruments }: { question: Question; instruments: readonly Instrument[] }): JSX.Element | null {
  const found = instruments.find(one => one.name === rootOf(question.label));
  if (!found || found.readings.length === 0) {
    return null;
  }
  return (
    <p className="ivo-hint">
      {found.name} last said: {found.readings.map(one => `${one.name} ${readingText(one)}, read ${moment(one.at_ms)}`).join(' · ')}
    </p>
  );
}
