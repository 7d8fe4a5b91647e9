import { act, fireEvent, render, screen } from '@testing-library/react';
import { StoreContext, useTyped } from '../../src/builder/hooks';
import type { BuilderStore } from '../../src/builder/store';
import { Typing, TYPED_AFTER_MS } from '../../src/builder/typing';

/** A kernel that answers when it is told to. */
class SlowKernel {
  readonly typing = new Typing();
  asked: string[] = [];
  private readonly _answers: (() => void)[] = [];

  readonly send = (text: string): Promise<void> => {
    this.asked.push(text);
    return new Promise(resolve => this._answers.push(resolve));
  };

  readonly answer = (): Promise<void> => act(async () => this._answers.shift()?.());
}

function Name({ kernel, text }: { kernel: SlowKernel; text: string }): JSX.Element {
  const [typed, change] = useTyped(text, kernel.send);
  return <input aria-label="name" value={typed} onChange={event => change(event.target.value)} />;
}

function shown(kernel: SlowKernel): { field: HTMLInputElement; says: (text: string) => void } {
  const part = (text: string): JSX.Element => (
    <StoreContext.Provider value={kernel as unknown as BuilderStore}>
      <Name kernel={kernel} text={text} />
    </StoreContext.Provider>
  );
  const view = render(part(''));
  return { field: screen.getByLabelText('name'), says: text => view.rerender(part(text)) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pause = (): void => jest.advanceTimersByTime(TYPED_AFTER_MS);

test('what a late kernel says of an earlier text does not replace what was typed since', async () => {
  const kernel = new SlowKernel();
  const { field, says } = shown(kernel);
  fireEvent.change(field, { target: { value: 'le' } });
  pause();
  fireEvent.change(field, { target: { value: 'left' } });
  pause();
  await kernel.answer();
  says('le');
  expect(field.value).toBe('left');
  await kernel.answer();
  says('left');
  expect([field.value, kernel.asked]).toEqual(['left', ['le', 'left']]);
});

test('what another view changed is shown once nothing is under way', async () => {
  const kernel = new SlowKernel();
  const { field, says } = shown(kernel);
  fireEvent.change(field, { target: { value: 'mine' } });
  pause();
  await kernel.answer();
  says('theirs');
  expect(field.value).toBe('theirs');
});

test('what is typed is sent at once when something depends on it, and once', () => {
  const kernel = new SlowKernel();
  const { field } = shown(kernel);
  fireEvent.change(field, { target: { value: 'l' } });
  fireEvent.change(field, { target: { value: 'left' } });
  kernel.typing.flush();
  pause();
  expect(kernel.asked).toEqual(['left']);
});
