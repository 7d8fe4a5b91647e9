/** The live view of a run. */

import { mount, useTrait } from '../protocol';
import { RunPanel } from './runs/RunPanel';
import './style/panels.css';

export function RunViewRoot(): JSX.Element {
  const key = useTrait('key', String);
  return (
    <div className="ivo">
      <RunPanel runKey={key} key={key} />
    </div>
  );
}

export default mount(RunViewRoot);
