/** What did a rehearsal of this run say?  Asked for by a button, and forgotten as soon as the run is another one. */
import { useEffect, useState } from 'react';
import type { Json } from '../protocol';
import { useBuilder } from './hooks';
import { said } from './store';

export interface IAboutStep {
  step: string;
  said: string;
  text: string;
  /** Whether it does not depend on what was assumed. */
  sure: boolean;
}

export interface ITotal {
  instrument: string;
  method: string;
  calls: number;
  time: string;
  amounts: string;
}

export interface ISaid {
  about: string;
  text: string;
}

export interface IFault {
  step: string;
  said: string;
  fault: string;
  did: string;
  cleanup: string;
  left: string;
  safe: boolean;
}

export interface IRehearsal {
  /** What was found, in words. */
  verdict: string;
  /** Whether there is no problem, none if what was assumed holds, or one. */
  standing: 'good' | 'assumed' | 'bad';
  headline: string;
  time: string;
  ok: boolean;
  totals: ITotal[];
  problems: IAboutStep[];
  more_problems: number;
  never: IAboutStep[];
  questions: ISaid[];
  assumed: ISaid[];
  known: number;
  faults: IFault[];
}

export interface IRehearsing {
  found: IRehearsal | null;
  busy: boolean;
  note: string;
  rehearse: (faults: boolean) => void;
}

const NOTHING = { found: null, busy: false, note: '' };

/** Rehearse what `params` would submit; the answer goes when they change. */
export function useRehearsal(params: Record<string, Json>): IRehearsing {
  const store = useBuilder();
  const text = JSON.stringify(params);
  const [state, setState] = useState<{ text: string; found: IRehearsal | null; busy: boolean; note: string }>({ text, ...NOTHING });
  useEffect(() => setState(old => (old.text === text ? old : { text, ...NOTHING })), [text]);
  const rehearse = (faults: boolean): void => {
    setState(old => ({ ...old, text, busy: true, note: '' }));
    const answer = (found: IRehearsal | null, note: string): void =>
      setState(old => (old.text === text ? { text, found: found ?? old.found, busy: false, note } : old));
    store.askSettled<IRehearsal>('rehearse', { ...params, faults }).then(
      found => answer(found, ''),
      (error: unknown) => answer(null, said(error))
    );
  };
  return { ...(state.text === text ? state : { ...NOTHING }), rehearse };
}
