/** What the run asks: the driver's own words first, the arguments (editable), then what each choice will do. */

import { useState } from 'react';
import { Answer } from './Answer';
import { asText, changes } from './answers';
import type { Question } from './shapes';
import type { RunStore } from './store';

const WORDS: { [choice: string]: string } = {
  retry: 'Retry',
  skip: 'Skip this step',
  stop: 'Stop with cleanup',
  continue: 'Go on',
  value: 'Answer',
  take_over: 'Take over'
};

export function QuestionCard({ question, store }: { question: Question; store: RunStore }): JSX.Element {
  const [edited, setEdited] = useState<{ [name: string]: string }>({});
  const answer = (choice: string): void => {
    const params = { question: question.id, choice, arguments: changes(question.arguments, edited), value: null };
    void store.command('run.answer', params);
  };
  const give = (value: string): Promise<string> => store.tell('run.answer', { question: question.id, choice: 'value', arguments: {}, value });
  const asked = question.choices.includes('value');
  const [message, ...rest] = (question.error || question.message).split('\n\n');
  return (
    <div className="ivo-question" role="alertdialog" aria-label="The run asks">
      <p>
        <b>{question.kind === 'error' ? `${question.label} failed` : asked ? 'The run asks you for a value' : 'The run waits for you'}</b>
      </p>
      <p className={question.kind === 'error' ? 'ivo-problem ivo-words' : 'ivo-words'}>{message}</p>
      {question.error && rest.length > 0 && (
        <details>
          <summary>Traceback</summary>
          <pre className="ivo-pre">{rest.join('\n\n')}</pre>
        </details>
      )}
      {question.choices.includes('retry') &&
        Object.entries(question.arguments).map(([name, given]) => (
          <div className="ivo-field" key={name}>
            <label className="ivo-label" htmlFor={`${question.id}-${name}`}>
              {name}
            </label>
            <input
              id={`${question.id}-${name}`}
              className="ivo-input"
              value={edited[name] ?? asText(given)}
              onChange={event => setEdited({ ...edited, [name]: event.target.value })}
            />
            <span className="ivo-hint">{edited[name] !== undefined && edited[name] !== asText(given) && `was ${asText(given)}`}</span>
          </div>
        ))}
      {asked && <Answer question={question} onAnswer={give} word={WORDS.value ?? ''} />}
      <div className="ivo-actions">
        {question.choices.filter(one => one !== 'value').map((choice, at) => (
          <button key={choice} type="button" className={`ivo-button ${at === 0 && !asked ? 'ivo-primary' : ''}`} onClick={() => answer(choice)}>
            {WORDS[choice] ?? choice}
          </button>
        ))}
      </div>
    </div>
  );
}
