/** A step in doubt: what is known of it, and whether it was done, as a person says. */

import { useState } from 'react';
import { moment, roughly, timeOfDay } from '../model/clock';
import { Choice } from './Choice';
import { Fields } from './Fields';
import { Call } from './Long';
import type { Doubt } from './shapes';
import { asText, changes } from './values';
import type { Texts } from './values';
import type { Say } from './RecoveryCard';

/** `open`: whether anything can be decided about it. */
export function DoubtPart({ doubt, open, say }: { doubt: Doubt; open: boolean; say: Say }): JSX.Element {
  const said = doubt.said.map(one => `${one.name} ${one.text}, ${moment(one.at_ms)}`);
  return (
    <>
      <span className="ivo-hint">
        In doubt, begun {moment(doubt.at_ms)}:{timeOfDay(doubt.at_ms).slice(-2)}
        {doubt.sample && ` · sample ${doubt.sample}`}
      </span>
      <Call text={doubt.call} />
      {said.length > 0 && <p className="ivo-hint">It last said: {said.join(' · ')}</p>}
      {doubt.checked !== '' && (
        <p className="ivo-words" role="status">
          Asked whether it was done, it says: <b>{doubt.checked}</b>
        </p>
      )}
      {open && <Decide doubt={doubt} say={say} />}
    </>
  );
}

function Decide({ doubt, say }: { doubt: Doubt; say: Say }): JSX.Element {
  const [values, setValues] = useState<Texts>({});
  const [edited, setEdited] = useState<Texts>({});
  const changed = changes(doubt.arguments, edited);
  const wait = doubt.rest_s !== null;
  const ready = doubt.needs.every(name => (values[name] ?? '') !== '');
  const again = Object.keys(changed).length > 0 ? 'it is called again, with the values below' : 'it is called again';
  return (
    <>
      <p className="ivo-hint">
        {doubt.choice === '' ? 'Nobody can know from here whether this was done. Look at the instrument. Was it done?' : 'Decided; you can still change it.'}
      </p>
      {doubt.needs.length > 0 && (
        <Fields title="What it returned" names={doubt.needs} texts={values} before={() => ''} placeholder="what it returned" onChange={setValues} />
      )}
      <ul className="ivo-choices ivo-decide">
        <Choice
          word="Done"
          does={wait ? 'it was waited long enough' : ready ? 'it was done; it is not called again' : 'say what it returned, above'}
          chosen={doubt.choice === 'done'}
          disabled={!ready}
          onChoose={() => say('done', { values: doubt.needs.map(name => values[name] ?? '') })}
        />
        <Choice
          word="Not done"
          does={wait ? 'it is waited again in full' : again}
          chosen={doubt.choice === 'not_done'}
          onChoose={() => say('not_done', { arguments: changed })}
        />
        {doubt.rest_s !== null && (
          <Choice
            word="The rest"
            does={`${roughly(doubt.rest_s * 1000)} are left, the outage counted`}
            chosen={doubt.choice === 'rest'}
            onChoose={() => say('rest')}
          />
        )}
        {doubt.can_check && <Choice word="Check" does="asks the instrument; that decides nothing" onChoose={() => say('check')} />}
      </ul>
      {!wait && Object.keys(doubt.arguments).length > 0 && (
        <details>
          <summary>A part was done: call it again with other values</summary>
          <Fields
            title="Arguments"
            names={Object.keys(doubt.arguments)}
            texts={edited}
            before={name => asText(doubt.arguments[name] ?? null)}
            onChange={setEdited}
          />
        </details>
      )}
      {doubt.decided !== '' && (
        <p className="ivo-words" role="status">
          <b>Decided:</b> {doubt.decided}.
        </p>
      )}
    </>
  );
}
