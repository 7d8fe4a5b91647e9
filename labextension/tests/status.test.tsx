import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fireEvent, render, screen } from '@testing-library/react';
import { summarize } from '../src/model/summary';
import { StatusView } from '../src/status/view';
import type { Run } from '../src/tokens';

const examples = JSON.parse(readFileSync(join(__dirname, '../../tests/protocol/bridge.json'), 'utf8')) as {
  run: [Run, ...Run[]];
};

function show(change: Partial<Run>): { clicked: string[]; container: HTMLElement } {
  const clicked: string[] = [];
  const clicks = {
    show: () => clicked.push('show'),
    pause: () => clicked.push('pause'),
    resume: () => clicked.push('resume'),
    stop: () => clicked.push('stop')
  };
  const standing = { serial: 1, run: { ...examples.run[0], ...change }, waiting: 0, on_hold: false, changes: 0, undecided: [] };
  const summary = summarize('connected', standing);
  if (summary === null) {
    throw new Error('There is nothing to show.');
  }
  return { clicked, ...render(<StatusView summary={summary} clicks={clicks} />) };
}

test('the sentence, the progress and the buttons of a running run', () => {
  const { clicked } = show({});
  screen.getByText(/running script 5 of 14: pump.dispense/);
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('29');
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
  fireEvent.click(screen.getByRole('button', { name: /Stop/ }));
  fireEvent.click(screen.getByRole('link'));
  expect(clicked).toEqual(['pause', 'stop', 'show']);
});

test('a paused run offers to resume', () => {
  const { clicked } = show({ state: 'paused', sentence: 'paused' });
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
  expect(clicked).toEqual(['resume']);
});

test('an ended run has no buttons and no progress', () => {
  show({ state: 'ended', outcome: 'completed', sentence: 'completed', progress: 1 });
  expect(screen.queryAllByRole('button')).toEqual([]);
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('names and sentences with markup are shown as text', () => {
  const { container } = show({ name: '<img src=x onerror=alert(1)>', sentence: '<b>bold</b>' });
  screen.getByText(/<img src=x onerror=alert\(1\)> <b>bold<\/b>/);
  expect(container.querySelector('img, b')).toBeNull();
});
