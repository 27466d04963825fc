// The demo's live timeline: one line for each thing that happened, with the time since the run began.

/** What a visitor is promised to see, in the order in which it usually comes. */
export const STEPS = ['posted', 'received', 'dispatched', 'claimed', 'plan', 'checks', 'verdict', 'delivered', 'comment'] as const;
export type Step = (typeof STEPS)[number];

export interface Timeline {
  /** A new run: times count from here. */
  begin(title: string): void;
  mark(step: Step, detail: string): void;
  /** Steps marked since begin(). */
  readonly seen: ReadonlySet<Step>;
  say(line: string): void;
}

export function createTimeline(out: { write(text: string): unknown }, now: () => number, colour: boolean): Timeline {
  let started = now();
  let seen = new Set<Step>();
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    begin(title) {
      started = now();
      seen = new Set();
      out.write(`\n${paint(1, title)}\n`);
    },
    mark(step, detail) {
      seen.add(step);
      const seconds = ((now() - started) / 1000).toFixed(2).padStart(6);
      out.write(`${paint(2, `${seconds} s`)}  ${step.padEnd(10)}  ${detail}\n`);
    },
    get seen() {
      return seen;
    },
    say: (line) => void out.write(`${line}\n`),
  };
}
