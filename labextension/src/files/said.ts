/** Why did a kernel refuse something?  In words, each problem with its place. */

import type { Reply } from '../protocol';

export function saidOf(reply: Reply): string {
  if (reply.ok) {
    return '';
  }
  const { message, problems } = reply.error;
  return [message, ...problems.map(one => (one.field ? `${one.field}: ${one.message}` : one.message))].join('\n');
}
