/** What stands in the little form of a limit, and what is sent for it?  The kernel judges it. */

import type { Params } from '../../protocol';
import { RefusedError } from '../../protocol';
import type { Field, Kind, Limit } from './shapes';

/** The parameter whose limit it is. */
export interface LimitPlace {
  readonly target: string;
  readonly member: string;
  readonly operation: 'call' | 'set';
  readonly param: string;
}

/** The field whose limit it is. */
export type Limited = Pick<Field, 'name' | 'kind' | 'limit' | 'unit'>;

/** What may be stated of a parameter; `ivoryos_jupyter/widgets/_limit_counter.py` judges by the same. */
interface LimitFacts {
  readonly limit: Limit | null;
  /** Whether bounds make sense. */
  readonly numeric: boolean;
  /** The values of which some may be allowed; empty where they are typed. */
  readonly options: readonly string[];
  readonly unit: string;
}

/** As typed. */
export interface LimitTexts {
  readonly maximum: string;
  readonly minimum: string;
  readonly allowed: readonly string[];
  readonly unit: string;
}

/** What was typed is wrong: by field, and in general. */
export interface LimitFaults {
  readonly fields: { readonly [field: string]: string };
  readonly general: string;
}

/** What the form asks for, told from the field, so that it is there with the click. */
export function factsOf({ kind, limit, unit }: Limited): LimitFacts {
  return { limit, numeric: isNumeric(kind), options: optionsOf(kind), unit: limit?.unit || unit };
}

function isNumeric(kind: Kind): boolean {
  switch (kind.tag) {
    case 'number':
    case 'integer':
    case 'anything':
      return true;
    case 'nullable':
      return isNumeric(kind.kind);
    case 'list':
      return isNumeric(kind.item);
    case 'tuple':
      return kind.items.some(isNumeric);
    case 'union':
      return kind.members.some(isNumeric);
    default:
      return false;
  }
}

function optionsOf(kind: Kind): readonly string[] {
  switch (kind.tag) {
    case 'nullable':
      return optionsOf(kind.kind);
    case 'enum':
      return kind.members.map(one => one.name);
    case 'literal':
      return kind.values.filter(one => one !== null).map(String);
    case 'boolean':
      return ['True', 'False'];
    default:
      return [];
  }
}

/** What stands in the form when it opens. */
export function textsOf({ limit, unit }: LimitFacts): LimitTexts {
  const text = (bound: number | null | undefined): string => (bound === null || bound === undefined ? '' : String(bound));
  return { maximum: text(limit?.maximum), minimum: text(limit?.minimum), allowed: limit?.allowed ?? [], unit };
}

/** What is asked of the kernel. */
export function saving(place: LimitPlace, texts: LimitTexts): Params {
  return { ...place, ...texts, allowed: [...texts.allowed] };
}

/** The values in one line: separated by commas, or each in a line of its own where they contain commas. */
export function separated(text: string): string[] {
  return text
    .split(text.includes('\n') ? '\n' : ',')
    .map(one => one.trim())
    .filter(one => one !== '');
}

/** Why the kernel refused. */
export function faultsOf(error: unknown): LimitFaults {
  if (!(error instanceof RefusedError) || error.problems.length === 0) {
    return { fields: {}, general: error instanceof Error ? error.message : String(error) };
  }
  const fields = Object.fromEntries(error.problems.map(one => [one.field, one.message]));
  return { fields, general: '' };
}
