/** What the run asks: the driver's own words first, the arguments (editable), then what each choice will do. */

import { useState } from 'react';
import type { Json } from '../../protocol';
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

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Only what she changed is sent. */
export function changes(before: { [name: string]: Json }, after: { [name: string]: string }): { [name: string]: Json } {
  return Object.fromEntries(Object.entries(after).filter(([name, text]) => text !== asText(before[name] ?? null)));
}

export function QuestionCard({ question, store }: { question: Question; store: RunStore }): JSX.Element {
  const [edited, setEdited] = useState<{ [name: string]: string }>({});
  const [value, setValue] = useState('');
  const answer = (choice: string): void => {
    const params = { question: question.id, choice, arguments: changes(question.arguments, edited), value: choice === 'value' ? value : null };
    void store.command('run.answer', params);
  };
  const [message, ...rest] = (question.error || question.message).split('\n\n');
  return (
    <div className="ivo-question" role="alertdialog" aria-label="The run asks">
      <p>
        <b>{question.kind === 'error' ? `${question.label} failed` : question.label || 'The run waits for you'}</b>
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
      {question.choices.includes('value') && <AnswerField question={question} value={value} onChange={setValue} />}
      <div className="ivo-actions">
        {question.choices.map((choice, at) => (
          <button key={choice} type="button" className={`ivo-button ${at === 0 ? 'ivo-primary' : ''}`} onClick={() => answer(choice)}>
            {WORDS[choice] ?? choice}
          </button>
        ))}
      </div>
    </div>
  );
}

function AnswerField(props: { question: Question; value: string; onChange: (value: string) => void }): JSX.Element {
  const { question, value, onChange } = props;
  if (question.options.length > 0) {
    return (
      <select className="ivo-input" aria-label={question.message} value={value} onChange={event => onChange(event.target.value)}>
        <option value="">choose…</option>
        {question.options.map(one => (
          <option key={asText(one)} value={asText(one)}>
            {asText(one)}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input className="ivo-input" aria-label={question.message} placeholder={question.type} value={value} onChange={event => onChange(event.target.value)} />
  );
}
