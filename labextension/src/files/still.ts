/** What answers the builder's components where there is no kernel?  The file itself; nothing can be changed. */

import type { ILine } from '../builder/store';
import type { IDocument } from '../builder/wire';
import type { Json } from '../protocol';

/** What is said to everything that would change something. */
const READ_ONLY = 'Read-only: no kernel. Attach this file to a notebook that has loaded IvoryOS to change it.';

/** A line that ends at the file. */
export function stillLine(document: IDocument): ILine {
  const answers: { readonly [method: string]: unknown } = {
    'builder.open': { document, run: null, waiting: null },
    'builder.palette': { instruments: [], blocks: [], workflows: [], left_out: 0 },
    'builder.check': { version: document.version, findings: [], total: 0 }
  };
  return {
    request: method => (method in answers ? Promise.resolve(answers[method] as Json) : Promise.reject(new Error(READ_ONLY))),
    on: () => () => undefined
  };
}
