// The demo's live timeline: one line for each thing that happened, with the time since the pull request's runs began.

/** What a visitor is promised to see, in the order in which it usually comes. */
export const STEPS = ['posted', 'received', 'dispatched', 'claimed', 'plan', 'checks', 'verdict', 'delivered', 'comment'] as const;
export type Step = (typeof STEPS)[number];

export interface Timeline {
  /** A new pull request: times count from here. With several workspaces each line says which it is about. */
  begin(title: string, workspaces: readonly string[]): void;
  mark(step: Step, workspace: string, detail: string): void;
  /** Steps marked since begin(). */
  readonly seen: ReadonlySet<Step>;
  say(line: string): void;
}

export function createTimeline(out: { write(text: string): unknown }, now: () => number, colour: boolean): Timeline {
  let started = now();
  let seen = new Set<Step>();
  /** Room for the name of a workspace; 0 where there is only one. */
  let width = 0;
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    begin(title, workspaces) {
      started = now();
      seen = new Set();
      width = workspaces.length > 1 ? Math.max(...workspaces.map((name) => name.length)) + 2 : 0;
      out.write(`\n${paint(1, title)}\n`);
    },
    mark(step, workspace, detail) {
      seen.add(step);
      const seconds = ((now() - started) / 1000).toFixed(2).padStart(6);
      const who = width === 0 ? '' : workspace.padEnd(width);
      out.write(`${paint(2, `${seconds} s`)}  ${who}${step.padEnd(10)}  ${detail}\n`);
    },
    get seen() {
      return seen;
    },
    say: (line) => void out.write(`${line}\n`),
  };
}
