/** The live view of a run. */

import { useState } from 'react';
import { mount, useTrait } from '../protocol';
import { RunPanel } from './runs/RunPanel';
import './style/panels.css';

export function RunViewRoot(): JSX.Element {
  const key = useTrait('key', String);
  const existed = useTrait('existed', Boolean);
  const [again, setAgain] = useState('');
  const shown = again || key;
  return (
    <div className="ivo">
      <RunPanel runKey={shown} key={shown} onAgain={existed && !again ? setAgain : undefined} />
    </div>
  );
}

export default mount(RunViewRoot);
