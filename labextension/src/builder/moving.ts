/** What is being moved, and where would it land?  One state for the mouse and the keyboard. */
import { createContext, useContext } from 'react';
import type { Template } from './palette-model';
import type { IDropPoint } from './rows';

/** Something that can be put into the workflow. */
export type Cargo = { kind: 'new'; label: string; template: Template } | { kind: 'move'; label: string; ids: readonly string[] };

export interface IMoving {
  cargo: Cargo;
  /** Whether arrow keys move it. */
  byKeyboard: boolean;
  point: IDropPoint | null;
}

/** What the components need to lift something and to know what is lifted. */
export interface IMover {
  moving: IMoving | null;
  lift(cargo: Cargo): void;
  /** Handle a key while something is lifted; whether it was used. */
  key(key: string): boolean;
}

export const MoverContext = createContext<IMover>({ moving: null, lift: () => undefined, key: () => false });

export function useMover(): IMover {
  return useContext(MoverContext);
}
