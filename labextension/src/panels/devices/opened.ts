/** Which instruments, forms and parts are open?  Kept in the widget's model, so that it survives a reload. */

import { useCallback, useMemo } from 'react';
import { useTrait, useTraitSetter } from '../../protocol';

export interface Opened {
  has(key: string): boolean;
  toggle: (key: string) => void;
  parts: string[];
  togglePart: (path: string) => void;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function toggled(list: string[], key: string): string[] {
  return list.includes(key) ? list.filter(one => one !== key) : [...list, key];
}

export function useOpened(): Opened {
  const opened = useTrait('opened', texts);
  const parts = useTrait('parts', texts);
  const set = useTraitSetter();
  const toggle = useCallback((key: string) => set('opened', value => toggled(texts(value), key)), [set]);
  const togglePart = useCallback(
    (path: string) => {
      set('parts', value => toggled(texts(value), path));
      set('opened', value => (texts(value).includes(path) ? texts(value) : [...texts(value), path]));
    },
    [set]
  );
  return useMemo(() => ({ has: (key: string) => opened.includes(key), toggle, parts, togglePart }), [opened, parts, toggle, togglePart]);
}
