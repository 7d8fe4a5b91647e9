/** What does the view know of the workflow, and how does a patch of the kernel change it?  Pure; nothing is edited in place. */
import type { IDocument, IPatch, ISplice, IStep, Phase } from './wire';
import { PHASES } from './wire';

/** Return the document after `patch`, or null when the patch belongs to another version. */
export function applied(document: IDocument, patch: IPatch): IDocument | null {
  if (patch.from !== document.version) {
    return null;
  }
  const steps: Record<string, IStep> = { ...document.steps };
  for (const [id, step] of Object.entries(patch.set ?? {})) {
    const slots = step.slots ?? steps[id]?.slots;
    steps[id] = slots === undefined ? step : { ...step, slots };
  }
  const phases = { ...document.phases };
  for (const splice of patch.lists ?? []) {
    spliceInto(phases, steps, splice);
  }
  for (const id of patch.drop ?? []) {
    delete steps[id];
  }
  const { dirty = document.dirty, saved = document.saved, saved_version = document.saved_version } = patch;
  const { undo = document.undo, redo = document.redo } = patch;
  return { version: patch.to, head: { ...document.head, ...patch.head }, phases, steps, dirty, saved, saved_version, undo, redo };
}

function spliceInto(phases: Record<Phase, string[]>, steps: Record<string, IStep>, splice: ISplice): void {
  const change = (ids: string[]): string[] => [
    ...ids.slice(0, splice.at),
    ...splice.insert,
    ...ids.slice(splice.at + splice.remove)
  ];
  const cut = splice.list.lastIndexOf('/');
  if (cut < 0) {
    const phase = splice.list as Phase;
    phases[phase] = change(phases[phase]);
    return;
  }
  const [id, slot] = [splice.list.slice(0, cut), splice.list.slice(cut + 1)];
  const step = steps[id];
  if (step !== undefined) {
    steps[id] = { ...step, slots: { ...step.slots, [slot]: change(step.slots?.[slot] ?? []) } };
  }
}

/** The slots of a step in the order in which they are shown; empty for a step without a body. */
export function slotsOf(step: IStep): string[] {
  switch (step.step) {
    case 'if':
      return [...(step.branches ?? []).map((_, index) => `branch:${index}`), 'else'];
    case 'while':
    case 'repeat':
    case 'for_each':
      return ['body'];
    default:
      return [];
  }
}

/** The ids in one slot. */
export function idsIn(step: IStep, slot: string): string[] {
  return step.slots?.[slot] ?? [];
}

/** Return `id` and every id inside it. */
export function subtree(document: IDocument, id: string): string[] {
  const step = document.steps[id];
  if (step === undefined) {
    return [];
  }
  return [id, ...slotsOf(step).flatMap(slot => idsIn(step, slot).flatMap(child => subtree(document, child)))];
}

/** Where each step is: its phase, the step around it, slot and index. */
export function placeOf(
  document: IDocument,
  wanted: string
): { phase: Phase; parent: string | null; slot: string; index: number } | null {
  for (const phase of PHASES) {
    const found = search(document, document.phases[phase], { phase, parent: null, slot: '' }, wanted);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

interface IList {
  phase: Phase;
  parent: string | null;
  slot: string;
}

function search(
  document: IDocument,
  ids: readonly string[],
  list: IList,
  wanted: string
): (IList & { index: number }) | null {
  const index = ids.indexOf(wanted);
  if (index >= 0) {
    return { ...list, index };
  }
  for (const id of ids) {
    const step = document.steps[id];
    for (const slot of step === undefined ? [] : slotsOf(step)) {
      const inside = step === undefined ? [] : idsIn(step, slot);
      const found = search(document, inside, { phase: list.phase, parent: id, slot }, wanted);
      if (found !== null) {
        return found;
      }
    }
  }
  return null;
}

/** The ids of `chosen` that lie in no other chosen step, in document order: what a move or copy carries. */
export function outermost(document: IDocument, chosen: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const visit = (ids: readonly string[]): void => {
    for (const id of ids) {
      if (chosen.has(id)) {
        found.push(id);
        continue;
      }
      const step = document.steps[id];
      if (step !== undefined) {
        slotsOf(step).forEach(slot => visit(idsIn(step, slot)));
      }
    }
  };
  PHASES.forEach(phase => visit(document.phases[phase]));
  return found;
}
