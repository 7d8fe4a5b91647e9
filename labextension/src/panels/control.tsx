/** The control panel: one instrument, or the whole deck. */

import { mount, useTrait } from '../protocol';
import { DeckView } from './devices/DeckView';
import { StoreContext, useNewStore } from './model/hooks';
import './style/panels.css';

function ControlPanel(): JSX.Element {
  const focus = useTrait('focus', String);
  const store = useNewStore(focus);
  return (
    <StoreContext.Provider value={store}>
      <div className="ivo ivo-panel" role="region" aria-label="Control panel">
        <DeckView focus={focus} />
      </div>
    </StoreContext.Provider>
  );
}

export default mount(ControlPanel);
