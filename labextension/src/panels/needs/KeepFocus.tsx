/**
 * Where is the keyboard after a choice has made its own button vanish?  Where it was, as near as can be.
 *
 * A card that was answered goes away with the button that has the focus; the browser then puts the focus on the page's body, and
 * whoever works with the keyboard begins anew. Here it goes to the nearest thing around it that is still there and can take it.
 */

import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

/** What may take the focus: by itself it is not on the way of the Tab key. */
const PLACES = '[tabindex="-1"]';

function placesAround(element: Element, root: Element): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let one: Element | null = element.parentElement; one !== null && root.contains(one); one = one.parentElement) {
    if (one instanceof HTMLElement && one.matches(PLACES)) {
      found.push(one);
    }
  }
  return found;
}

/** `next`: which of the places is gone to when all around have vanished, too. */
export function KeepFocus({ className, next, children }: { className: string; next: string; children: ReactNode }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = root.current;
    if (here === null) {
      return undefined;
    }
    let last: Element | null = null;
    let around: HTMLElement[] = [];
    const note = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : null;
      around = last === null ? [] : placesAround(last, here);
    };
    const keep = (): void => {
      const lost = last !== null && (!last.isConnected || last.matches(':disabled')) && isNowhere(here, last);
      if (lost) {
        last = null;
        (around.find(one => one.isConnected) ?? here.querySelector<HTMLElement>(next))?.focus();
      }
    };
    const observer = new MutationObserver(keep);
    here.addEventListener('focusin', note);
    observer.observe(here, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
    return () => {
      here.removeEventListener('focusin', note);
      observer.disconnect();
    };
  }, [next]);
  return (
    <div ref={root} className={className}>
      {children}
    </div>
  );
}

/** Whether nobody has the focus any more; a widget may be in a shadow root of its own. */
function isNowhere(here: HTMLElement, last: Element): boolean {
  const rootNode = here.getRootNode();
  const active = rootNode instanceof ShadowRoot ? rootNode.activeElement : document.activeElement;
  return active === null || active === document.body || active === last;
}
