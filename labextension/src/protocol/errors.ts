/** What can go wrong between a view and the kernel? */

import type { Failure, Problem } from './messages';

/** The kernel refused a request; `problems` names the fields. */
export class RefusedError extends Error {
  readonly problems: readonly Problem[];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'RefusedError';
    this.problems = failure.problems;
  }
}

/** No answer came in time; whether the kernel got the request is not known. */
export class NotConnectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotConnectedError';
  }
}
