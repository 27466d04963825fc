// Who wants to hear what happens: so that a test awaits what the emulator has seen, and never sleeps.
import type { HcpEvent } from './types.ts';

export interface Watchers {
  tell(event: HcpEvent): void;
  watch(listener: (event: HcpEvent) => void): () => void;
  until<T>(probe: () => T | undefined | null | false): Promise<T>;
}

export function createWatchers(): Watchers {
  const listeners = new Set<(event: HcpEvent) => void>();
  const watch: Watchers['watch'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    tell: (event) => [...listeners].forEach((listener) => listener(event)),
    watch,
    until: (probe) =>
      new Promise((resolve, reject) => {
        const ask = (): void => {
          try {
            const value = probe();
            if (value === undefined || value === null || value === false) return;
            stop();
            resolve(value);
          } catch (thrown) {
            // A probe that throws is the test's defect: its promise says so, not our server.
            stop();
            reject(thrown);
          }
        };
        const stop = watch(ask);
        ask();
      }),
  };
}
