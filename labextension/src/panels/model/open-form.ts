/** What is known of one form: what stands in it, what the kernel thinks of that, and how the last call went. */

import type { CallReply, Check, Form, GivenFields, Operation } from './shapes';

export interface OpenForm {
  form: Form | null;
  given: GivenFields;
  check: Check | null;
  /** Whether the kernel has yet to say what it thinks of the newest values. */
  unchecked: boolean;
  /** What went wrong with the form or the call as a whole. */
  notice: string;
  /** Whether the instrument is busy, so that a place in line can be had. */
  busy: boolean;
  /** Whether the run that holds it is paused, so that she may use it all the same. */
  takeOver: boolean;
  sending: boolean;
}

export const NEW_FORM: OpenForm = {
  form: null, given: {}, check: null, unchecked: true, notice: '', busy: false, takeOver: false, sending: false
};

/** Address of a form. */
export function formKey(target: string, member: string, operation: Operation): string {
  return `${operation} ${target}.${member}`;
}

/** Whether the form may be submitted: nothing is wrong and nothing is missing, or the kernel has yet to say so. */
export function ready(open: OpenForm): boolean {
  const faultless = open.check === null || open.check.problems.length + open.check.missing.length === 0;
  return !open.sending && (open.unchecked || (open.form !== null && faultless));
}

/** What the form shows once the kernel has answered a call, or what went wrong on the way. */
export function answered(reply: CallReply | string, check: Check | null): Partial<OpenForm> {
  if (typeof reply === 'string') {
    return { notice: reply };
  }
  if ('busy' in reply) {
    return { notice: reply.busy, busy: true, takeOver: reply.take_over };
  }
  if ('problems' in reply) {
    const general = reply.problems.filter(one => one.field === '').map(one => one.message);
    return { check: { missing: [], call: '', notes: {}, ...check, problems: reply.problems }, notice: general.join(' ') };
  }
  return { notice: '' };
}
