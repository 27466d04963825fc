// The emulated GitHub: a real server on loopback in the form of GitHub Enterprise Server, with the runner that its workflows need.
// It shares no code with what it is a witness of, only types.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { permissionsOfScopes } from './access.ts';
import type { Answer } from './answers.ts';
import { answerRequest } from './front-door.ts';
import type {
  Comment,
  Commit,
  CommitStatus,
  FileContent,
  Installation,
  Permissions,
  PullRequest,
  Repository,
  SeenRequest,
  WorkflowRun,
} from './model.ts';
import type { NewRepository } from './new-repository.ts';
import { createIssuer, type Signature } from './oidc.ts';
import { createMeter, type RateLimits } from './rate-limits.ts';
import { actionRoutes } from './rest/actions.ts';
import { appRoutes } from './rest/apps.ts';
import { createArchives } from './rest/archives.ts';
import { checkRunRoutes } from './rest/check-runs.ts';
import { commentRoutes } from './rest/comments.ts';
import { contentRoutes } from './rest/contents.ts';
import { policyRoutes } from './rest/policy.ts';
import { pullRoutes } from './rest/pulls.ts';
import { refRoutes } from './rest/refs.ts';
import { repositoryRoutes } from './rest/repositories.ts';
import { settingRoutes } from './rest/settings.ts';
import { statusRoutes } from './rest/statuses.ts';
import { createDispatcher, type Request } from './router.ts';
import type { StepHook } from './runner/job-state.ts';
import { type Grace, RUNNER_GRACE } from './runner/process.ts';
import { createRunner } from './runner/runner.ts';
import { startServer } from './server.ts';
import { createWeather, type WeatherRule } from './weather.ts';
import { createWorld } from './world.ts';

export type {
  Annotation,
  BranchRule,
  Comment,
  Commit,
  CommitStatus,
  Installation,
  JobRecord,
  PullRequest,
  Repository,
  SeenRequest,
  StepRecord,
  WorkflowRun,
} from './model.ts';
export type { Signature } from './oidc.ts';
export type { RateLimits } from './rate-limits.ts';
export type { StepHook } from './runner/job-state.ts';
export type { WeatherRule } from './weather.ts';
export type { NewRepository } from './new-repository.ts';

export interface GithubOptions {
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
  /** `org/runtask-action@v1` to the folder that holds its action.yml. */
  readonly actions?: Readonly<Record<string, string>>;
  /** `off`: runs stay queued until `setRunner('auto')`. */
  readonly runner?: 'auto' | 'off';
  /** Where jobs get their folders. Kept at the end; absent: a temporary folder that `close()` removes. */
  readonly workRoot?: string;
  /** Default: the node that runs this. */
  readonly nodePath?: string;
  /** PATH of the jobs. Default: node's folder and the system's own. */
  readonly path?: string;
  /** How long a cancelled process has; shorter than the runner's in tests. */
  readonly grace?: Partial<Grace>;
  readonly log?: (line: string) => void;
}

export interface OidcRequest {
  /** The run to speak for; its repository, workflow and attempt give the claims. */
  readonly run: WorkflowRun;
  /** Absent: the run's first job. */
  readonly checkRunId?: number;
  readonly audience?: string | readonly string[];
  /** Each replaces the claim of its name; `undefined` removes it. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signature?: Signature;
}

export interface Github {
  /** GITHUB_SERVER_URL */
  readonly url: string;
  /** GITHUB_API_URL */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** Of the OIDC tokens. */
  readonly issuer: string;
  readonly seen: SeenRequest[];
  readonly runs: readonly WorkflowRun[];
  readonly hooks: StepHook[];
  createRepository(input: NewRepository): Repository;
  /** @throws when there is none */
  getRepository(fullName: string): Repository;
  /** Commits to the default branch; null removes a file. */
  setFiles(fullName: string, files: Readonly<Record<string, FileContent | null>>, message?: string): Commit;
  createCommit(input: {
    repository: string;
    sha?: string;
    branch?: string;
    message?: string;
    files?: Readonly<Record<string, FileContent | null>>;
  }): Commit;
  createPullRequest(input: {
    repository: string;
    number?: number;
    headSha: string;
    headRef: string;
    baseRef?: string;
    state?: PullRequest['state'];
    title?: string;
    author?: string;
  }): PullRequest;
  /** Squashes it onto its base branch, whatever the rules say: someone reviewed it. */
  mergePullRequest(fullName: string, number: number, options?: { deleteBranch?: boolean }): Commit;
  comments(fullName: string, number: number): Comment[];
  /** Oldest first. */
  statuses(fullName: string, sha: string): CommitStatus[];
  /** As they were sent, annotations of all requests together; oldest first. */
  checkRuns(fullName: string, sha: string): Readonly<Record<string, unknown>>[];
  createApp(input?: { slug?: string; permissions?: Permissions }): Promise<{ appId: number; slug: string; privateKeyPem: string }>;
  installApp(appId: number, input: { account: string; repositories: 'all' | readonly string[]; permissions?: Permissions }): Installation;
  /** Permissions in API spelling; `repositories` by full name. */
  createPersonalToken(input: { login: string; permissions: Permissions; repositories: 'all' | readonly string[] }): string;
  /** Scopes: `repo`, `workflow`. Not an administrator: no settings, whatever the scopes. Default true. */
  createClassicToken(input: { login: string; scopes: readonly string[]; admin?: boolean }): string;
  cancelRun(id: number): void;
  forceCancelRun(id: number): void;
  /** The next attempt of a completed run. */
  rerun(id: number): void;
  /** The runner's machine dies: no post, and GitHub gives the job up ten minutes later. */
  killRunner(id: number): void;
  setRunner(mode: 'auto' | 'off'): void;
  /** No run is queued or in progress. */
  idle(): Promise<void>;
  /** The first run for which it holds, now or later; asked again at every step of every run. */
  waitForRun(holds: (run: WorkflowRun) => boolean): Promise<WorkflowRun>;
  /** For attacks: a token as a job would get it, with anything replaced. */
  mintOidcToken(request: OidcRequest): Promise<string>;
  failNext(rule: WeatherRule): void;
  /** From now on, nothing used yet; null: none, as at the start. */
  limitRate(limits: RateLimits | null): void;
  /** Kills all jobs and forgets everything but the keys of the issuer. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startGithub(options: GithubOptions): Promise<Github> {
  const { clock, log = () => {} } = options;
  const world = createWorld(clock);
  const weather = createWeather();
  const issuer = createIssuer(world);
  const hooks: StepHook[] = [];
  const seen: SeenRequest[] = [];
  const workRoot = options.workRoot ?? (await mkdtemp(join(tmpdir(), 'emulated-github-')));
  const machine = {
    clock,
    nodePath: options.nodePath ?? process.execPath,
    path: options.path ?? null,
    workRoot,
    actions: options.actions ?? {},
    grace: { ...RUNNER_GRACE, ...options.grace },
    hooks,
  };
  const runner = createRunner(world, machine, { mode: options.runner ?? 'auto', log });
  const archives = createArchives(world);
  const meter = createMeter(clock);
  const rest = createDispatcher(world, meter, [
    ...appRoutes,
    ...archives.routes,
    ...actionRoutes(runner),
    ...commentRoutes,
    ...statusRoutes,
    ...checkRunRoutes,
    ...contentRoutes,
    ...refRoutes,
    ...pullRoutes,
    ...policyRoutes,
    ...settingRoutes,
    // Last: it holds the patterns that take whatever is left of a path.
    ...repositoryRoutes,
  ]);
  const answer = (request: Request): Promise<Answer> => answerRequest({ world, runner, issuer, archives, rest }, request);
  const server = await startServer({ clock, port: options.port ?? 0, weather, seen, answer, log });
  world.url = server.url;

  const expectRun = (id: number): WorkflowRun => {
    const run = world.runs.find((r) => r.id === id);
    if (run === undefined) throw new Error(`the emulated GitHub has no run ${id}`);
    return run;
  };
  const idsOf = (names: 'all' | readonly string[]): ReadonlySet<number> | null =>
    names === 'all' ? null : new Set(names.map((name) => world.expectRepository(name).id));

  return {
    url: server.url,
    apiUrl: `${server.url}/api/v3`,
    graphqlUrl: `${server.url}/api/graphql`,
    issuer: issuer.url,
    seen,
    runs: world.runs,
    hooks,
    createRepository: world.createRepository,
    getRepository: world.expectRepository,
    setFiles: (fullName, files, message = 'Set files') => world.commit(world.expectRepository(fullName), { message, files }),
    createCommit: ({ repository, ...change }) => world.commit(world.expectRepository(repository), change),
    createPullRequest: ({ repository, ...input }) => world.createPullRequest(world.expectRepository(repository), input),
    mergePullRequest(fullName, number, { deleteBranch = false } = {}) {
      const repository = world.expectRepository(fullName);
      const pull = repository.pulls.get(number);
      if (pull === undefined) throw new Error(`the emulated GitHub has no pull request ${fullName}#${number}`);
      const commit = world.mergePullRequest(repository, pull);
      if (deleteBranch) world.moveBranch(repository, pull.headRef, null);
      return commit;
    },
    comments: (fullName, number) => world.expectRepository(fullName).comments.filter((c) => c.issue === number),
    statuses: (fullName, sha) => world.expectRepository(fullName).statuses.filter((s) => s.sha === sha),
    checkRuns: (fullName, sha) =>
      [...world.expectRepository(fullName).checkRuns.values()].filter((c) => c.headSha === sha).map((c) => c.fields),
    async createApp(input = {}) {
      const { app, privateKeyPem } = await world.createApp(input);
      return { appId: app.id, slug: app.slug, privateKeyPem };
    },
    installApp(appId, { account, repositories, permissions }) {
      const app = world.apps.get(appId);
      if (app === undefined) throw new Error(`the emulated GitHub has no App ${appId}`);
      const owner = world.account(account);
      const ids = repositories === 'all' ? null : idsOf(repositories.map((name) => (name.includes('/') ? name : `${account}/${name}`)));
      const installation = {
        id: world.nextId(),
        appId,
        account: owner,
        repositoryIds: ids,
        permissions: permissions ?? app.permissions,
        createdAt: clock.now(),
      };
      world.installations.set(installation.id, installation);
      return installation;
    },
    createPersonalToken({ login, permissions, repositories }) {
      const token = `github_pat_${randomBytes(41).toString('hex')}`;
      world.tokens.set(token, {
        kind: 'user',
        account: world.account(login, 'User'),
        permissions: { metadata: 'read', ...permissions },
        repositoryIds: idsOf(repositories),
        scopes: null,
      });
      return token;
    },
    createClassicToken({ login, scopes, admin = true }) {
      const token = `ghp_${randomBytes(18).toString('hex')}`;
      const permissions = permissionsOfScopes(scopes, admin);
      // Without `repo` no private repository is there at all.
      const repositoryIds = scopes.includes('repo') ? null : new Set<number>();
      world.tokens.set(token, { kind: 'user', account: world.account(login, 'User'), permissions, repositoryIds, scopes });
      return token;
    },
    cancelRun: (id) => void runner.cancel(expectRun(id)),
    forceCancelRun: (id) => void runner.forceCancel(expectRun(id)),
    rerun(id) {
      if (!runner.rerun(expectRun(id))) throw new Error(`run ${id} cannot be run again: it is not completed`);
    },
    killRunner: (id) => runner.lose(expectRun(id)),
    setRunner: runner.setMode,
    idle: () => world.until(() => (world.runs.every((run) => run.status === 'completed') ? null : undefined)).then(() => undefined),
    waitForRun: (holds) => world.until(() => world.runs.find(holds)),
    mintOidcToken({ run, checkRunId, audience, claims = {}, signature = {} }) {
      const job = run.jobs.find((j) => checkRunId === undefined || j.checkRunId === checkRunId) ?? null;
      const made: JWTPayload = {
        ...issuer.claims(run, job, null, null),
        ...(audience === undefined ? {} : { aud: typeof audience === 'string' ? audience : [...audience] }),
        ...claims,
      };
      return issuer.sign(Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)), signature);
    },
    failNext: weather.failNext,
    limitRate: meter.set,
    async reset() {
      await runner.stop();
      weather.clear();
      meter.set(null);
      hooks.length = 0;
      seen.length = 0;
      world.reset();
    },
    async close() {
      await runner.stop();
      await server.close();
      if (options.workRoot === undefined) await rm(workRoot, { recursive: true, force: true });
    },
  };
}
