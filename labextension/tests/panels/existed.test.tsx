import { fireEvent, render, screen } from '@testing-library/react';
import { Existed } from '../../src/panels/runs/Existed';
import type { Run } from '../../src/panels/runs/shapes';

const RUN = { name: 'd', run_id: 12, sentence: 'completed', started_us: 1_000_000, ended_us: 1_790_000_000_000_000 } as Run;

test('a run that was there says which it is, and that nothing new was queued', () => {
  render(<Existed run={RUN} onAgain={async () => undefined} />);
  expect(screen.getByText(/^This submission was made before \(run 12, completed \w+ \d+, \d\d:\d\d\); nothing new was queued\.$/)).toBeTruthy();
});

test('it is asked for once more only once', () => {
  const onAgain = jest.fn(() => new Promise<void>(() => undefined));
  render(<Existed run={RUN} onAgain={onAgain} />);
  const button = screen.getByRole('button', { name: 'Run once more' });
  fireEvent.click(button);
  fireEvent.click(button);
  expect(onAgain).toHaveBeenCalledTimes(1);
});
