// Tells every ten seconds that something is still at work, and at once what it says of itself.
import type { DriverDeps } from './deps.ts';

/** As often as terraform says "Still creating...". */
const EVERY_MS = 10_000;

export function startProgress(
  address: string,
  { clock, on }: Pick<DriverDeps, 'clock' | 'on'>,
): { tell(text: string): void; stop(): void } {
  const startedAt = clock.now();
  let said = '';
  let cancel = (): void => {};
  const tell = (text: string): void => {
    said = text;
    on({ type: 'progress', address, text, elapsedMs: clock.now() - startedAt });
  };
  const again = (): void => {
    cancel = clock.after(EVERY_MS, () => {
      tell(said);
      again();
    });
  };
  again();
  return { tell, stop: () => cancel() };
}
