/** The live view of a run. */

import { mount, useTrait, useTraitSetter } from '../protocol';
import { RunPanel } from './runs/RunPanel';
import './style/panels.css';
import './style/needs.css';

export function RunViewRoot(): JSX.Element {
  const key = useTrait('key', String);
  const existed = useTrait('existed', Boolean);
  // Kept by the kernel, so that a page that is loaded anew shows the run that was asked for last.
  const again = useTrait('again', value => (typeof value === 'string' ? value : ''));
  const set = useTraitSetter();
  const shown = again || key;
  return (
    <div className="ivo">
      <RunPanel runKey={shown} key={shown} onAgain={existed && !again ? next => set('again', () => next) : undefined} />
    </div>
  );
}

export default mount(RunViewRoot);
