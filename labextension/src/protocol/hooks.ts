/** How does a React view follow its widget's model? */

import { createContext, useCallback, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import type { Connection, WidgetModel } from './connection';
import type { Json } from './messages';

/** What every component of a view can reach. */
export interface ViewContext {
  readonly model: WidgetModel;
  readonly connection: Connection;
}

/** Set by `mount`. */
export const Context = createContext<ViewContext | null>(null);

function useView(): ViewContext {
  const view = useContext(Context);
  if (view === null) {
    throw new Error('This component must be drawn inside mount().');
  }
  return view;
}

/** The line to the kernel. */
export function useConnection(): Connection {
  return useView().connection;
}

/** The value of a trait, drawn anew whenever it changes. `read` checks the shape and must return a stable value. */
export function useTrait<T>(name: string, read: (value: unknown) => T): T {
  const { model } = useView();
  const subscribe = useCallback(
    (changed: () => void) => {
      model.on(`change:${name}`, changed);
      return () => model.off(`change:${name}`, changed);
    },
    [model, name]
  );
  const raw = useSyncExternalStore(subscribe, () => model.get(name));
  const kept = useRef<{ raw: unknown; value: T } | null>(null);
  if (kept.current === null || kept.current.raw !== raw) {
    kept.current = { raw, value: read(raw) };
  }
  return kept.current.value;
}

/** A function that replaces the value of a trait by what `change` makes of it. */
export function useTraitSetter(): (name: string, change: (value: unknown) => unknown) => void {
  const { model } = useView();
  return useCallback(
    (name, change) => {
      model.set(name, change(model.get(name)));
      model.save_changes();
    },
    [model]
  );
}

/** Whether a request waits for a busy kernel. */
export function useWaiting(): boolean {
  const connection = useConnection();
  const subscribe = useCallback((changed: () => void) => connection.watch(changed), [connection]);
  return useSyncExternalStore(subscribe, () => connection.waiting);
}

/** Call `listener` for each event called `name`. */
export function useKernelEvent(name: string, listener: (data: Json) => void): void {
  const connection = useConnection();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => connection.on(name, data => latest.current(data)), [connection, name]);
}
