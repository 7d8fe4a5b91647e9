import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IForm, IName, IPlainRow, IValueRow } from '../../src/builder/form-model';
import type { IAboutStep, IFault, IRehearsal, ISaid, ITotal } from '../../src/builder/rehearsal';
import type { ICellProblem, IColumns, ITableCheck } from '../../src/builder/run-check';
import type {
  ICallable, ICheck, IDocument, IFinding, IHead, IParameterLine, IPalette, IPatch, IPropertyLine, IRun, ISplice, IStepRun, IWaiting
} from '../../src/builder/wire';
import { fields, yes } from '../fields';

interface Examples {
  readonly document: IDocument[];
  readonly patch: IPatch[];
  readonly check: ICheck[];
  readonly palette: IPalette[];
  readonly run: IRun[];
  readonly waiting: IWaiting[];
  readonly form: IForm[];
  readonly columns: IColumns[];
  readonly table_check: ITableCheck[];
  readonly rehearsal: IRehearsal[];
}

const examples = JSON.parse(readFileSync(join(__dirname, '../../../tests/protocol/builder.json'), 'utf8')) as Examples;
const [document, patch, check, palette] = [examples.document[0], examples.patch[0], examples.check[0], examples.palette[0]];
const [form, rehearsal, run] = [examples.form[0], examples.rehearsal[0], examples.run[0]];
const [instrument, method] = [palette?.instruments[0], palette?.instruments[0]?.methods[0]];

const state = { dirty: yes, saved: yes, saved_version: yes, undo: yes, redo: yes };
const callable = { name: yes, summary: yes, doc: yes, folded: yes, parameters: yes };
const shapes: [string, unknown, string[]][] = [
  ['document', document, fields<IDocument>({ ...state, version: yes, head: yes, phases: yes, steps: yes })],
  [
    'head',
    document?.head,
    fields<IHead>({ name: yes, description: yes, deck: yes, author: yes, finalized: yes, registered: yes, parameters: yes })
  ],
  ['patch', patch, fields<IPatch>({ ...state, from: yes, to: yes, head: yes, set: yes, drop: yes, lists: yes })],
  ['splice', patch?.lists?.[0], fields<ISplice>({ list: yes, at: yes, remove: yes, insert: yes })],
  ['check', check, fields<ICheck>({ version: yes, findings: yes, total: yes })],
  ['finding', check?.findings[0], fields<IFinding>({ step: yes, severity: yes, code: yes, message: yes, field: yes, repair: yes })],
  ['palette', palette, fields<IPalette>({ instruments: yes, blocks: yes, workflows: yes, left_out: yes })],
  ['instrument', instrument, fields<IPalette['instruments'][0]>({ path: yes, type: yes, summary: yes, methods: yes, properties: yes })],
  ['method', method, fields<ICallable>(callable)],
  ['parameter', method?.parameters[0], fields<IParameterLine>({ name: yes, unit: yes, required: yes })],
  [
    'property',
    instrument?.properties[0],
    fields<IPropertyLine>({ name: yes, unit: yes, nullable: yes, summary: yes, readable: yes, settable: yes, folded: yes })
  ],
  ['block', palette?.blocks[0], fields<IPalette['blocks'][0]>({ ...callable, category: yes })],
  ['workflow', palette?.workflows[0], fields<IPalette['workflows'][0]>({ ...callable, version: yes })],
  [
    'run',
    run,
    fields<IRun>({
      key: yes, name: yes, sentence: yes, state: yes, phase: yes, iteration: yes, iterations: yes, ended: yes, outcome: yes,
      same_version: yes, version: yes, step: yes, seen: yes, steps: yes
    })
  ],
  ['step of a run', run?.steps['script-1'], fields<IStepRun>({ round: yes, status: yes, count: yes, started_ms: yes, took_ms: yes })],
  [
    'waiting run',
    examples.waiting[0],
    fields<IWaiting>({ key: yes, name: yes, columns: yes, rows: yes, repeat: yes, sample: yes, batch_size: yes })
  ],
  [
    'form',
    form,
    fields<IForm>({
      step: yes, title: yes, summary: yes, doc: yes, values: yes, rows: yes, conditions: yes, names: yes, outputs: yes, options: yes,
      limits: yes, usual: yes, call: yes, note: yes
    })
  ],
  ['value', form?.values[0], fields<IValueRow>({ field: yes, choice: yes, choices: yes, given: yes, text: yes, consolidate: yes })],
  ['row', form?.rows[0], fields<IPlainRow>({ name: yes, label: yes, input: yes, value: yes, hint: yes, options: yes })],
  ['name', form?.names[0], fields<IName>({ name: yes, type: yes, at_run: yes, made_by: yes })],
  ['columns', examples.columns[0], fields<IColumns>({ columns: yes, outputs: yes, frames: yes })],
  ['table check', examples.table_check[0], fields<ITableCheck>({ cells: yes, findings: yes, errors: yes, estimate: yes })],
  ['cell', examples.table_check[0]?.cells[0], fields<ICellProblem>({ row: yes, column: yes, message: yes })],
  [
    'rehearsal',
    rehearsal,
    fields<IRehearsal>({
      verdict: yes, standing: yes, headline: yes, time: yes, ok: yes, totals: yes, problems: yes, more_problems: yes, never: yes,
      questions: yes, assumed: yes, known: yes, faults: yes
    })
  ],
  ['total', rehearsal?.totals[0], fields<ITotal>({ instrument: yes, method: yes, calls: yes, time: yes, amounts: yes })],
  ['step it is about', rehearsal?.problems[0], fields<IAboutStep>({ step: yes, said: yes, text: yes, sure: yes })],
  ['assumption', rehearsal?.assumed[0], fields<ISaid>({ about: yes, text: yes })],
  [
    'fault',
    rehearsal?.faults[0],
    fields<IFault>({ step: yes, said: yes, fault: yes, did: yes, cleanup: yes, left: yes, safe: yes })
  ]
];

test.each(shapes)('the example of a %s that the kernel’s tests compare with theirs has the fields known here', (_, example, known) => {
  expect(Object.keys(example as object).sort()).toEqual(known);
});
