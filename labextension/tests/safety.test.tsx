import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fireEvent, render, screen, within } from '@testing-library/react';
import { SafetyBox } from '../src/panels/safety/SafetyBox';
import type { MadeSafe, Safety } from '../src/panels/safety/shapes';

const example = JSON.parse(readFileSync(join(__dirname, '../../tests/protocol/sidebar.json'), 'utf8')).safety as Safety;

function show(safety: Safety | null): { heard: string[]; part: ReturnType<typeof within> } {
  const heard: string[] = [];
  render(<SafetyBox safety={safety} onMakeSafe={() => heard.push('make safe')} onRead={() => heard.push('read')} />);
  return { heard, part: within(screen.getByRole('group', { name: 'Make safe' })) };
}

test('it says beforehand what it calls, in which order, and for what there is nothing to call', () => {
  const { part } = show({ ...example, report: null });
  expect(part.getByText(/^Then calls/).textContent).toBe('Then calls reactor.cool_down(), pump.stop().');
  part.getByText('1 instrument has no handler: stirrer.');
  part.getByText(/needs is marked as a safe state/);
  part.getByText(/It is software, no emergency stop/);
});

test('it says when no instrument is told anything', () => {
  const { part } = show({
    handlers: [],
    without: ['pump', 'stirrer'],
    without_text: '2 instruments have no handler: pump, stirrer',
    problems: [],
    report: null
  });
  part.getByText('No instrument is told anything; 2 instruments have no handler: pump, stirrer.');
});

test('of many instruments without a handler it says how many, and unfolds their names', () => {
  const text = '5 instruments have no handler: a, b, c and 2 more';
  const { part } = show({ ...example, without: ['a', 'b', 'c', 'd', 'e'], without_text: text, report: null });
  expect(part.getByText(`${text}.`).tagName).toBe('SUMMARY');
  expect(part.getByText('a, b, c, d, e').tagName).toBe('DETAILS');
});

test('many handlers are counted, and unfold in their order', () => {
  const handlers = Array.from({ length: 20 }, (_, at) => ({ label: `valve_${at}.close`, instruments: [`valve_${at}`] }));
  const { part } = show({ ...example, handlers, report: null });
  const summary = part.getByText('Then calls 20 handlers, one after the other.');
  expect(summary.parentElement?.textContent).toContain('valve_0.close(), valve_1.close()');
});

test('the button works before anything is known', () => {
  const { heard, part } = show(null);
  fireEvent.click(part.getByRole('button', { name: 'Make safe' }));
  expect(heard).toEqual(['make safe']);
});

test('it says afterwards what came of it, what could not be reached first, until somebody has read it', () => {
  const { heard, part } = show(example);
  const report = within(part.getByRole('alert', { name: 'What make safe did' }));
  report.getByText('Could not be reached: pump. Go and look.');
  report.getByText('Asked to stop, and had not returned: stirrer.stir.');
  report.getByText('no answer · 2.0 s');
  report.getByText('it did not return in time');
  report.getByText('returned · 0.062 s');
  report.getByText('1 instrument has no handler: stirrer.');
  report.getByText('night was stopped without cleanup.');
  report.getByText(/A cell was interrupted/);
  expect(part.queryByText(/^Then calls/)).toBeNull();
  fireEvent.click(report.getByRole('button', { name: 'I have read it' }));
  expect(heard).toEqual(['read']);
});

test('while it is under way it cannot be put aside', () => {
  const row = { instruments: ['pump'], handler: 'pump.stop', outcome: 'running' as const, seconds: null, error: '' };
  const report: MadeSafe = { ...(example.report as MadeSafe), ended_us: null, unreached: [], rows: [row] };
  const { part } = show({ ...example, report });
  const shown = within(part.getByRole('status', { name: 'What make safe did' }));
  shown.getByText('Making safe…');
  shown.getByText('under way…');
  expect(shown.queryByRole('button')).toBeNull();
});
