import { favoured, hidden, moved } from '../../src/panels/model/preferences';
import { count, visible } from '../../src/panels/model/search';
import { moment, span } from '../../src/panels/model/clock';
import type { InstrumentRow, MethodRow, Preferences } from '../../src/panels/model/shapes';

const NONE: Preferences = { favourites: [], hidden: [], order: {} };

function method(name: string, change: Partial<MethodRow> = {}): MethodRow {
  return { name, signature: '()', returns: '', summary: '', folded: false, note: '', defined_by: '', ...change };
}

const PUMP: InstrumentRow = {
  path: 'pump', type: 'lab:Pump', summary: '',
  methods: [method('dispense', { summary: 'Dispense a volume.' }), method('refill'), method('close', { folded: true })],
  properties: [], children: [], left_out: [],
  connection: { connect: '', close: '', is_connected: '' },
  status: { state: 'idle', text: 'idle' }
};

function names(search: string, everything = false, preferences = NONE): string[] {
  return visible(PUMP, search, everything, preferences).methods.map(one => one.name);
}

test('what comes from frameworks is folded away, and counted', () => {
  expect(names('')).toEqual(['dispense', 'refill']);
  expect(visible(PUMP, '', false, NONE).folded).toBe(1);
  expect(names('', true)).toEqual(['dispense', 'refill', 'close']);
});

test('a search finds by name, instrument and first line, also what is folded', () => {
  expect(names('pump disp')).toEqual(['dispense']);
  expect(names('VOLUME')).toEqual(['dispense']);
  expect(names('clo')).toEqual(['close']);
  expect(count([visible(PUMP, 'zzz', false, NONE)])).toBe(0);
});

test('favourites stand on top, hidden ones go, and the order is hers', () => {
  expect(names('', false, favoured(NONE, 'pump.refill', true))).toEqual(['refill', 'dispense']);
  expect(names('', false, hidden(NONE, 'pump.dispense', true))).toEqual(['refill']);
  expect(names('', false, moved(NONE, 'pump', ['dispense', 'refill'], 'refill', -1))).toEqual(['refill', 'dispense']);
  expect(moved(NONE, 'pump', ['dispense', 'refill'], 'dispense', -1)).toBe(NONE);
  expect(hidden(hidden(NONE, 'a.b', true), 'a.b', false)).toEqual(NONE);
});

test('a span of time is said as people say it', () => {
  expect([0.2, 31, 300, 2512, 31_400, 151_000, 3_725_000].map(span)).toEqual(['0 s', '0.031 s', '0.30 s', '2.5 s', '31 s', '2:31', '1:02:05']);
});

test('a reading of another day says its day', () => {
  const now = new Date(2026, 10, 22, 14, 30).getTime();
  expect(moment(new Date(2026, 10, 22, 14, 3).getTime(), now)).toBe('14:03');
  expect(moment(new Date(2026, 10, 21, 14, 3).getTime(), now)).toBe('Nov 21, 14:03');
});
