/** How does what stands in a form become what is sent?  Pure functions over `Given`; an untouched field is absent. */

import type { Json } from '../../protocol';
import type { Field, Given, GivenFields, Kind } from './shapes';

/** Put, replace or (with undefined) take out the value of a field. */
export function withField(fields: GivenFields, name: string, given: Given | undefined): GivenFields {
  const rest = Object.entries(fields).filter(([other]) => other !== name);
  return Object.fromEntries(given === undefined ? rest : [...rest, [name, given]]);
}

/** What typing `text` into the field of a kind gives: nothing when it is blank, text to the letter for texts. */
export function typed(kind: Kind, text: string): Given | undefined {
  if (text === '') {
    return undefined;
  }
  return bare(kind).tag === 'text' ? { value: text } : { text };
}

/** The text that stands in a one-line field. */
export function shownText(given: Given | undefined): string {
  if (given === undefined) {
    return '';
  }
  if ('text' in given) {
    return given.text;
  }
  if ('live' in given) {
    return given.live;
  }
  return 'value' in given && given.value !== null ? plainText(given.value) : '';
}

function plainText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether None was chosen. */
export function isNone(given: Given | undefined): boolean {
  return given !== undefined && 'value' in given && given.value === null;
}

/** Whether the empty text was chosen. */
export function isEmptyText(given: Given | undefined): boolean {
  return given !== undefined && 'value' in given && given.value === '';
}

/** The kind without the "or None" around it. */
export function bare(kind: Kind): Kind {
  return kind.tag === 'nullable' ? bare(kind.kind) : kind;
}

/** Whether None may be given. */
export function admitsNone(kind: Kind): boolean {
  if (kind.tag === 'union') {
    return kind.members.some(admitsNone);
  }
  return kind.tag === 'nullable' || (kind.tag === 'literal' && kind.values.includes(null));
}

/** Take the n-th item out. */
export function withoutItem<T>(items: T[], at: number): T[] {
  return items.filter((_, index) => index !== at);
}

/** Replace the n-th item. */
export function withItem<T>(items: T[], at: number, item: T): T[] {
  return items.map((old, index) => (index === at ? item : old));
}

/** The items that a pasted column, row or several lines are, for a list whose items are typed into one line; null where it is one text. */
export function pastedItems(item: Kind, pasted: string): Given[] | null {
  const lines = pasted.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const cells = lines.length === 1 ? pasted.trim().split('\t') : lines;
  const table = lines.length > 1 && lines.some(line => line.includes('\t'));
  if (!ONE_LINE.has(item.tag) || cells.length < 2 || table) {
    return null;
  }
  return cells.map(cell => typed(item, cell.trim()) ?? { text: '' });
}

const ONE_LINE: ReadonlySet<Kind['tag']> = new Set(['anything', 'integer', 'number', 'text']);

/** What stands in a field when nothing was put in: its default, said as one. */
export function placeholder(field: Field): string {
  if (field.default === null) {
    return field.required ? 'required' : '';
  }
  return field.default === 'None' ? 'None' : `default ${field.default}`;
}

/** What stands beside a field: unit, then limits, then whether it may be left out. */
export function hint(field: Field): string {
  const limited = bounds(field);
  const unit = limited.endsWith(` ${field.unit}`) ? '' : field.unit;
  return [unit, limited, shortened(field.help, field.unit)].filter(part => part !== '').join(' · ');
}

/** The first line of the help, without the unit that stands beside it anyway. */
function shortened(help: string, unit: string): string {
  const first = (help.split('\n')[0] ?? '').replace(/\.$/, '');
  const plain = unit === '' ? first : first.replace(`, in ${unit}`, '').replace(` [${unit}]`, '').replace(` (${unit})`, '');
  return plain.length > 90 ? `${plain.slice(0, 89)}…` : plain;
}

/** The bounds of a field, those of the limits file before the driver's. */
export function bounds(field: Pick<Field, 'kind' | 'limit'>): string {
  const kind = bare(field.kind);
  const own = kind.tag === 'number' || kind.tag === 'integer' ? kind : { minimum: null, maximum: null };
  const low = field.limit?.minimum ?? own.minimum ?? null;
  const high = field.limit?.maximum ?? own.maximum ?? null;
  const unit = field.limit?.unit ? ` ${field.limit.unit}` : '';
  if (field.limit?.allowed) {
    return `only ${field.limit.allowed.map(plainText).join(', ')}${unit}`;
  }
  return range(low, high) + (low === null && high === null ? '' : unit);
}

function range(low: number | null, high: number | null): string {
  const say = (value: number): string => String(value).replace('-', '−');
  if (low !== null && high !== null) {
    return `${say(low)} to ${say(high)}`;
  }
  if (low !== null) {
    return `at least ${say(low)}`;
  }
  return high === null ? '' : `at most ${say(high)}`;
}

/** The name of a method as a button wears it: `set_temperature` is "Set temperature". */
export function buttonName(member: string): string {
  const words = member.replace(/_+/g, ' ').trim();
  return words === '' ? member : words.charAt(0).toUpperCase() + words.slice(1);
}
