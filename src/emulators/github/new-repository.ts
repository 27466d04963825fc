// A new repository: what a test may say of it, and the record it becomes. No commits yet: those are world.ts's.
import type { Account, ActionsPolicy, BranchRule, Environment, FileContent, Repository, Secret } from './model.ts';
import { newSealingKey } from './sealed-box.ts';

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  /** `owner/name`s that it had before. */
  readonly formerNames?: readonly string[];
  readonly defaultBranch?: string;
  /** Default true: what a token may not see is then answered 404. */
  readonly private?: boolean;
  /** No commit at all, as GitHub makes it when nothing is asked for; without it there is a first commit. */
  readonly empty?: true;
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Who may change which branch; `createRepository` itself is not held by them. */
  readonly rules?: readonly BranchRule[];
  /** Default true. */
  readonly actionsEnabled?: boolean;
  /** Default: all actions, by any ref. */
  readonly actionsPolicy?: Partial<ActionsPolicy>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly environments?: Readonly<
    Record<
      string,
      {
        readonly secrets?: Readonly<Record<string, string>>;
        readonly variables?: Readonly<Record<string, string>>;
        readonly branches?: readonly string[];
      }
    >
  >;
}

const ANYTHING_GOES: ActionsPolicy = { allowed: 'all', githubOwned: true, verified: true, patterns: [], shaPinningRequired: false };

export function newRepository(
  input: NewRepository,
  { owner, now, nextId }: { readonly owner: Account; readonly now: number; readonly nextId: () => number },
): Repository {
  const secrets = (values: Readonly<Record<string, string>> = {}) =>
    new Map(
      Object.entries(values).map(([given, value]): [string, Secret] => {
        const name = given.toUpperCase();
        return [name, { name, value, encrypted: null, createdAt: now, updatedAt: now }];
      }),
    );
  const environments = Object.entries(input.environments ?? {}).map(([name, environment]): [string, Environment] => [
    name,
    {
      name,
      secrets: secrets(environment.secrets),
      variables: new Map(Object.entries(environment.variables ?? {})),
      branches: environment.branches ?? null,
    },
  ]);
  return {
    id: nextId(),
    ownerId: owner.id,
    owner: owner.login,
    name: input.name,
    fullName: `${owner.login}/${input.name}`,
    formerNames: input.formerNames ?? [],
    defaultBranch: input.defaultBranch ?? 'main',
    private: input.private ?? true,
    actionsEnabled: input.actionsEnabled ?? true,
    actionsPolicy: { ...ANYTHING_GOES, ...input.actionsPolicy },
    archived: false,
    createdAt: now,
    commits: new Map(),
    branches: new Map(),
    pulls: new Map(),
    comments: [],
    statuses: [],
    checkRuns: new Map(),
    variables: new Map(
      Object.entries(input.variables ?? {}).map(([name, value]) => [
        name.toUpperCase(),
        { name: name.toUpperCase(), value, createdAt: now, updatedAt: now },
      ]),
    ),
    secrets: secrets(input.secrets),
    environments: new Map(environments),
    rules: [...(input.rules ?? [])],
    workflowIds: new Map(),
    sealingKey: { id: String(nextId()), ...newSealingKey() },
  };
}
