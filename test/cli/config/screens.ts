// A screen whose writing can be read.
import { createScreen, type Screen } from '../../../src/cli/config/screen.ts';

export interface Written {
  readonly screen: Screen;
  /** What stands on standard output, on standard error, and on both in their order. */
  readonly out: () => string;
  readonly err: () => string;
  readonly all: () => string;
}

export function aScreen({ terminal = false, colour = false } = {}): Written {
  const written: { readonly to: 'out' | 'err'; readonly text: string }[] = [];
  const stream = (to: 'out' | 'err') => ({ isTTY: terminal, columns: 80, write: (text: string) => written.push({ to, text }) });
  const of = (to: string | null): string =>
    written
      .filter((one) => to === null || one.to === to)
      .map(({ text }) => text)
      .join('');
  const screen = createScreen({ stdout: stream('out'), stderr: stream('err'), colour });
  return { screen, out: () => of('out'), err: () => of('err'), all: () => of(null) };
}
