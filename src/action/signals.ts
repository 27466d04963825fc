// A cancelled job: GitHub sends SIGINT, 7.5 s later SIGTERM, 2.5 s later it kills (actions/runner, ProcessInvoker, read 2026-08-17).
// Without a listener Node would end at once, without a verdict.
export function watchSignals(onSignal: (signal: string) => void): { stop(): void } {
  const listener = (signal: NodeJS.Signals): void => onSignal(signal);
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    stop() {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
