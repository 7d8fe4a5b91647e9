/** What needs a person comes first: which step, with which arguments, in the driver's words, and what each choice will do. */

import { useState } from 'react';
import type { Json } from '../../protocol/messages';
import { moment } from '../model/clock';
import { Answer } from '../runs/Answer';
import { asText, changes } from '../runs/answers';
import type { Question, Run } from '../runs/shapes';
import { readingText, rootOf, useDoing } from './context';
import { ToldPart } from './ToldPart';
import type { Instrument, Told } from './shapes';

type Texts = { [name: string]: string };

const CHOICES: { [choice: string]: { word: string; does: string } } = {
  retry: { word: 'Retry', does: 'does the step again' },
  skip: { word: 'Skip', does: 'goes on without it; the run counts it as skipped' },
  stop: { word: 'Stop', does: 'ends the run; cleanup as it was submitted' },
  continue: { word: 'Go on', does: 'continues the run' },
  value: { word: 'Answer', does: 'continues with what you typed' },
  take_over: { word: 'Take over', does: 'begins although the other run holds the instrument; that run is not stopped' }
};

/** What was typed, as the kind of value it replaces. */
export function typed(before: Json, text: string): Json {
  if (typeof before === 'string') {
    return text;
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function QuestionPart(props: {
  run: Run;
  question: Question;
  instruments: readonly Instrument[];
  told: Told | null;
}): JSX.Element {
  const { run, question, instruments, told } = props;
  const { command, tell } = useDoing();
  const [edited, setEdited] = useState<Texts>({});
  const changed = changes(question.arguments, edited);
  const answer = (choice: string): void => {
    const given = Object.entries(changed).map(([name, text]) => [name, typed(question.arguments[name] ?? null, String(text))]);
    void command('run.answer', {
      key: run.key,
      question: question.id,
      choice,
      arguments: choice === 'retry' ? Object.fromEntries(given) : {},
      value: null
    });
  };
  const give = (value: string): Promise<string> =>
    tell('run.answer', { key: run.key, question: question.id, choice: 'value', arguments: {}, value });
  return (
    <article className="ivo-sb-card" role="alertdialog" aria-label={`${run.name} asks`}>
      <p className="ivo-sb-lead">
        <b>{run.name}</b> {lead(question)}
        {run.phase === 'script' && run.iterations > 1 && <span className="ivo-hint"> · {run.iteration} of {run.iterations}</span>}
      </p>
      <Words question={question} />
      {question.choices.includes('retry') && question.kind === 'error' && (
        <Arguments question={question} edited={edited} onChange={setEdited} />
      )}
      <LastSaid label={question.label} instruments={instruments} />
      {question.choices.includes('value') && (
        <Answer question={question} onAnswer={give} word={CHOICES.value?.word ?? ''} does={CHOICES.value?.does ?? ''} />
      )}
      <Choices question={question} changed={Object.keys(changed).length > 0} onChoose={answer} />
      {told?.question === question.id && <ToldPart told={told} />}
    </article>
  );
}

function lead(question: Question): string {
  switch (question.kind) {
    case 'error':
      return 'waits: a step failed';
    case 'input':
      return 'asks you for a value';
    case 'records':
      return 'waits for the database';
    case 'held':
      return 'waits: another notebook holds an instrument';
    default:
      return 'waits for you';
  }
}

function Words({ question }: { question: Question }): JSX.Element {
  const [message, ...rest] = (question.error || question.message).split('\n\n');
  const failed = question.kind === 'error';
  return (
    <>
      {question.label !== '' && failed && <code className="ivo-sb-call">{question.label}</code>}
      <p className={failed ? 'ivo-problem ivo-words' : 'ivo-words'}>{message}</p>
      {failed && rest.length > 0 && (
        <details>
          <summary>Traceback</summary>
          <pre className="ivo-pre">{rest.join('\n\n')}</pre>
        </details>
      )}
    </>
  );
}

function Arguments(props: { question: Question; edited: Texts; onChange: (edited: Texts) => void }): JSX.Element {
  const { question, edited, onChange } = props;
  return (
    <div className="ivo-sb-arguments">
      {Object.entries(question.arguments).map(([name, given]) => (
        <label key={name}>
          <span>{name}</span>
          <input
            className="ivo-input"
            value={edited[name] ?? asText(given)}
            onChange={event => onChange({ ...edited, [name]: event.target.value })}
          />
          {edited[name] !== undefined && edited[name] !== asText(given) && <span className="ivo-hint">was {asText(given)}</span>}
        </label>
      ))}
    </div>
  );
}

function LastSaid({ label, instruments }: { label: string; instruments: readonly Instrument[] }): JSX.Element | null {
  const found = instruments.find(one => one.name === rootOf(label));
  if (!found || found.readings.length === 0) {
    return null;
  }
  return (
    <p className="ivo-hint">
      {found.name} last said: {found.readings.map(one => `${one.name} ${readingText(one)}, read ${moment(one.at_ms)}`).join(' · ')}
    </p>
  );
}

function Choices(props: { question: Question; changed: boolean; onChoose: (choice: string) => void }): JSX.Element {
  const { question, changed, onChoose } = props;
  return (
    <ul className="ivo-sb-choices">
      {question.choices.filter(one => one !== 'value').map((choice, at) => {
        const { word, does } = CHOICES[choice] ?? { word: choice, does: '' };
        const more = choice === 'retry' && changed;
        return (
          <li key={choice}>
            <button
              type="button"
              className={`ivo-button ${at === 0 && !question.choices.includes('value') ? 'ivo-primary' : ''}`}
              onClick={() => onChoose(choice)}
            >
              {word}
            </button>
            <span className="ivo-hint">{more ? 'does the step again, with the values above' : does}</span>
          </li>
        );
      })}
    </ul>
  );
}
