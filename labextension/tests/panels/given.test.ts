import {
  admitsNone, bounds, buttonName, hint, isEmptyText, isNone, pastedItems, placeholder, shownText, typed, withField, withItem, withoutItem
} from '../../src/panels/model/given';
import type { Field, Kind } from '../../src/panels/model/shapes';
import { isScalar, kindName, shortType } from '../../src/panels/model/shapes';

const NUMBER: Kind = { tag: 'number', minimum: null, maximum: null };

function field(change: Partial<Field>): Field {
  return {
    name: 'volume_ml', kind: NUMBER, passing: 'either', required: false, default: null, unit: '', help: '', annotation: '', limit: null,
    ...change
  };
}

test('an untouched field, None, the empty text and False are four different things', () => {
  expect(typed({ tag: 'text' }, '')).toBeUndefined();
  expect(isNone({ value: null })).toBe(true);
  expect(isNone({ value: false })).toBe(false);
  expect(isEmptyText({ value: '' })).toBe(true);
  expect(isEmptyText({ value: null })).toBe(false);
  expect(isNone(undefined)).toBe(false);
});

test('text goes to the letter, everything else as it was typed', () => {
  expect(typed({ tag: 'text' }, ' 007 ')).toEqual({ value: ' 007 ' });
  expect(typed({ tag: 'nullable', kind: { tag: 'text' } }, 'None')).toEqual({ value: 'None' });
  expect(typed(NUMBER, '1,5')).toEqual({ text: '1,5' });
  expect(shownText({ text: '1,5' })).toBe('1,5');
  expect(shownText({ value: 2.5 })).toBe('2.5');
  expect(shownText({ live: 'plate["A1"]' })).toBe('plate["A1"]');
  expect(shownText(undefined)).toBe('');
});

test('a field is put in, replaced and taken out without touching the others', () => {
  const one = withField({}, 'a', { text: '1' });
  expect(withField(one, 'b', { text: '2' })).toEqual({ a: { text: '1' }, b: { text: '2' } });
  expect(withField(one, 'a', undefined)).toEqual({});
  expect(one).toEqual({ a: { text: '1' } });
  expect(withItem([1, 2, 3], 1, 9)).toEqual([1, 9, 3]);
  expect(withoutItem([1, 2, 3], 0)).toEqual([2, 3]);
});

test('a default is a placeholder, a required field says so', () => {
  expect(placeholder(field({ default: '1.0' }))).toBe('default 1.0');
  expect(placeholder(field({ default: 'None' }))).toBe('None');
  expect(placeholder(field({ required: true }))).toBe('required');
});

test('limits of the laboratory stand before those of the driver', () => {
  const kind: Kind = { tag: 'number', minimum: -200, maximum: 300 };
  expect(bounds(field({ kind }))).toBe('−200 to 300');
  const limit = { minimum: -50, maximum: 120, allowed: null, unit: '°C' };
  expect(hint(field({ kind, limit, unit: '' }))).toBe('−50 to 120 °C');
  expect(bounds(field({ limit: { minimum: null, maximum: 10, allowed: null, unit: 'mL' } }))).toBe('at most 10 mL');
  expect(bounds(field({ limit: { minimum: null, maximum: null, allowed: ['a', 'b'], unit: '' } }))).toBe('only a, b');
  expect(hint(field({ unit: 'mL/min', help: 'How fast.' }))).toBe('mL/min · How fast');
});

test('kinds know whether they take None, fit in a line, and what they are called', () => {
  expect(admitsNone({ tag: 'nullable', kind: NUMBER })).toBe(true);
  expect(admitsNone({ tag: 'literal', values: ['a', null] })).toBe(true);
  expect(admitsNone(NUMBER)).toBe(false);
  expect(isScalar({ tag: 'list', item: NUMBER, container: 'list' })).toBe(false);
  expect(kindName({ tag: 'nullable', kind: { tag: 'list', item: NUMBER, container: 'list' } })).toBe('list of number or None');
  expect(shortType('ivoryos_jupyter.testing:Reactor.Mode')).toBe('Mode');
  expect(buttonName('set_temperature')).toBe('Set temperature');
});

test('a pasted column, row or several lines are items of a list, each as if it was typed', () => {
  const text: Kind = { tag: 'text' };
  expect(pastedItems(text, 'A1\r\nA2\r\nA3\r\n')).toEqual([{ value: 'A1' }, { value: 'A2' }, { value: 'A3' }]);
  expect(pastedItems(NUMBER, '1\t2.5\n')).toEqual([{ text: '1' }, { text: '2.5' }]);
  expect(pastedItems({ tag: 'anything' }, 'a\n\nb')).toEqual([{ text: 'a' }, { text: '' }, { text: 'b' }]);
});

test('one text, a table of several columns, and items that are chosen are not taken apart', () => {
  expect(pastedItems({ tag: 'text' }, 'one text\n')).toBeNull();
  expect(pastedItems(NUMBER, '1\t2\n3\t4')).toBeNull();
  expect(pastedItems({ tag: 'boolean' }, 'true\nfalse')).toBeNull();
});
