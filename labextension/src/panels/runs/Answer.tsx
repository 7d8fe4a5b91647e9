/** What a run asks for, typed or chosen; Enter answers, and what is wrong stands beside the field. */

import { useId, useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Json } from '../../protocol';
import { onEnter } from '../model/enter';
import { asText } from '../needs/values';
import type { Question } from './shapes';

const SHORT = 12;
const WORDS: { [type: string]: string } = { float: 'a number', int: 'a whole number', str: 'text' };

/** What stands in an empty field: the default, which is sent when nothing is typed, or what is wanted. */
function placeholder(question: Question, options: number): string {
  if (question.default !== null) {
    return `default ${asText(question.default)}`;
  }
  return options > 0 ? `one of ${options}; type to find it` : (WORDS[question.type] ?? 'answer');
}

/** `mL · 0 to 10`. */
function hint({ unit, minimum, maximum }: Question): string {
  const bounds =
    minimum !== null && maximum !== null
      ? `${minimum} to ${maximum}`
      : minimum !== null
        ? `at least ${minimum}`
        : maximum !== null
          ? `at most ${maximum}`
          : '';
  return [unit, bounds].filter(one => one !== '').join(' · ');
}

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
  const ready = value !== '' || question.type === 'str' || question.default !== null;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (ready && !sending) {
      void send();
    }
  };
  const field = { id, value, 'aria-label': 'Answer', 'aria-invalid': problem !== '', 'aria-describedby': `${id}-problem`, className: 'ivo-input' };
  return (
    <form
      className="ivo-answer"
      onSubmit={submit}
      onKeyDown={onEnter(submit)}
    >
      {options.length > 0 && options.length <= SHORT ? (
        <select {...field} onChange={event => type(event.target.value)}>
          <option value="">{question.default === null ? 'choose…' : `default ${asText(question.default)}`}</option>
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
          placeholder={placeholder(question, options.length)}
          onChange={event => type(event.target.value)}
        />
      )}
      {hint(question) && <span className="ivo-hint">{hint(question)}</span>}
      {options.length > SHORT && (
        <datalist id={`${id}-list`}>
          {options.map(one => (
            <option key={asText(one)} value={asText(one)} />
          ))}
        </datalist>
      )}
      <button type="submit" className="ivo-button ivo-primary" disabled={sending || !ready}>
        {word}
      </button>
      {does && <span className="ivo-hint">{does}</span>}
      <span id={`${id}-problem`} className="ivo-problem" role="alert">
        {problem}
      </span>
    </form>
  );
}
