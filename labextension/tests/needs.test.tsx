import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { KeepFocus } from '../src/panels/needs/KeepFocus';
import { QuestionCard } from '../src/panels/needs/QuestionCard';
import type { Question, Run } from '../src/panels/runs/shapes';
import type { Params } from '../src/protocol/messages';

const run = { key: 'k1', name: '<b>night</b>', phase: 'script', iteration: 2, iterations: 9 } as Run;
const question: Question = {
  id: 'q1', kind: 'error', message: 'pump.dispense failed', choices: ['retry', 'skip', 'stop'], step_id: 's1', label: 'pump.dispense',
  error: 'SyringeEmpty: <img src=x onerror=alert(1)>\n\nTraceback (most recent call last)', arguments: { volume_ml: 2.5, sample: '<i>A1</i>' },
  type: '', options: [], unit: '', minimum: null, maximum: null, default: null
};

function show(change: Partial<Question> = {}, refusal = ''): { sent: Params[]; card: HTMLElement; container: HTMLElement } {
  const sent: Params[] = [];
  const onAnswer = (params: Params): Promise<string> => Promise.resolve((sent.push(params), refusal));
  const { container } = render(<QuestionCard run={run} question={{ ...question, ...change }} onAnswer={onAnswer} />);
  return { sent, card: screen.getByRole('group', { name: '<b>night</b> asks' }), container };
}

async function press(name: string): Promise<void> {
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name }));
    await Promise.resolve();
  });
}

test('what failed is said at once to a screen reader, and markup is shown as text', () => {
  const { card, container } = show();
  expect(within(card).getByRole('alert').textContent).toBe(
    '<b>night</b> waits: a step failed, pump.dispense: SyringeEmpty: <img src=x onerror=alert(1)>'
  );
  expect(container.querySelector('img, i')).toBeNull();
  expect([...card.querySelectorAll('button')].map(one => one.textContent)).toEqual(['Retry', 'Skip', 'Stop']);
});

test('a refused retry is said in the card, and what was typed stays', async () => {
  const { sent, card } = show({}, '7000 is above the limit of 60');
  fireEvent.change(screen.getByLabelText(/volume_ml/), { target: { value: '7000' } });
  await press('Retry');
  expect(sent).toEqual([{ key: 'k1', question: 'q1', choice: 'retry', arguments: { volume_ml: 7000 }, value: null }]);
  expect(within(card).getAllByRole('alert').map(one => one.textContent)).toContain('7000 is above the limit of 60');
  expect(screen.getByLabelText<HTMLInputElement>(/volume_ml/).value).toBe('7000');
});

test('of many arguments the first few are shown and the others unfold; a long error scrolls and the keyboard reaches it', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`argument_${at}`, at]));
  const { card } = show({ arguments: many, error: 'x'.repeat(10_000) });
  within(card).getByText('24 more arguments');
  expect(card.querySelectorAll('details input')).toHaveLength(24);
  expect(within(card).getByRole('group', { name: 'What was said' }).tabIndex).toBe(0);
});

function Two(): JSX.Element {
  const [left, setLeft] = useState(['first', 'second']);
  return (
    <KeepFocus className="all" next="[data-part=rest]">
      {left.length > 0 && (
        <section tabIndex={-1} data-part="needs">
          {left.map(one => (
            <button key={one} onClick={() => setLeft(left.filter(other => other !== one))}>
              {one}
            </button>
          ))}
        </section>
      )}
      <div tabIndex={-1} data-part="rest" />
    </KeepFocus>
  );
}

test('when the button that was pressed vanishes, the focus stays near, and does not come back once it was taken elsewhere', async () => {
  const { container } = render(<Two />);
  const part = (name: string): Element | null => container.querySelector(`[data-part=${name}]`);
  screen.getByRole('button', { name: 'first' }).focus();
  await press('first');
  expect(document.activeElement).toBe(part('needs'));
  screen.getByRole('button', { name: 'second' }).focus();
  await press('second');
  expect(document.activeElement).toBe(part('rest'));
});
