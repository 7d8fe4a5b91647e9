/** A dialog over the builder: a title, a body that scrolls, and buttons; Escape closes it and the focus goes back. */
import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

interface IDialog {
  title: string;
  hint?: string;
  close: () => void;
  /** Whether it keeps its height, whatever is in it. */
  tall?: boolean;
  children: ReactNode;
  buttons: ReactNode;
}

export function Dialog({ title, hint = '', close, tall = false, children, buttons }: IDialog): JSX.Element {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    (box.current?.querySelector<HTMLElement>('[data-first]:not(:disabled)') ?? box.current)?.focus();
    return () => {
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);
  useEffect(() => {
    // A button that was pressed may be gone or disabled by now, and the focus with it; Escape still closes.
    const escape = (event: globalThis.KeyboardEvent): void => {
      const at = document.activeElement;
      if (event.key === 'Escape' && (at === document.body || box.current?.contains(at) === true)) {
        event.preventDefault();
        close();
      }
    };
    document.addEventListener('keydown', escape);
    return () => document.removeEventListener('keydown', escape);
  }, [close]);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') {
      keepInside(event, box.current);
    }
  };
  return (
    <div className="ivb-shade">
      <div ref={box} className={tall ? 'ivb-dialog ivb-tall' : 'ivb-dialog'} role="dialog" aria-modal="true" aria-labelledby={id} tabIndex={-1} onKeyDown={keyDown}>
        <div className="ivb-dialog-head">
          <h3 id={id}>{title}</h3>
          <span className="ivo-hint">{hint}</span>
          <button type="button" className="ivo-quiet" aria-label="Close" onClick={close}>
            ×
          </button>
        </div>
        <div className="ivb-dialog-body">{children}</div>
        <div className="ivb-dialog-foot">{buttons}</div>
      </div>
    </div>
  );
}

/** Tab goes round inside the dialog. */
function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  const all = [...(box?.querySelectorAll<HTMLElement>('button:not(:disabled), input, select, textarea, [tabindex="0"]') ?? [])];
  const [first, last] = [all[0], all[all.length - 1]];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first?.focus();
  }
}
