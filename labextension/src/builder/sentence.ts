/** How does a step read as a sentence, with its values as chips? */
import type { ICallable, IPalette, IParameterLine, IPropertyLine, IStep, Plain, Value } from './wire';

/** One piece of a sentence; a chip says where its value comes from. */
export type Piece =
  | { kind: 'name' | 'word' | 'label' | 'unit' | 'code' | 'quiet'; text: string }
  | { kind: 'constant' | 'at_run' | 'variable' | 'expression' | 'output' | 'missing'; text: string };

const word = (text: string): Piece => ({ kind: 'word', text });
const name = (text: string): Piece => ({ kind: 'name', text });

/** Return the sentence of a step; `palette` knows units and which arguments are required. */
export function sentence(step: IStep, palette: IPalette | null): Piece[] {
  const make = SENTENCES[step.step];
  return make === undefined ? [name(step.step)] : make(step, palette).filter(piece => piece.text !== '');
}

/** The sentence as plain text, for screen readers. */
export function spoken(step: IStep, palette: IPalette | null): string {
  return sentence(step, palette)
    .map(piece => aloud(piece, step))
    .join(' ');
}

function aloud({ kind, text }: Piece, step: IStep): string {
  if (kind === 'output' && step.step !== 'for_each') {
    return `saved as ${text}`;
  }
  return kind === 'missing' && text.startsWith(OPEN) ? 'a missing value' : text;
}

/** Stands where a value is still to be said. */
const OPEN = '…';

type Make = (step: IStep, palette: IPalette | null) => Piece[];

const SENTENCES: Record<string, Make> = {
  action: (step, palette) => {
    const method = callableOf(step, palette);
    return [
      name(`${step.instrument ?? ''}.${step.method ?? ''}`),
      ...argumentPieces(step.arguments ?? {}, method?.parameters ?? []),
      ...outputs(step)
    ];
  },
  block: (step, palette) => [
    name(step.block ?? ''),
    ...argumentPieces(step.arguments ?? {}, callableOf(step, palette)?.parameters ?? []),
    ...outputs(step)
  ],
  workflow: (step, palette) => [
    word('run'),
    name(step.workflow ?? ''),
    ...argumentPieces(step.arguments ?? {}, callableOf(step, palette)?.parameters ?? []),
    ...outputs(step)
  ],
  get: step => [word('read'), name(`${step.instrument ?? ''}.${step.property ?? ''}`), ...outputs(step)],
  set: (step, palette) => [
    word('set'),
    name(`${step.instrument ?? ''}.${step.property ?? ''}`),
    word('to'),
    ...setPieces(step, propertyOf(step, palette))
  ],
  if: step => [name('if'), condition(step.branches?.[0]?.condition)],
  while: step => [name('while'), condition(step.condition), { kind: 'quiet', text: `at most ${step.most ?? 1000} times` }],
  repeat: step => [name('repeat'), ...neededPieces(step.times, ''), word('times')],
  for_each: step => [
    name('for each'),
    { kind: 'output', text: step.item ?? '' },
    word('in'),
    ...neededPieces(step.items, '')
  ],
  wait: step => [name('wait'), ...neededPieces(step.seconds, 's')],
  wait_until: step => [name('wait until'), step.time ? { kind: 'constant', text: step.time } : missing('time')],
  wait_for: step => [
    name('wait for'),
    step.instrument ? word(`${step.instrument}.${step.property ?? ''}`) : missing('reading'),
    condition(step.condition),
    { kind: 'quiet', text: step.hold_s ? `held for ${step.hold_s} s` : '' },
    ...outputs(step)
  ],
  comment: step => [{ kind: 'quiet', text: step.text ? `# ${step.text}` : '# a comment' }],
  pause: step => [name('pause'), { kind: 'quiet', text: step.message ?? '' }],
  input: step => [
    name('ask'),
    step.message ? { kind: 'quiet', text: step.message } : missing('question'),
    { kind: 'output', text: step.name ?? '' }
  ],
  variable: step => [name('let'), { kind: 'output', text: step.name ?? '' }, word('be'), ...valuePieces(step.value, '')]
};

const missing = (what: string): Piece => ({ kind: 'missing', text: `${what}?` });

function condition(text: string | undefined): Piece {
  return text ? { kind: 'code', text } : missing('condition');
}

function outputs(step: IStep): Piece[] {
  const names = Array.isArray(step.outputs) ? step.outputs : Object.values(step.outputs ?? {});
  return names.filter(text => text !== '').map(text => ({ kind: 'output', text }));
}

/** The method, building block or workflow that a step calls. */
function callableOf(step: IStep, palette: IPalette | null): ICallable | undefined {
  if (step.step === 'block') {
    return palette?.blocks.find(one => one.name === step.block);
  }
  if (step.step === 'workflow') {
    return palette?.workflows.find(one => one.name === step.workflow);
  }
  const instrument = palette?.instruments.find(one => one.path === step.instrument);
  return instrument?.methods.find(one => one.name === step.method);
}

function propertyOf(step: IStep, palette: IPalette | null): IPropertyLine | undefined {
  const instrument = palette?.instruments.find(one => one.path === step.instrument);
  return instrument?.properties.find(one => one.name === step.property);
}

function setPieces(step: IStep, property: IPropertyLine | undefined): Piece[] {
  const needed = property !== undefined && !property.nullable;
  return needed ? neededPieces(step.value, property.unit) : valuePieces(step.value, property?.unit ?? '');
}

/** A value that cannot be None: as long as it is, nobody has said it. */
function neededPieces(value: Value | undefined, unit: string): Piece[] {
  const open = value !== undefined && 'value' in value && value.value === null;
  return open ? [{ kind: 'missing', text: `${OPEN} ${unit}`.trim() }] : valuePieces(value, unit);
}

function argumentPieces(given: Record<string, Value>, parameters: readonly IParameterLine[]): Piece[] {
  const known = parameters.flatMap(({ name: key, unit, required }) => {
    const value = given[key];
    if (value !== undefined) {
      return [label(key, unit), ...valuePieces(value, unit)];
    }
    return required ? [missing(labelText(key, unit))] : [];
  });
  const names = new Set(parameters.map(one => one.name));
  const unknown = Object.entries(given).filter(([key]) => !names.has(key));
  return [...known, ...unknown.flatMap(([key, value]) => [label(key, ''), ...valuePieces(value, '')])];
}

const label = (key: string, unit: string): Piece => ({ kind: 'label', text: labelText(key, unit) });

/** `volume_ml` in mL reads "volume", because the unit stands behind the value. */
export function labelText(key: string, unit: string): string {
  const tail = unit.toLowerCase().replace(/[^a-zµ°%0-9]+/g, '_').replace(/^_+|_+$/g, '');
  const bare = tail !== '' && key.toLowerCase().endsWith(`_${tail}`) ? key.slice(0, -tail.length - 1) : key;
  return bare.replace(/_+/g, ' ').trim() || key;
}

/** A value as a chip, with its unit: in the chip of a constant, behind any other. */
export function valuePieces(value: Value | undefined, unit: string): Piece[] {
  if (value === undefined) {
    return [missing('value')];
  }
  if ('value' in value) {
    const text = plainText(value.value);
    const number = typeof value.value === 'number' && unit !== '';
    return [{ kind: 'constant', text: number ? `${text} ${unit}` : text }];
  }
  const behind: Piece = { kind: 'unit', text: unit };
  if ('at_run' in value) {
    return [value.at_run ? { kind: 'at_run', text: `#${value.at_run}` } : missing('name'), behind];
  }
  if ('variable' in value) {
    return [value.variable ? { kind: 'variable', text: value.variable } : missing('variable'), behind];
  }
  return [value.expression ? { kind: 'expression', text: value.expression } : missing('expression'), behind];
}

const LONGEST = 60;

/** A plain value in words of Python, texts without quotes, long ones cut. */
export function plainText(plain: Plain, inside = false): string {
  const text = written(plain, inside);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function written(plain: Plain, inside: boolean): string {
  if (plain === null) {
    return 'None';
  }
  if (typeof plain === 'boolean') {
    return plain ? 'True' : 'False';
  }
  if (typeof plain === 'string') {
    return inside || plain === '' ? JSON.stringify(plain) : plain;
  }
  if (Array.isArray(plain)) {
    return `[${plain.map(item => plainText(item, true)).join(', ')}]`;
  }
  if (typeof plain === 'object') {
    if (typeof plain.$live === 'string') {
      return plain.$live;
    }
    if (typeof plain.$float === 'string') {
      return plain.$float;
    }
    return `{${Object.entries(plain).map(([key, item]) => `${key}: ${plainText(item, true)}`).join(', ')}}`;
  }
  return String(plain);
}
