/** Make safe, beside the runs of a widget. */

import { useCallback, useEffect, useState } from 'react';
import { useConnection, useKernelEvent } from '../../protocol';
import { SafetyBox } from '../safety/SafetyBox';
import type { Safety } from '../safety/shapes';

export function MakeSafe(): JSX.Element {
  const connection = useConnection();
  const [safety, setSafety] = useState<Safety | null>(null);
  const load = useCallback(() => {
    connection.request('safety.state').then(
      reply => setSafety(reply as unknown as Safety),
      () => setSafety(before => before)
    );
  }, [connection]);
  useEffect(load, [load]);
  useKernelEvent('safety.changed', data => setSafety(data as unknown as Safety));
  const tell = (method: string): void => {
    connection.request(method).then(load, load);
  };
  return <SafetyBox safety={safety} onMakeSafe={() => tell('run.make_safe')} onRead={() => tell('safety.read')} />;
}
