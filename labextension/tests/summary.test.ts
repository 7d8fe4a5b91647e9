import { summarize } from '../src/model/summary';
import type { Run, Standing } from '../src/tokens';

const run: Run = {
  key: 'k1',
  name: 'night-1',
  workflow: 'screen',
  state: 'running',
  outcome: null,
  sentence: 'running script 5 of 14: pump.dispense',
  phase: 'script',
  iteration: 5,
  iterations: 14,
  progress: 4 / 14,
  step: { id: 's1', label: 'pump.dispense' },
  question: null,
  pausing: false,
  stopping: null,
  error: null
};

function standing(change: Partial<Run> | null, waiting = 0, on_hold = false): Standing {
  return { serial: 1, run: change && { ...run, ...change }, waiting, on_hold, changes: 0, undecided: [] };
}

test('a kernel without IvoryOS shows nothing', () => {
  expect(summarize('absent', null)).toBeNull();
});

test.each(['silent', 'gone'] as const)('a kernel that is %s is greyed and offers no button', state => {
  expect(summarize(state, standing({}))).toMatchObject({
    text: 'not connected',
    mood: 'lost',
    canPause: false,
    canResume: false,
    canStop: false
  });
});

test('a running run is a sentence with progress, and can be paused and stopped', () => {
  expect(summarize('connected', standing({}))).toMatchObject({
    text: 'night-1 running script 5 of 14: pump.dispense',
    mood: 'active',
    progress: 4 / 14,
    canPause: true,
    canResume: false,
    canStop: true
  });
});

test('a run that will pause can be resumed before it has paused', () => {
  expect(summarize('connected', standing({ pausing: true }))).toMatchObject({ canPause: false, canResume: true });
});

test('a paused run can be resumed and stopped', () => {
  expect(summarize('connected', standing({ state: 'paused' }))).toMatchObject({ canPause: false, canResume: true, canStop: true });
});

test('a stopping run can still be stopped sooner', () => {
  expect(summarize('connected', standing({ stopping: 'row', sentence: 'stopping after this row' }))).toMatchObject({
    text: 'night-1 stopping after this row',
    canStop: true
  });
});

test('a run that asks needs attention', () => {
  expect(summarize('connected', standing({ state: 'asking', sentence: 'asks: retry?' }))).toMatchObject({
    mood: 'attention',
    canPause: false,
    canStop: true
  });
});

test('a run that asks whether to go on can be resumed', () => {
  const question = { id: 'q', kind: 'pause', message: 'Swap the vial.', choices: ['continue', 'stop'] };
  expect(summarize('connected', standing({ state: 'asking', question }))).toMatchObject({ canResume: true });
});

test.each([
  ['completed', 'idle'],
  ['stopped', 'idle'],
  ['failed', 'attention'],
  ['interrupted', 'attention']
])('a run that ended %s is %s and offers no button', (outcome, mood) => {
  expect(summarize('connected', standing({ state: 'ended', outcome, sentence: outcome }))).toMatchObject({
    mood,
    progress: null,
    canPause: false,
    canResume: false,
    canStop: false
  });
});

test('an interrupted run that nobody has decided about is said as long as no other goes on', () => {
  const left = { ...standing(null, 1, true), undecided: ['titration'] };
  expect(summarize('connected', left)).toMatchObject({ text: 'titration was interrupted: decide · 1 waiting, on hold', mood: 'attention' });
  expect(summarize('connected', { ...left, undecided: ['a', 'b'] })?.text).toContain('2 runs were interrupted');
  expect(summarize('connected', { ...standing({}), undecided: ['titration'] })?.text).toContain('night-1 running');
});

test('waiting runs are counted, and a queue on hold says so', () => {
  expect(summarize('connected', standing(null, 2))?.text).toBe('no run yet · 2 waiting');
  expect(summarize('connected', standing(null, 2, true))?.text).toBe('no run yet · 2 waiting, on hold');
});
