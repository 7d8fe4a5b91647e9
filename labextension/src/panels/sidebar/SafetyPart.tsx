/** Make safe, in the sidebar. */

import { SafetyBox } from '../safety/SafetyBox';
import type { Safety } from '../safety/shapes';
import { useDoing } from './context';

export function SafetyPart({ safety }: { safety: Safety | null }): JSX.Element {
  const { command } = useDoing();
  return (
    <SafetyBox safety={safety} onMakeSafe={() => void command('run.make_safe')} onRead={() => void command('sidebar.safe_read')} />
  );
}
