/** What a run asks: which step, in the driver's own words, its arguments (editable), and what each choice will do. */

import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Params } from '../../protocol/messages';
import { Answer } from '../runs/Answer';
import type { Question, Run } from '../runs/shapes';
import { Choice } from './Choice';
import { Fields } from './Fields';
import { Call, Words } from './Long';
import { asText, changes } from './values';
import type { Texts } from './values';

const CHOICES: { [choice: string]: { word: string; does: string } } = {
  retry: { word: 'Retry', does: 'does the step again' },
  skip: { word: 'Skip', does: 'goes on without it; the run counts it as skipped' },
  stop: { word: 'Stop', does: 'ends the run; cleanup as it was submitted' },
  continue: { word: 'Go on', does: 'continues the run' },
  value: { word: 'Answer', does: 'continues with your answer' },
  take_over: { word: 'Take over', does: 'begins although the other run holds the instrument; that run is not stopped' }
};

interface Props {
  run: Run;
  question: Question;
  /** Sends an answer; tells why it was refused, or nothing. */
  onAnswer: (params: Params) => Promise<string>;
  /** What is known beside the question, above the choices. */
  known?: ReactNode;
  /** Who was told, below them. */
  told?: ReactNode;
}

export function QuestionCard({ run, question, onAnswer, known, told }: Props): JSX.Element {
  const [edited, setEdited] = useState<Texts>({});
  const [refused, setRefused] = useState('');
  const changed = changes(question.arguments, edited);
  const send = (choice: string, more: Params): Promise<string> =>
    onAnswer({ key: run.key, question: question.id, choice, arguments: {}, value: null, ...more });
  const choose = (choice: string): void => void send(choice, choice === 'retry' ? { arguments: changed } : {}).then(setRefused);
  const failed = question.kind === 'error';
  const names = failed && question.choices.includes('retry') ? Object.keys(question.arguments) : [];
  return (
    <article className="ivo-card" role="group" aria-label={`${run.name} asks`}>
      <p className="ivo-lead">
        <b>{run.name}</b> {lead(question)}
        {run.phase === 'script' && run.iterations > 1 && <span className="ivo-hint"> · {run.iteration} of {run.iterations}</span>}
      </p>
      <span className="ivo-spoken" role="alert">
        {spoken(run, question)}
      </span>
      {failed && question.label !== '' && <Call text={question.label} />}
      <Words text={question.error || question.message} bad={failed} />
      {names.length > 0 && (
        <Fields title="Arguments" names={names} texts={edited} before={name => asText(question.arguments[name] ?? null)} onChange={setEdited} />
      )}
      {refused !== '' && (
        <p className="ivo-problem ivo-words" role="alert">
          {refused}
        </p>
      )}
      {known}
      {question.choices.includes('value') && (
        <Answer question={question} onAnswer={value => send('value', { value })} word={CHOICES.value?.word ?? ''} does={CHOICES.value?.does ?? ''} />
      )}
      <Choices question={question} changed={Object.keys(changed).length > 0} onChoose={choose} />
      {told}
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

/** What a screen reader says at once; the card itself can be long. */
function spoken(run: Run, question: Question): string {
  const words = (question.error || question.message).split('\n', 1)[0]?.slice(0, 200) ?? '';
  return `${run.name} ${lead(question)}${question.label && `, ${question.label}`}: ${words}`;
}

function Choices(props: { question: Question; changed: boolean; onChoose: (choice: string) => void }): JSX.Element {
  const { question, changed, onChoose } = props;
  const asked = question.choices.includes('value');
  return (
    <ul className="ivo-choices">
      {question.choices
        .filter(one => one !== 'value')
        .map((choice, at) => {
          const { word, does } = CHOICES[choice] ?? { word: choice, does: '' };
          const again = choice === 'retry' && changed ? 'does the step again, with the values above' : does;
          return <Choice key={choice} word={word} does={again} primary={at === 0 && !asked} onChoose={() => onChoose(choice)} />;
        })}
    </ul>
  );
}
