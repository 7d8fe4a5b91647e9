/** Tabs of a dialog: arrow keys go along them, one panel is shown. */
import { useId } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

export interface ITab {
  key: string;
  label: ReactNode;
}

interface ITabs {
  tabs: readonly ITab[];
  at: string;
  go: (key: string) => void;
  children: ReactNode;
}

export function Tabs({ tabs, at, go, children }: ITabs): JSX.Element {
  const id = useId();
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const now = tabs.findIndex(one => one.key === at);
    const next = tabs[(now + by + tabs.length) % tabs.length];
    if (by !== 0 && next !== undefined) {
      event.preventDefault();
      go(next.key);
      event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[tabs.indexOf(next)]?.focus();
    }
  };
  return (
    <>
      <div className="ivb-tabs" role="tablist" onKeyDown={keyDown}>
        {tabs.map(one => (
          <button
            key={one.key}
            type="button"
            role="tab"
            id={`${id}-${one.key}`}
            className="ivb-tab"
            aria-selected={one.key === at}
            aria-controls={`${id}-panel`}
            tabIndex={one.key === at ? 0 : -1}
            onClick={() => go(one.key)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <div className="ivb-tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${at}`}>
        {children}
      </div>
    </>
  );
}
