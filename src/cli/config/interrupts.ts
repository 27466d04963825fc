// Ctrl-C during a command of `runtask config`: once, and nothing new begins; twice, and the process is gone.
import { EXIT } from './outcome.ts';
import type { Screen } from './screen.ts';

export interface Interrupts {
  /** Aborted by the first one. */
  readonly signal: AbortSignal;
  /** From now on things are changed: the first one is explained. */
  changing(): void;
  /** As the first one, and without a word. */
  stop(): void;
  end(): void;
}

const FINISHING = `
Interrupted: nothing new is begun, what runs is finished. Ctrl-C again to quit at once: then nobody looks at what is under way, and the next
plan finds out what became of it.
`;
const QUITTING = '\nQuit at once. What was under way may or may not have been done; run `runtask config plan` to see.\n';

type Listener = () => void;
interface Signals {
  on(name: 'SIGINT' | 'SIGTERM', listener: Listener): unknown;
  off(name: 'SIGINT' | 'SIGTERM', listener: Listener): unknown;
  exit(code: number): unknown;
}

export function listenForInterrupts(screen: Screen, signals: Signals = process): Interrupts {
  const controller = new AbortController();
  let isChanging = false;
  const onInterrupt = (): void => {
    if (controller.signal.aborted) {
      screen.status(null);
      screen.complain(QUITTING);
      signals.exit(EXIT.interrupted);
      return;
    }
    if (isChanging) screen.complain(FINISHING);
    controller.abort(new Error('Interrupted'));
  };
  signals.on('SIGINT', onInterrupt);
  signals.on('SIGTERM', onInterrupt);
  return {
    signal: controller.signal,
    changing: () => {
      isChanging = true;
    },
    stop: () => controller.abort(new Error('Interrupted')),
    end() {
      signals.off('SIGINT', onInterrupt);
      signals.off('SIGTERM', onInterrupt);
    },
  };
}
