/** How does a message reach a kernel that is busy with a cell?  On its control channel. */

import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { PageConfig } from '@jupyterlab/coreutils';
import { UUID } from '@lumino/coreutils';
import { REQUEST_TYPE } from '../tokens';
import type { ControlRequest } from '../tokens';

const UNTRACKED = 'untracked_message_types';

/**
 * Let JupyterLab leave our messages out of the kernel's status. The kernel reports itself idle after each control message, also
 * in the middle of a cell; the kernel indicator would show that.
 */
export function leaveKernelStatusAlone(): void {
  const listed: unknown = JSON.parse(PageConfig.getOption(UNTRACKED) || '[]');
  const others = Array.isArray(listed) ? listed.filter(type => type !== REQUEST_TYPE) : [];
  PageConfig.setOption(UNTRACKED, JSON.stringify([...others, REQUEST_TYPE]));
}

/** Send a request on the control channel; `acknowledged` is called with the content of the kernel's answer, if one comes. */
export function sendOnControl(
  kernel: Kernel.IKernelConnection,
  content: ControlRequest,
  acknowledged: (content: unknown) => void
): void {
  const message = {
    buffers: [],
    channel: 'control',
    content,
    header: {
      date: new Date().toISOString(),
      msg_id: UUID.uuid4(),
      msg_type: REQUEST_TYPE,
      session: kernel.clientId,
      username: kernel.username,
      version: '5.2'
    },
    metadata: {},
    parent_header: {}
  };
  // JupyterLab's types list the message types it knows; ours is not among them.
  const future = kernel.sendControlMessage(message as unknown as KernelMessage.IControlMessage, true);
  future.onReply = reply => acknowledged(reply.content);
  // A kernel that restarts disposes of its futures, which rejects `done`.
  future.done.catch(() => undefined);
}
