// A repository, an App on it, and tiny actions written to a folder: what the tests of the emulated GitHub start from.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { type Github, type GithubOptions, startGithub, type WorkflowRun } from '../../../src/emulators/github/index.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

export interface Stage {
  readonly github: Github;
  readonly clock: ManualClock;
  /** A personal token that may do everything in every repository. */
  readonly token: string;
  /** One request of the REST API as that token, or as another. */
  call(method: string, path: string, options?: { body?: unknown; token?: string | null; headers?: Record<string, string> }): Promise<Reply>;
  /** Makes acme/net with this workflow, dispatches `go`, waits for the end. */
  play(
    workflow: string,
    options?: { files?: Record<string, string>; payload?: object; secrets?: Record<string, string>; variables?: Record<string, string> },
  ): Promise<WorkflowRun>;
  dispatch(payload?: object, type?: string): Promise<void>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // JSON of any shape: the tests say what they expect with toEqual and toMatchObject.
  readonly body: unknown;
}

const EVERYTHING = Object.fromEntries(
  [
    'actions',
    'actions_variables',
    'administration',
    'checks',
    'contents',
    'issues',
    'pull_requests',
    'secrets',
    'statuses',
    'workflows',
  ].map((name) => [name, 'write' as const]),
);

export const FAST = { interruptMs: 150, terminateMs: 100, outputMs: 100 };

/** @param actions  `org/name@v1` to its files */
export async function createStage(
  actions: Record<string, Record<string, string>> = {},
  options: Partial<GithubOptions> = {},
): Promise<Stage> {
  const clock = createManualClock();
  const folder = await mkdtemp(join(tmpdir(), 'stage-'));
  const folders: Record<string, string> = {};
  for (const [name, files] of Object.entries(actions)) {
    folders[name] = join(folder, name.replace(/[/@]/g, '_'));
    for (const [path, text] of Object.entries(files)) {
      const target = join(folders[name], path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
  }
  const github = await startGithub({ clock, actions: folders, grace: FAST, ...options });
  const token = github.createPersonalToken({ login: 'mona', permissions: EVERYTHING, repositories: 'all' });
  const stage: Stage = {
    github,
    clock,
    token,
    async call(method, path, { body, token: other, headers = {} } = {}) {
      const answer = await fetch(path.startsWith('http') ? path : github.apiUrl + path, {
        method,
        headers: { ...(other === null ? {} : { authorization: `Bearer ${other ?? token}` }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text,
      };
    },
    async dispatch(payload = {}, type = 'go') {
      const answer = await stage.call('POST', '/repos/acme/net/dispatches', { body: { event_type: type, client_payload: payload } });
      if (answer.status !== 204) throw new Error(`dispatch: ${answer.status} ${answer.text}`);
    },
    async play(workflow, { files = {}, payload = {}, secrets = {}, variables = {} } = {}) {
      github.createRepository({
        owner: 'acme',
        name: 'net',
        files: { '.github/workflows/run.yml': workflow, ...files },
        secrets,
        variables,
      });
      await stage.dispatch(payload);
      await github.idle();
      const run = github.runs.at(-1);
      if (run === undefined) throw new Error('no run was started');
      return run;
    },
    async close() {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** A JavaScript action of one file for each phase that is given. */
export function action(phases: { pre?: string; main: string; post?: string }, more = ''): Record<string, string> {
  const runs = Object.keys(phases).map((phase) => `  ${phase}: ${phase}.js`);
  return {
    'action.yml': `name: tiny\ndescription: tiny\n${more}\nruns:\n  using: node24\n${runs.join('\n')}\n`,
    'package.json': '{ "type": "module" }',
    ...Object.fromEntries(Object.entries(phases).map(([phase, text]) => [`${phase}.js`, text])),
  };
}

/** `pre A: success` for each step, in order. */
export const story = (run: WorkflowRun): string[] =>
  run.jobs.flatMap((job) => job.steps.map((step) => `${step.phase} ${step.id ?? step.name}: ${step.conclusion ?? step.status}`));

/** As GitHub's documentation seals a secret. */
export async function seal(value: string, key: string): Promise<string> {
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  return sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL);
}
