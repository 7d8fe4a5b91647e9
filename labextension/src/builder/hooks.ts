/** How do the components of a builder reach their store? */
import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
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

/** What stands in a field, at first `begun`, and how to type there; what the kernel says takes its place once the kernel has all that was typed. */
export function useTyped<T>(kernel: T, send: (next: T) => Promise<void>, begun = kernel): [T, (next: T) => void] {
  const { typing } = useBuilder();
  const [typed, setTyped] = useState(begun);
  const field = useRef({ unanswered: 0 }).current;
  const text = JSON.stringify(kernel);
  const shown = useRef(text);
  useEffect(() => {
    if (field.unanswered === 0 && shown.current !== text) {
      setTyped(kernel);
    }
    shown.current = text;
    // The text is compared, because each answer of the kernel is a new object.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  const change = (next: T): void => {
    setTyped(next);
    field.unanswered += typing.holds(field) ? 0 : 1;
    typing.later(field, () => void send(next).finally(() => (field.unanswered -= 1)));
  };
  return [typed, change];
}

/** The rows and drop points of this view, made once for each version. */
export const OutlineContext = createContext<IOutline>({ rows: [], points: [] });
