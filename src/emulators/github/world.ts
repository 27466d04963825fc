// The state behind the emulated GitHub: accounts, repositories, commits, apps, tokens. Changes only what it is told to; no HTTP,
// no processes.
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../base/clock.ts';
import { changes } from './history.ts';
import { type NewRepository, newRepository } from './new-repository.ts';
import type {
  Account,
  App,
  Commit,
  FileContent,
  Identity,
  Installation,
  Permissions,
  PullRequest,
  Repository,
  WorkflowRun,
} from './model.ts';

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
    input: {
      number?: number;
      headSha: string;
      headRef: string;
      baseRef?: string;
      state?: PullRequest['state'];
      title?: string;
      body?: string | null;
      author?: string;
    },
  ): PullRequest;
  /** null deletes it. Open pull requests from it follow, or are closed. */
  moveBranch(repository: Repository, branch: string, sha: string | null): void;
  /** Squashed: one new commit on the base branch, with what the pull request added, changed and deleted. */
  mergePullRequest(repository: Repository, pull: PullRequest, message?: string): Commit;
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
      const repository = newRepository(input, { owner: world.account(input.owner), now: clock.now(), nextId: world.nextId });
      world.repositories.set(repository.id, repository);
      if (input.empty !== true) world.commit(repository, { message: 'Initial commit', files: input.files ?? {} });
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
      const commit = { sha: made, parents: parent === undefined ? [] : [parent], message, files: tree, at: clock.now() };
      repository.commits.set(made, commit);
      world.moveBranch(repository, branch, made);
      return commit;
    },
    moveBranch(repository, branch, sha) {
      if (sha === null) repository.branches.delete(branch);
      else repository.branches.set(branch, sha);
      const now = clock.now();
      for (const pull of repository.pulls.values()) {
        if (pull.headRef !== branch || pull.state !== 'open') continue;
        if (sha === null) Object.assign(pull, { state: 'closed', closedAt: now, updatedAt: now } satisfies Partial<PullRequest>);
        else Object.assign(pull, { headSha: sha, updatedAt: now } satisfies Partial<PullRequest>);
      }
    },
    createPullRequest(repository, input) {
      const { number, headSha, headRef, baseRef = repository.defaultBranch, state = 'open', body = null, author = 'mona' } = input;
      const title = input.title ?? `Change ${headRef}`;
      const baseSha = repository.branches.get(baseRef) ?? '';
      const now = clock.now();
      if (!repository.commits.has(headSha)) world.commit(repository, { message: title, branch: headRef, sha: headSha });
      const pull: PullRequest = {
        id: world.nextId(),
        number: number ?? Math.max(0, ...repository.pulls.keys()) + 1,
        title,
        body,
        headSha,
        headRef,
        baseSha,
        baseRef,
        state,
        author,
        createdAt: now,
        updatedAt: now,
        closedAt: state === 'open' ? null : now,
        mergeCommitSha: null,
        mergedAt: state === 'merged' ? now : null,
      };
      repository.pulls.set(pull.number, pull);
      return pull;
    },
    mergePullRequest(repository, pull, message = `${pull.title} (#${pull.number})`) {
      const { files } = changes(repository, pull.baseRef, pull.headSha);
      const now = clock.now();
      const merged = { state: 'merged', mergedAt: now, closedAt: now, updatedAt: now } as const;
      // First, so that moving its branches touches it no more.
      Object.assign(pull, merged satisfies Partial<PullRequest>);
      const commit = world.commit(repository, { message, branch: pull.baseRef, files });
      pull.mergeCommitSha = commit.sha;
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
