// Asks a person at a terminal. Only the whole word is a yes.
import { createInterface } from 'node:readline/promises';

export interface Asker {
  /** null: there is nobody to ask. */
  readonly input: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | null;
  readonly output: NodeJS.WritableStream;
}

/** @returns false for any other answer, for the end of the input, and when `signal` aborts */
export async function confirm(question: string, { input, output }: Asker, signal: AbortSignal): Promise<boolean> {
  if (input === null) return false;
  // Not as a terminal of readline's own: Ctrl-C stays a signal to the process.
  const lines = createInterface({ input, output, terminal: false });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  try {
    const answer = await lines.question(question, { signal: AbortSignal.any([signal, ended.signal]) });
    return answer.trim() === 'yes';
  } catch (thrown) {
    if (signal.aborted || ended.signal.aborted) return false;
    throw thrown;
  } finally {
    lines.close();
  }
}
