import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Check, Entry, Field, Form, InstrumentRow, InstrumentStatus, Kind, LeftOut, Limit, Listing, MethodRow, Preferences, Problem, PropertyRow, Shown
} from '../../src/panels/model/shapes';
import { fields, yes } from '../fields';

interface Examples {
  readonly listing: Listing[];
  readonly form: Form[];
  readonly check: Check[];
  readonly entry: Entry[];
  readonly kind: Kind[];
}

const examples = JSON.parse(readFileSync(join(__dirname, '../../../tests/protocol/panels.json'), 'utf8')) as Examples;
const [listing, form, check, entry] = [examples.listing[0], examples.form[0], examples.check[0], examples.entry[0]];
const instrument = listing?.instruments[0];

const shapes: [string, unknown, string[]][] = [
  ['listing', listing, fields<Listing>({ deck: yes, offline: yes, instruments: yes, left_out: yes, preferences: yes, warning: yes })],
  [
    'instrument',
    instrument,
    fields<InstrumentRow>({
      path: yes, type: yes, summary: yes, methods: yes, properties: yes, children: yes, left_out: yes, connection: yes, status: yes
    })
  ],
  [
    'method',
    instrument?.methods[0],
    fields<MethodRow>({ name: yes, signature: yes, returns: yes, summary: yes, folded: yes, note: yes, defined_by: yes })
  ],
  [
    'property',
    instrument?.properties[0],
    fields<PropertyRow>({ name: yes, unit: yes, readable: yes, settable: yes, summary: yes, folded: yes, note: yes, kind: yes, limit: yes })
  ],
  ['status', instrument?.status, fields<InstrumentStatus>({ state: yes, text: yes })],
  ['left out', listing?.left_out[0], fields<LeftOut>({ name: yes, reason: yes })],
  ['preferences', listing?.preferences, fields<Preferences>({ favourites: yes, hidden: yes, order: yes })],
  [
    'form',
    form,
    fields<Form>({ target: yes, member: yes, operation: yes, title: yes, fields: yes, variants: yes, doc: yes, note: yes, draft: yes })
  ],
  [
    'field',
    form?.fields[0],
    fields<Field>({
      name: yes, kind: yes, passing: yes, required: yes, default: yes, unit: yes, help: yes, annotation: yes, limit: yes
    })
  ],
  ['limit', form?.fields[0]?.limit, fields<Limit>({ minimum: yes, maximum: yes, allowed: yes, unit: yes })],
  ['check', check, fields<Check>({ problems: yes, missing: yes, call: yes, notes: yes })],
  ['problem', check?.problems[0], fields<Problem>({ field: yes, message: yes, value: yes })],
  [
    'entry',
    entry,
    fields<Entry>({
      id: yes, target: yes, member: yes, operation: yes, call: yes, state: yes, origin: yes, started_ms: yes, ended_ms: yes, result: yes,
      error: yes, prints: yes, message: yes
    })
  ],
  ['result', entry?.result, fields<Shown>({ text: yes, type: yes, unit: yes, table: yes, image: yes })]
];

test.each(shapes)('the example of a %s that the kernel’s tests compare with theirs has the fields known here', (_, example, known) => {
  expect(Object.keys(example as object).sort()).toEqual(known);
});

test('every kind of value that the kernel sends has a field here, and there is none that it never sends', () => {
  const known: Record<Kind['tag'], true> = {
    boolean: yes, text: yes, nothing: yes, integer: yes, number: yes, enum: yes, literal: yes, list: yes, tuple: yes, dict: yes,
    record: yes, temporal: yes, special: yes, live: yes, union: yes, nullable: yes, anything: yes
  };
  expect(examples.kind.map(one => one.tag).sort()).toEqual(Object.keys(known).sort());
});
