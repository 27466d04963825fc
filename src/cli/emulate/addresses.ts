// What `runtask emulate` tells of what it started: where it is, and how its files are called.

/** Where everything is. The tokens open nothing but the emulators. */
export interface Addresses {
  readonly hcp: { readonly url: string; readonly host: string; readonly storeUrl: string; readonly adminToken: string };
  readonly github: {
    readonly url: string;
    readonly apiUrl: string;
    readonly issuer: string;
    /** The relay's. */
    readonly token: string;
    /** For `runtask config`, which may do more. */
    readonly setupToken: string;
  };
  readonly relayUrl: string;
  readonly organization: string;
  /** At least one. Each has a run of its own to post: `runFile`. */
  readonly workspaces: readonly string[];
  /** The free edition takes one mandatory attachment. */
  readonly enforcementLevel: 'advisory' | 'mandatory';
  readonly repository: string;
  readonly pullRequest: number;
  readonly output: string;
}

/** The body that starts a run: of the first workspace `run.json`. */
export const runFile = ({ workspaces }: Pick<Addresses, 'workspaces'>, workspace: string): string =>
  workspace === workspaces[0] ? 'run.json' : `run-${workspace}.json`;
