/** What does Enter do in a field?  What the form's button does; the notebook may take the key before the browser acts on it. */

import type { KeyboardEvent, SyntheticEvent } from 'react';

/** Submit by Enter from any one-line field of the form. */
export function onEnter(submit: (event: SyntheticEvent) => void): (event: KeyboardEvent) => void {
  return event => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      submit(event);
    }
  };
}
