/** How do the views of a deck reach their store? */

import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useConnection } from '../../protocol';
import { DevicesStore } from './store';
import type { DevicesState } from './store';

/** Set by the view that shows a deck. */
export const StoreContext = createContext<DevicesStore | null>(null);

/** Make the store of a view and keep it following the kernel. */
export function useNewStore(focus: string): DevicesStore {
  const connection = useConnection();
  const store = useMemo(() => new DevicesStore(connection, focus), [connection, focus]);
  useEffect(() => store.start(), [store]);
  return store;
}

/** The store of this view. */
export function useStore(): DevicesStore {
  const store = useContext(StoreContext);
  if (store === null) {
    throw new Error('This component must be drawn inside a StoreContext.');
  }
  return store;
}

/** A part of the state; `select` must return the same object for the same state. */
export function useDevices<T>(select: (state: DevicesState) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.watch, () => select(store.snapshot()));
}

/** The time now, renewed every `every` ms while `running`. */
export function useNow(running: boolean, every = 200): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) {
      return undefined;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [running, every]);
  return now;
}
