/** How does a React component become the view of a widget? */

import { StrictMode } from 'react';
import type { ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { Connection } from './connection';
import type { WidgetModel } from './connection';
import { Context } from './hooks';

/** What the widget's host hands to a view. */
export interface RenderProps {
  readonly model: WidgetModel;
  readonly el: HTMLElement;
}

/** A widget definition as the host expects it: the default export of the bundled module. */
export interface View {
  render(props: RenderProps): () => void;
}

/**
 * JupyterLab's single-letter shortcuts (`b`, `d d`, arrows) match the focused element itself, so the mark that turns them off
 * must be on that element and not on one around it.
 */
function keepKeys(event: FocusEvent): void {
  if (event.target instanceof Element) {
    event.target.setAttribute('data-lm-suppress-shortcuts', 'true');
  }
}

/** Make a view of `Root`; a file of views ends in `export default mount(Root);`. */
export function mount(Root: ComponentType): View {
  return {
    render({ model, el }) {
      const connection = new Connection(model);
      const root = createRoot(el);
      el.addEventListener('focusin', keepKeys);
      root.render(
        <StrictMode>
          <Context.Provider value={{ model, connection }}>
            <Root />
          </Context.Provider>
        </StrictMode>
      );
      return () => {
        el.removeEventListener('focusin', keepKeys);
        root.unmount();
        connection.dispose();
      };
    }
  };
}
