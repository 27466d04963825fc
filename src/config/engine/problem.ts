// What is wrong with a configuration, or with what an API said, and at which attribute. Problems accumulate. A driver says where the
// attribute stands: in a YAML file, or in HCL.

/** `['stages', 0]`, `['settings', 'mode']`; empty: the object as a whole. Of an element of a set: its place in the configuration. */
export type AttributePath = readonly (string | number)[];

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** One line, no full stop: what is wrong. Never a secret. */
  readonly summary: string;
  /** What was found and what to do instead. Empty when the summary says it all. */
  readonly detail: string;
  readonly path: AttributePath;
  /** Of a review: which of its changes this is about, by place in the list. Absent: the kind as a whole. */
  readonly change?: number;
}

/** What a review found out about one of its changes. */
export const aboutChange = (change: number, problems: readonly Problem[]): Problem[] => problems.map((found) => ({ ...found, change }));

/** What a resource throws when it knows what is wrong, and with which attribute. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];
  /**
   * What is there although the call failed, as create and update return it: a task that was made and could not be set up. undefined: what
   * was there before.
   */
  readonly state: unknown;

  constructor(
    problems: readonly Problem[],
    options: { readonly cause?: unknown; readonly state?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(problems.map(({ summary }) => summary).join('; '), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.problems = problems;
    this.state = options.state;
  }
}

export const problem = (path: AttributePath, summary: string, detail = ''): Problem => ({ severity: 'error', summary, detail, path });
export const warning = (path: AttributePath, summary: string, detail = ''): Problem => ({ severity: 'warning', summary, detail, path });
export const hasErrors = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');
