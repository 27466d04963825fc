// The state behind the emulated GitHub: accounts, repositories, commits, apps, tokens. Changes only what it is told to; no HTTP,
// no processes.
import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../base/clock.ts';
import type {
  Account,
  App,
  Commit,
  Environment,
  FileContent,
  Identity,
  Installation,
  Permissions,
  PullRequest,
  Repository,
  WorkflowRun,
} from './model.ts';

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch?: string;
  /** Default true: what a token may not see is then answered 404. */
  readonly private?: boolean;
  readonly files?: Readonly<Record<string, FileContent>>;
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

export interface World {
  readonly clock: Clock;
  /** Set once the server listens. */
  url: string;
  readonly repositories: Map<number, Repository>;
  readonly accounts: Map<string, Account>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Identity>;
  readonly runs: WorkflowRun[];
  nextId(): number;
  account(login: string, type?: Account['type']): Account;
  repository(fullName: string): Repository | undefined;
  /** @throws when there is none: a mistake of the test */
  expectRepository(fullName: string): Repository;
  createRepository(input: NewRepository): Repository;
  /** Adds files to what the branch holds (default: the default branch) and moves it. An empty branch starts from the default one. */
  commit(
    repository: Repository,
    change: { message?: string; files?: Readonly<Record<string, FileContent | null>>; branch?: string; sha?: string },
  ): Commit;
  createPullRequest(
    repository: Repository,
    input: { number?: number; headSha: string; headRef: string; state?: PullRequest['state']; title?: string; author?: string },
  ): PullRequest;
  /** Squashed: one new commit on the base branch. */
  mergePullRequest(repository: Repository, pull: PullRequest): Commit;
  createApp(input: { slug?: string; permissions?: Permissions }): Promise<{ app: App; privateKeyPem: string }>;
  /** Resolves when `found` gives something; asked again after every {@link World.changed}. */
  until<T>(found: () => T | undefined): Promise<T>;
  changed(): void;
  reset(): void;
}

export function createWorld(clock: Clock): World {
  let lastId = 0;
  let commits = 0;
  const watchers = new Set<() => void>();

  const world: World = {
    clock,
    url: '',
    repositories: new Map(),
    accounts: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    runs: [],
    // GitHub's ids are large, and sparse: code that mixes two kinds of them up should not get away with it.
    nextId: () => 4_000_000_000 + 37 * ++lastId,
    account(login, type = 'Organization') {
      const key = login.toLowerCase();
      const account = world.accounts.get(key) ?? { id: world.nextId(), login, type };
      world.accounts.set(key, account);
      return account;
    },
    repository(fullName) {
      const wanted = fullName.toLowerCase();
      return [...world.repositories.values()].find((r) => r.fullName.toLowerCase() === wanted);
    },
    expectRepository(fullName) {
      const repository = world.repository(fullName);
      if (repository === undefined) throw new Error(`the emulated GitHub has no repository ${fullName}`);
      return repository;
    },
    createRepository(input) {
      const repository = newRepository(world, input);
      world.repositories.set(repository.id, repository);
      world.commit(repository, { message: 'Initial commit', files: input.files ?? {} });
      return repository;
    },
    commit(repository, { message = 'Change', files = {}, branch = repository.defaultBranch, sha }) {
      const parent = repository.branches.get(branch) ?? repository.branches.get(repository.defaultBranch);
      const tree = new Map(parent === undefined ? [] : repository.commits.get(parent)?.files);
      for (const [path, content] of Object.entries(files)) {
        if (content === null) tree.delete(path);
        else tree.set(path, content);
      }
      const made = sha ?? createHash('sha1').update(`${repository.id} ${++commits} ${message}`).digest('hex');
      const commit = { sha: made, message, files: tree, at: clock.now() };
      repository.commits.set(made, commit);
      repository.branches.set(branch, made);
      return commit;
    },
    createPullRequest(repository, { number, headSha, headRef, state = 'open', title = `Change ${headRef}`, author = 'mona' }) {
      const baseSha = repository.branches.get(repository.defaultBranch) ?? '';
      if (!repository.commits.has(headSha)) world.commit(repository, { message: title, branch: headRef, sha: headSha });
      const pull: PullRequest = {
        id: world.nextId(),
        number: number ?? Math.max(0, ...repository.pulls.keys()) + 1,
        title,
        headSha,
        headRef,
        baseSha,
        baseRef: repository.defaultBranch,
        state,
        author,
        createdAt: clock.now(),
        mergeCommitSha: null,
        mergedAt: state === 'merged' ? clock.now() : null,
      };
      repository.pulls.set(pull.number, pull);
      return pull;
    },
    mergePullRequest(repository, pull) {
      const files = Object.fromEntries(repository.commits.get(pull.headSha)?.files ?? []);
      const commit = world.commit(repository, { message: `${pull.title} (#${pull.number})`, branch: pull.baseRef, files });
      Object.assign(pull, { state: 'merged', mergeCommitSha: commit.sha, mergedAt: clock.now() } satisfies Partial<PullRequest>);
      return commit;
    },
    async createApp({ slug = `runtask-${world.apps.size + 1}`, permissions = {} }) {
      const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        // GitHub hands out PKCS#1 ("BEGIN RSA PRIVATE KEY").
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      });
      const app: App = {
        id: world.nextId(),
        slug,
        permissions: { metadata: 'read', ...permissions },
        publicKeyPem: publicKey,
        createdAt: clock.now(),
      };
      world.apps.set(app.id, app);
      return { app, privateKeyPem: privateKey };
    },
    until: (found) =>
      new Promise((resolve) => {
        const look = (): void => {
          const value = found();
          if (value === undefined) return;
          watchers.delete(look);
          resolve(value);
        };
        watchers.add(look);
        look();
      }),
    changed() {
      for (const look of [...watchers]) look();
    },
    reset() {
      for (const map of [world.repositories, world.accounts, world.apps, world.installations, world.tokens]) map.clear();
      world.runs.length = 0;
      world.changed();
    },
  };
  return world;
}

function newRepository(world: World, input: NewRepository): Repository {
  const owner = world.account(input.owner);
  const now = world.clock.now();
  const secrets = (values: Readonly<Record<string, string>> = {}) =>
    new Map(
      Object.entries(values).map(([name, value]) => [name.toUpperCase(), { name: name.toUpperCase(), value, encrypted: null }] as const),
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
    id: world.nextId(),
    ownerId: owner.id,
    owner: owner.login,
    name: input.name,
    fullName: `${owner.login}/${input.name}`,
    defaultBranch: input.defaultBranch ?? 'main',
    private: input.private ?? true,
    actionsEnabled: true,
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
    workflowIds: new Map(),
    sealingKey: { id: String(world.nextId()), key: randomBytes(32).toString('base64') },
  };
}
