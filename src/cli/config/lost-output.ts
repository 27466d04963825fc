// What we write to may go away: `| head` closes the pipe, a disk is full. Without a listener that ends the process where it stands, in the
// middle of an apply too. Nobody sees what happens then: nothing new is begun, what runs is finished and recorded, as after Ctrl-C.
import { describeThrown } from '../../base/fault.ts';

interface Output {
  on(name: 'error', listener: (thrown: unknown) => void): unknown;
}

export interface LostOutput {
  /** Something of what was to be shown is missing, and no reader has closed its end on purpose. */
  readonly failed: () => boolean;
}

/** @param lost  called once, with the words for standard error; null: there is nothing to be said, as of `| head` */
export function listenForLostOutput(outputs: readonly Output[], lost: (why: string | null) => void): LostOutput {
  let isLost = false;
  let failed = false;
  // Never taken off: the end of what was written may be refused after the command has ended.
  for (const output of outputs) {
    output.on('error', (thrown) => {
      const closed = thrown instanceof Error && 'code' in thrown && ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(String(thrown.code));
      failed ||= !closed;
      if (isLost) return;
      isLost = true;
      lost(closed ? null : `error: what is to be shown cannot be written: ${describeThrown(thrown)}`);
    });
  }
  return { failed: () => failed };
}
