/** What does the step form show, as the kernel says it?  Twin of `ivoryos_jupyter/widgets/builders/_form.py`. */
import type { LimitPlace } from '../panels/model/limit-form';
import type { Field, Given } from '../panels/model/shapes';
import type { IFinding } from './wire';

/** The choices for where a value comes from; `default` leaves an argument to the driver. */
export type Choice = 'default' | 'value' | 'at_run' | 'variable' | 'expression';

export const CHOICE_WORDS: Record<Choice, string> = {
  default: 'Default',
  value: 'Value',
  at_run: '# At run',
  variable: 'Variable',
  expression: 'Expression'
};

/** One value of a step. */
export interface IValueRow {
  field: Field;
  choice: Choice;
  choices: Choice[];
  given: Given | null;
  /** Name or formula, for the other choices. */
  text: string;
  /** Whether it may be gathered into a list over a batch, and whether it is; null where it cannot be. */
  consolidate: boolean | null;
}

export interface IName {
  name: string;
  /** In words: `a number`. */
  type: string;
  at_run: boolean;
  /** Where it is made: `pump.dispense`. */
  made_by: string;
}

/** Another field of the step, with its own input. */
export interface IPlainRow {
  name: string;
  label: string;
  input: 'text' | 'long' | 'number' | 'bool' | 'choice' | 'condition' | 'time' | 'list' | 'name';
  value: string | number | boolean | null;
  hint: string;
  options: string[];
}

export interface IForm {
  step: string;
  title: string;
  summary: string;
  doc: string;
  values: IValueRow[];
  rows: IPlainRow[];
  /** Conditions of an if: text by branch. */
  conditions: string[];
  names: IName[];
  outputs: { names: string[]; labels: string[]; hint: string } | null;
  options: { timeout: boolean; batch: boolean; on_error: boolean };
  /** Whose limits they are; null where no limit can be set. */
  limits: Omit<LimitPlace, 'param'> | null;
  /** How long it usually takes; empty without history. */
  usual: string;
  /** The call in Python. */
  call: string;
  note: string;
}

/** The findings that belong to one field. */
export function at(findings: readonly IFinding[], field: string): IFinding[] {
  return findings.filter(one => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`));
}
