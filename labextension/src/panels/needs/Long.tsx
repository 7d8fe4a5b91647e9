/** Text of any length in a narrow place: a call that breaks between its arguments, a driver's words, a traceback. */

import { Fragment } from 'react';

/** Longer than this, and it gets a scroll bar of its own, which the keyboard reaches. */
const SHORT = 400;

function scroll(text: string, label: string): { tabIndex?: number; role?: string; 'aria-label'?: string } {
  return text.length > SHORT ? { tabIndex: 0, role: 'group', 'aria-label': label } : {};
}

/** A call; it may be broken between its arguments, not within them. */
export function Call({ text }: { text: string }): JSX.Element {
  return (
    <code className="ivo-said-call" {...scroll(text, 'The call')}>
      {text.split(/(?<=[(,])/).map((one, at) => (
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {one}
        </Fragment>
      ))}
    </code>
  );
}

/** What was said, the driver's own words first; what follows a blank line is its traceback, and folded. */
export function Words({ text, bad = false }: { text: string; bad?: boolean }): JSX.Element {
  const [message = '', ...rest] = text.split('\n\n');
  return (
    <>
      <p className={`ivo-words ivo-long ${bad ? 'ivo-problem' : ''}`} {...scroll(message, 'What was said')}>
        {message}
      </p>
      {rest.length > 0 && (
        <details>
          <summary>Traceback</summary>
          <pre className="ivo-pre" tabIndex={0} role="group" aria-label="Traceback">
            {rest.join('\n\n')}
          </pre>
        </details>
      )}
    </>
  );
}
