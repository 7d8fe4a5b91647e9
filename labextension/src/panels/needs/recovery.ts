/** How does a widget know of the interrupted runs, and tell what a person decides? */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { RefusedError, useConnection, useKernelEvent, useTrait } from '../../protocol';
import { offerCell } from '../model/cells';
import { saying } from '../model/store';
import type { Around } from './RecoveryCard';
import type { Cases } from './shapes';

const NONE: Cases = { runs: [], on_hold: false };

/** The interrupted runs that nobody has decided about, kept up; asked for only while `wanted`. */
export function useCases(wanted: boolean): Cases {
  const connection = useConnection();
  const [cases, setCases] = useState(NONE);
  const load = useCallback(() => {
    if (wanted) {
      connection.request('recovery.list').then(
        reply => setCases(reply as unknown as Cases),
        () => setCases(before => before)
      );
    }
  }, [connection, wanted]);
  useEffect(load, [load]);
  useKernelEvent('recovery.changed', load);
  useKernelEvent('run.queue', load);
  return wanted ? cases : NONE;
}

/** What a card needs of a widget. */
export function useAround(): Around {
  const connection = useConnection();
  const token = useTrait('token', String);
  return useMemo(
    () => ({
      tell: async (method, params) => {
        try {
          await connection.request(method, params);
          return '';
        } catch (error) {
          return error instanceof RefusedError && error.problems.length > 0 ? error.problems.map(one => one.message).join(' ') : saying(error);
        }
      },
      insert: code => offerCell(code, token)
    }),
    [connection, token]
  );
}
