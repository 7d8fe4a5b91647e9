/** What a run asks for, typed or chosen; Enter answers, and what is wrong stands beside the field. */

import { useId, useState } from 'react';
import type { Json } from '../../protocol';
import { asText } from './answers';
import type { Question } from './shapes';

const SHORT = 12;
const WORDS: { [type: string]: string } = { float: 'a number', int: 'a whole number', str: 'text' };

interface Props {
  question: Question;
  /** Sends the answer; tells why it was refused, or nothing. */
  onAnswer: (value: string) => Promise<string>;
  /** What stands on the button. */
  word: string;
  does?: string;
}

export function Answer({ question, onAnswer, word, does = '' }: Props): JSX.Element {
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  const id = useId();
  const options: readonly Json[] = question.type === 'bool' ? [true, false] : question.options;
  const type = (text: string): void => {
    setValue(text);
    setProblem('');
  };
  const send = async (): Promise<void> => {
    setSending(true);
    setProblem(await onAnswer(value));
    setSending(false);
  };
  const field = { id, value, 'aria-label': 'Answer', 'aria-invalid': problem !== '', 'aria-describedby': `${id}-problem`, className: 'ivo-input' };
  return (
    <form
      className="ivo-answer"
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
    >
      {options.length > 0 && options.length <= SHORT ? (
        <select {...field} onChange={event => type(event.target.value)}>
          <option value="">choose…</option>
          {options.map(one => (
            <option key={asText(one)} value={asText(one)}>
              {asText(one)}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...field}
          autoComplete="off"
          list={options.length > 0 ? `${id}-list` : undefined}
          placeholder={options.length > 0 ? `one of ${options.length}; type to find it` : (WORDS[question.type] ?? 'answer')}
          onChange={event => type(event.target.value)}
        />
      )}
      {options.length > SHORT && (
        <datalist id={`${id}-list`}>
          {options.map(one => (
            <option key={asText(one)} value={asText(one)} />
          ))}
        </datalist>
      )}
      <button type="submit" className="ivo-button ivo-primary" disabled={sending || (value === '' && question.type !== 'str')}>
        {word}
      </button>
      {does && <span className="ivo-hint">{does}</span>}
      <span id={`${id}-problem`} className="ivo-problem" role="alert">
        {problem}
      </span>
    </form>
  );
}
