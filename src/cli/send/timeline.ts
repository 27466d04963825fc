// Steps as lines on a terminal, with colours where there are any. Text from outside is cleaned of control characters: a run
// task's message must not move the cursor of whoever looks at it.
import type { PlayOutcome, Step, StepKind } from './play.ts';

const COLOURS = { green: 32, red: 31, yellow: 33, grey: 90, bold: 1 } as const;

const LOOK: Readonly<Record<StepKind, { sign: string; colour: keyof typeof COLOURS }>> = {
  listening: { sign: '·', colour: 'grey' },
  registration: { sign: '→', colour: 'grey' },
  post: { sign: '→', colour: 'bold' },
  running: { sign: '…', colour: 'yellow' },
  plan: { sign: '↓', colour: 'grey' },
  configuration: { sign: '↓', colour: 'grey' },
  download: { sign: '↓', colour: 'grey' },
  refused: { sign: '!', colour: 'red' },
  passed: { sign: '✓', colour: 'green' },
  failed: { sign: '✗', colour: 'red' },
  errored: { sign: '✗', colour: 'red' },
};

export interface TimelinePrinter {
  readonly step: (step: Step) => void;
  readonly end: (outcome: PlayOutcome) => void;
}

export function createTimelinePrinter(out: { colour: boolean; write: (text: string) => void }): TimelinePrinter {
  const paint = (text: string, colour: keyof typeof COLOURS): string => (out.colour ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text);
  return {
    step({ atMs, kind, text, url }) {
      const time = `${(atMs / 1000).toFixed(2)}s`.padStart(9);
      const { sign, colour } = LOOK[kind];
      out.write(`${paint(time, 'grey')} ${paint(`${sign} ${kind.padEnd(13)}`, colour)} ${printable(text)}\n`);
      if (url !== null) out.write(`${' '.repeat(26)}${printable(url)}\n`);
    },
    end(outcome) {
      for (const { outcomeId, description, tags } of outcome.outcomes) {
        const labels = Object.entries(tags ?? {}).map(([key, values]) => `${key}: ${values.map(({ label }) => label).join(', ')}`);
        out.write(
          `${' '.repeat(12)}${printable(`${outcomeId}  ${description}${labels.length === 0 ? '' : `  [${labels.join('; ')}]`}`)}\n`,
        );
      }
      const colour = outcome.exitCode === 0 ? 'green' : 'red';
      out.write(`\n${paint(outcome.status, colour)}: ${printable(outcome.message)}\n`);
    },
  };
}

// C0 (line breaks too: one step, one line), DEL, C1, and the marks that turn the direction of writing.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

export const printable = (text: string): string => text.replace(UNPRINTABLE, ' ');
