/** What stands in the palette, and what of it does a search leave?  Pure. */
import type { IPalette } from './wire';

/** The part of a step that the palette decides; the kernel fills in the rest. */
export type Template = { step: string } & Record<string, string>;

/** One thing that can be dragged or clicked. */
export interface IItem {
  key: string;
  label: string;
  /** What stands at the right: how many arguments, or `get` and `set`. */
  detail: string;
  help: string;
  template: Template;
  /** A second step this line offers: setting a property. */
  other?: { detail: string; template: Template };
}

export interface IGroup {
  key: string;
  label: string;
  type: string;
  /** Index of the colour; -1 for control flow, -2 for workflows. */
  color: number;
  items: IItem[];
  /** How many are folded away. */
  folded: number;
}

const FLOW: readonly [label: string, type: string, help: string][] = [
  ['if · else', 'if', 'Do one thing or another, by a condition.'],
  ['repeat', 'repeat', 'Repeat a number of times.'],
  ['for each', 'for_each', 'Repeat for each item of a list.'],
  ['while', 'while', 'Repeat while a condition holds.'],
  ['wait', 'wait', 'Wait for a time.'],
  ['wait until', 'wait_until', 'Wait until a time of day.'],
  ['wait for a reading', 'wait_for', 'Wait until a reading has fulfilled a condition for so long.'],
  ['variable', 'variable', 'Give a value a name.'],
  ['ask a person', 'input', 'Ask for a value and go on with it.'],
  ['pause', 'pause', 'Stop here until a person goes on.'],
  ['comment', 'comment', 'A line for people.']
];

/** How many colours there are for instruments. */
const COLORS = 8;

/** The palette, grouped; `search` leaves what bears all its words. */
export function groups(palette: IPalette, search: string, everything: ReadonlySet<string>): IGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...instrumentGroups(palette, words.length > 0 ? null : everything), flowGroup(), blockGroup(palette), workflowGroup(palette)];
  return all
    .map(group => ({ ...group, items: group.items.filter(item => found(words, group, item)) }))
    .filter(group => group.items.length > 0 || (words.length === 0 && group.folded > 0));
}

function found(words: readonly string[], group: IGroup, item: IItem): boolean {
  const text = `${group.label} ${group.type} ${item.label} ${item.help}`.toLowerCase();
  return words.every(one => text.includes(one));
}

function instrumentGroups(palette: IPalette, everything: ReadonlySet<string> | null): IGroup[] {
  return palette.instruments.map((instrument, index) => {
    const shown = <T extends { folded: boolean }>(lines: readonly T[]): T[] =>
      lines.filter(line => !line.folded || everything === null || everything.has(instrument.path));
    const methods = shown(instrument.methods).map(
      (method): IItem => ({
        key: `${instrument.path}.${method.name}`,
        label: method.name,
        detail: method.parameters.length === 0 ? '' : String(method.parameters.length),
        help: method.doc || method.summary,
        template: { step: 'action', instrument: instrument.path, method: method.name }
      })
    );
    const properties = shown(instrument.properties).map((line): IItem => {
      const of = { instrument: instrument.path, property: line.name };
      const [get, set] = [{ step: 'get', ...of }, { step: 'set', ...of }];
      const base = { key: `${instrument.path}.${line.name}`, label: line.name, help: line.summary };
      if (!line.readable) {
        return { ...base, detail: 'set', template: set };
      }
      return { ...base, detail: 'get', template: get, ...(line.settable ? { other: { detail: 'set', template: set } } : {}) };
    });
    const total = instrument.methods.length + instrument.properties.length;
    return {
      key: instrument.path,
      label: instrument.path,
      type: instrument.type,
      color: index % COLORS,
      items: [...methods, ...properties],
      folded: total - methods.length - properties.length
    };
  });
}

function flowGroup(): IGroup {
  const items = FLOW.map(([label, type, help]) => ({ key: `flow:${type}`, label, detail: '', help, template: { step: type } }));
  return { key: 'flow', label: 'Flow', type: '', color: -1, items, folded: 0 };
}

function blockGroup(palette: IPalette): IGroup {
  const items = palette.blocks.map(block => ({
    key: `block:${block.name}`,
    label: block.name,
    detail: block.category,
    help: block.doc || block.summary,
    template: { step: 'block', block: block.name }
  }));
  return { key: 'blocks', label: 'Blocks', type: '', color: -3, items, folded: 0 };
}

function workflowGroup(palette: IPalette): IGroup {
  const items = palette.workflows.map(workflow => ({
    key: `workflow:${workflow.name}`,
    label: workflow.name,
    detail: workflow.parameters.length === 0 ? '' : String(workflow.parameters.length),
    help: workflow.doc || workflow.summary,
    template: { step: 'workflow', workflow: workflow.name, version: workflow.version }
  }));
  return { key: 'workflows', label: 'Workflows', type: '', color: -2, items, folded: 0 };
}

/** How many actions there are in all. */
export function countActions(palette: IPalette): number {
  const own = palette.instruments.reduce((sum, one) => sum + one.methods.length + one.properties.length, 0);
  return own + palette.blocks.length + palette.workflows.length;
}

/** The colour of the instrument that a step uses. */
export function colorOf(palette: IPalette | null, step: { step: string; instrument?: string }): number {
  const at = palette?.instruments.findIndex(one => one.path === step.instrument) ?? -1;
  if (at >= 0) {
    return at % COLORS;
  }
  return step.step === 'workflow' ? -2 : step.step === 'block' ? -3 : -1;
}
