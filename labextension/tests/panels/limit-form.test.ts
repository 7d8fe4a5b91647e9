import { factsOf, faultsOf, saving, separated, textsOf } from '../../src/panels/model/limit-form';
import type { Limited } from '../../src/panels/model/limit-form';
import { RefusedError } from '../../src/protocol';

const NUMBER: Limited = { name: 'volume_ml', kind: { tag: 'number' }, unit: 'mL', limit: null };

test('what is asked for depends on the kind of the field', () => {
  expect(factsOf(NUMBER)).toEqual({ limit: null, numeric: true, options: [], unit: 'mL' });
  expect(factsOf({ ...NUMBER, kind: { tag: 'list', container: 'list', item: { tag: 'nullable', kind: { tag: 'integer' } } } }).numeric).toBe(true);
  expect(factsOf({ ...NUMBER, kind: { tag: 'text' } })).toMatchObject({ numeric: false, options: [] });
  const members = [{ name: 'OFF', value: '0' }];
  expect(factsOf({ ...NUMBER, kind: { tag: 'nullable', kind: { tag: 'enum', type_name: 'Mode', members } } }).options).toEqual(['OFF']);
  expect(factsOf({ ...NUMBER, kind: { tag: 'literal', values: [1, 'a', null] } }).options).toEqual(['1', 'a']);
});

test('the form opens with the present limit, and sends what stands in it', () => {
  const limit = { minimum: 0, maximum: 5, allowed: null, unit: '' };
  const texts = textsOf(factsOf({ ...NUMBER, limit }));
  expect(texts).toEqual({ maximum: '5', minimum: '0', allowed: [], unit: 'mL' });
  const place = { target: 'pump', member: 'dispense', operation: 'call', param: 'volume_ml' } as const;
  expect(saving(place, texts)).toEqual({ ...place, maximum: '5', minimum: '0', allowed: [], unit: 'mL' });
});

test('allowed values are separated by commas, or stand in lines of their own', () => {
  expect(separated(' 1, 2 ,,3')).toEqual(['1', '2', '3']);
  expect(separated('a, b\nc')).toEqual(['a, b', 'c']);
  expect(separated('')).toEqual([]);
});

test('a refusal goes to its field, or is said in general', () => {
  const problems = [{ field: 'maximum', message: 'is no number', value: 'x' }];
  expect(faultsOf(new RefusedError({ message: 'No.', problems }))).toEqual({ fields: { maximum: 'is no number' }, general: '' });
  expect(faultsOf(new RefusedError({ message: 'The file.', problems: [] }))).toEqual({ fields: {}, general: 'The file.' });
});
