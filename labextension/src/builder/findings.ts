/** What is wrong with each step: what the checker found, and what was typed into its form and not taken? */
import type { Given } from '../panels/model/shapes';
import type { IFinding } from './wire';

/** A text that the kernel did not take; the field has the value it had before. */
export interface IRefusal {
  message: string;
  /** What was typed, where it is a value. */
  given?: Given | null;
}

/** By step, then by field. */
export type Refusals = Readonly<Record<string, Readonly<Record<string, IRefusal>>>>;

/** Put, replace or (with null) take out what one field refused. */
export function withRefusal(all: Refusals, step: string, field: string, refusal: IRefusal | null): Refusals {
  if (refusal === null && all[step]?.[field] === undefined) {
    return all;
  }
  const others = Object.entries(all[step] ?? {}).filter(([name]) => name !== field);
  const fields = Object.fromEntries(refusal === null ? others : [...others, [field, refusal]]);
  const rest = withoutRefusals(all, id => id === step);
  return Object.keys(fields).length === 0 ? rest : { ...rest, [step]: fields };
}

/** Forget all that some steps refused. */
export function withoutRefusals(all: Refusals, gone: (step: string) => boolean): Refusals {
  const kept = Object.entries(all).filter(([step]) => !gone(step));
  return kept.length === Object.keys(all).length ? all : Object.fromEntries(kept);
}

/** What was typed and not taken, as findings. */
export function typedWrong(refusals: Refusals): IFinding[] {
  return Object.entries(refusals).flatMap(([step, fields]) =>
    Object.entries(fields).map(([field, { message }]) => ({
      step,
      severity: 'error' as const,
      code: 'not-taken',
      message: `${field} not taken: ${message}`,
      field,
      repair: null
    }))
  );
}

/** What the checker found and what was not taken, this first; it stands for what the checker found about the same field, and keeps its repair. */
export function withTyped(found: readonly IFinding[], refusals: Refusals): IFinding[] {
  const typed = typedWrong(refusals).map(one => ({
    ...one,
    repair: found.find(other => other.step === one.step && other.field === one.field && other.repair !== null)?.repair ?? null
  }));
  const other = found.filter(one => one.step === null || refusals[one.step]?.[one.field] === undefined);
  return [...typed, ...other];
}

/** The findings of each step. */
export function findingsByStep(findings: readonly IFinding[]): Map<string, IFinding[]> {
  const found = new Map<string, IFinding[]>();
  for (const finding of findings) {
    if (finding.step !== null) {
      found.set(finding.step, [...(found.get(finding.step) ?? []), finding]);
    }
  }
  return found;
}
