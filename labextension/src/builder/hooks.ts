/** How do the components of a builder reach their store? */
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useConnection } from '../protocol';
import { BuilderStore } from './store';
import type { IViewState } from './store';
import type { IOutline } from './rows';

export const StoreContext = createContext<BuilderStore | null>(null);

/** Make the store of a view for the document called `key`, and keep it following the kernel. */
export function useNewStore(key: string): BuilderStore {
  const connection = useConnection();
  const store = useMemo(() => new BuilderStore(connection, key), [connection, key]);
  useEffect(() => store.start(), [store]);
  return store;
}

/** The store of this view. */
export function useBuilder(): BuilderStore {
  const store = useContext(StoreContext);
  if (store === null) {
    throw new Error('This component must be drawn inside a StoreContext.');
  }
  return store;
}

/** A part of the state; `select` must return the same object for the same state. */
export function useView<T>(select: (state: IViewState) => T): T {
  const store = useBuilder();
  return useSyncExternalStore(store.watch, () => select(store.snapshot()));
}

/** The rows and drop points of this view, made once for each version. */
export const OutlineContext = createContext<IOutline>({ rows: [], points: [] });
