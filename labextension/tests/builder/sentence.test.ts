import { labelText, plainText, sentence, spoken } from '../../src/builder/sentence';
import type { IPalette, IStep, Plain } from '../../src/builder/wire';

const palette: IPalette = {
  instruments: [
    {
      path: 'pump',
      type: 'Pump',
      summary: '',
      methods: [
        {
          name: 'dispense',
          summary: '',
          doc: '',
          folded: false,
          parameters: [
            { name: 'volume_ml', unit: 'mL', required: true },
            { name: 'rate_ml_min', unit: 'mL/min', required: false }
          ]
        }
      ],
      properties: [{ name: 'flow_rate', unit: 'mL/min', nullable: false, summary: '', readable: true, settable: true, folded: false }]
    }
  ],
  blocks: [],
  workflows: [],
  left_out: 0
};
const read = (step: Partial<IStep>): string =>
  sentence({ id: '1', step: 'action', ...step }, palette)
    .map(piece => `${piece.kind}:${piece.text}`)
    .join(' ');

test('a call reads as a sentence, units behind the values', () => {
  const step = { instrument: 'pump', method: 'dispense', arguments: { volume_ml: { at_run: 'volume' }, rate_ml_min: { value: 2 } }, outputs: ['left'] };
  expect(read(step)).toBe('name:pump.dispense label:volume at_run:#volume unit:mL label:rate constant:2 mL/min output:left');
});

test('an argument that must be given and is not stands out', () => {
  expect(read({ instrument: 'pump', method: 'dispense' })).toBe('name:pump.dispense missing:volume?');
});

test('an argument that the method does not know is shown, not lost', () => {
  expect(read({ instrument: 'pump', method: 'dispense', arguments: { volume_ml: { value: 1 }, speed: { value: 'x' } } })).toContain('label:speed constant:x');
});

test('a step of an instrument that is not there still reads', () => {
  expect(read({ instrument: 'gone', method: 'call', arguments: { a: { variable: 'x' } } })).toBe('name:gone.call label:a variable:x');
});

test.each([
  [{ step: 'set', instrument: 'pump', property: 'flow_rate', value: { expression: 'x * 2' } }, 'word:set name:pump.flow_rate word:to expression:x * 2 unit:mL/min'],
  [{ step: 'get', instrument: 'pump', property: 'flow_rate', outputs: ['rate'] }, 'word:read name:pump.flow_rate output:rate'],
  [{ step: 'if', branches: [{ condition: 'left < 15' }] }, 'name:if code:left < 15'],
  [{ step: 'while', condition: '' }, 'name:while missing:condition? quiet:at most 1000 times'],
  [{ step: 'repeat', times: { value: 3 } }, 'name:repeat constant:3 word:times'],
  [{ step: 'for_each', item: 'one', items: { value: [1, 'a'] } }, 'name:for each output:one word:in constant:[1, "a"]'],
  [{ step: 'wait', seconds: { value: 10 } }, 'name:wait constant:10 s'],
  [{ step: 'wait_until', time: '08:30' }, 'name:wait until constant:08:30'],
  [{ step: 'pause', message: 'look' }, 'name:pause quiet:look'],
  [{ step: 'comment', text: 'hello' }, 'quiet:# hello'],
  [{ step: 'input', message: 'pH?', name: 'ph' }, 'name:ask quiet:pH? output:ph'],
  [{ step: 'variable', name: 'n', value: { value: 0 } }, 'name:let output:n word:be constant:0']
] as [Partial<IStep>, string][])('%o reads %s', (step, words) => {
  expect(read(step)).toBe(words);
});

test('values are shown as they are meant', () => {
  const values: Plain[] = [null, true, 'x', '', 2.5, [1, 'a'], { $live: 'plate["A1"]' }, { $float: 'nan' }, { a: 1 }];
  expect(values.map(one => plainText(one))).toEqual([
    'None', 'True', 'x', '""', '2.5', '[1, "a"]', 'plate["A1"]', 'nan', '{a: 1}'
  ]);
  expect(plainText('x'.repeat(200))).toHaveLength(60);
});

test('a label leaves the unit to the value', () => {
  expect(labelText('volume_ml', 'mL')).toBe('volume');
  expect(labelText('ml', 'mL')).toBe('ml');
  expect(labelText('set_point', '°C')).toBe('set point');
});

test('a screen reader hears the name of the item as it is read', () => {
  expect(spoken({ id: '1', step: 'for_each', item: 'vial', items: { value: [1, 2] } }, palette)).toBe('for each vial in [1, 2]');
});

test('a screen reader hears what the result is saved as', () => {
  expect(spoken({ id: '1', step: 'get', instrument: 'pump', property: 'flow_rate', outputs: ['rate'] }, palette)).toBe('read pump.flow_rate saved as rate');
});

test('a value that nobody has said yet is left open, and None is a value where it can be set', () => {
  const set = { id: '1', step: 'set', instrument: 'pump', property: 'flow_rate', value: { value: null } };
  expect(sentence(set, palette).at(-1)).toEqual({ kind: 'missing', text: '… mL/min' });
  expect(spoken(set, palette)).toBe('set pump.flow_rate to a missing value');
  expect(spoken({ ...set, property: 'unknown' }, palette)).toBe('set pump.unknown to None');
  expect(sentence({ id: '1', step: 'wait', seconds: { value: null } }, palette).at(-1)).toEqual({ kind: 'missing', text: '… s' });
  expect(spoken({ id: '1', step: 'wait_for', condition: '' }, palette)).toBe('wait for reading? condition?');
});
