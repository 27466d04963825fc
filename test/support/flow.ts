// The whole chain for a flow test: both emulators, our relay, the committed dist/, on a clock that runs and can be moved.
//
//   const flow = await startFlow({ checks: '…' });
//   const { result } = await flow.run();            // one run task, until HCP has its verdict and GitHub is idle
//   await flow.close();
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from '../../src/contracts/run-facts.ts';
import { ORGANIZATION, startChain, type Chain, type ChainOptions } from '../../src/cli/demo/chain.ts';
import type { Comment, WorkflowRun } from '../../src/emulators/github/index.ts';
import type { StartRun, TaskResultRecord } from '../../src/emulators/hcp-terraform/types.ts';
import { loadConformance, missingDescriptions, type Conformance } from '../conformance/openapi.ts';
import { createJumpClock, type JumpClock } from './jump-clock.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Where the action is taken from: the committed dist/, or a folder with action.yml and a dist/ that somebody is working on. */
export const ACTION_FOLDER = process.env['RUNTASK_ACTION_FOLDER'] ?? ROOT;
export const WORKSPACE = 'net-prod';
export const REPOSITORY = 'acme/net';
export const PULL_REQUEST = 7;

/** One mandatory check that a harmless plan passes and a destroyed `terraform_data.database` fails. */
export const CHECKS = `version: 1
checks:
  - name: data stores stay
    protect: { addresses: ["terraform_data.database*"] }
`;

export interface WorkflowOptions {
  /** `with:` of the action, as YAML lines. */
  readonly inputs?: string;
  /** Steps before ours, as YAML list items with an indentation of six. */
  readonly before?: string;
  readonly after?: string;
  /** Lines beside `uses:`, such as `if: …`. */
  readonly step?: string;
  readonly uses?: string;
  readonly types?: string;
  readonly permissions?: string;
  readonly job?: string;
}

export function workflow(options: WorkflowOptions = {}): string {
  return `name: HCP Terraform run task
run-name: "\${{ github.event.client_payload.task.workspace }} · \${{ github.event.client_payload.task.stage }}"
on: { repository_dispatch: { types: [${options.types ?? 'hcp-terraform-run-task'}] } }
permissions: ${options.permissions ?? '{ contents: read, pull-requests: write, statuses: write, id-token: write }'}
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
${options.job ?? ''}    steps:
      - uses: actions/checkout@v6
${options.before ?? ''}      - name: run task
        uses: ${options.uses ?? 'org/runtask-action@v1'}
${options.step ?? ''}        with:
${options.inputs ?? '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n'}${options.after ?? ''}`;
}

export interface FlowOptions extends Partial<Omit<ChainOptions, 'clock' | 'log' | 'actionFolder' | 'workRoot'>> {
  readonly checks?: string | null;
  readonly workflow?: string | null;
  readonly stages?: readonly Stage[];
  readonly enforcementLevel?: 'mandatory' | 'advisory';
}

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Ran {
  readonly result: TaskResultRecord;
  /** The workflow run that was started for it; undefined when none was. */
  readonly workflowRun: WorkflowRun | undefined;
  readonly comment: Comment | undefined;
}

export interface Flow extends Chain {
  readonly clock: JumpClock;
  readonly log: readonly LogLine[];
  readonly workRoot: string;
  /** The commit that the pull request plans. */
  readonly sha: string;
  /** Starts an HCP run of one stage and returns at once. */
  begin(spec?: Partial<StartRun>): ReturnType<Chain['hcp']['startRun']>;
  /** Starts one and waits for the verdict of its (first) stage and for GitHub to be idle. */
  run(spec?: Partial<StartRun> & { readonly stage?: Stage }): Promise<Ran>;
  /** Resolves when it holds, asked again every few milliseconds: for what no event tells, such as a line of a job's log. */
  until(holds: () => boolean): Promise<void>;
  /** Resolves when the first line of a job's log that holds `text` is there. */
  jobSays(text: string): Promise<WorkflowRun>;
  /** Resolves when the relay has logged it. */
  logged(event: string): Promise<LogLine>;
}

/** A harmless plan: one resource is created. */
export const harmlessPlan = (): object => planOf([change('terraform_data.network', ['create'], null, { input: 'a' })]);
/** A plan that destroys the database. */
export const destructivePlan = (): object => planOf([change('terraform_data.database', ['delete'], { input: 'a' }, null)]);

export const planOf = (changes: readonly object[]): object => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: changes,
  output_changes: {},
  errored: false,
  complete: true,
});

export function change(
  address: string,
  actions: readonly string[],
  before: object | null,
  after: object | null,
  more: object = {},
): object {
  const [type = '', name = ''] = address.replace(/\[.*$/, '').split('.').slice(-2);
  return {
    address,
    mode: 'managed',
    type,
    name,
    provider_name: 'terraform.io/builtin/terraform',
    change: {
      actions,
      before,
      after,
      after_unknown: {},
      before_sensitive: before === null ? false : {},
      after_sensitive: after === null ? false : {},
      ...more,
    },
  };
}

/** Everything that HCP Terraform and GitHub saw in any flow holds against their own descriptions; without them, nothing is said. */
function expectConformance({ hcp, github }: Chain): void {
  if (missingDescriptions !== null) return;
  conformance ??= loadConformance();
  const found = [conformance.checkSeen('hcp', hcp.seen), conformance.checkSeen('github', github.seen)];
  const problems = found.flatMap(({ violations, unknown }) => [
    ...violations,
    ...unknown.map((call) => `unknown to the description: ${call}`),
  ]);
  if (problems.length > 0)
    throw new Error(`What was sent or answered does not hold against the published descriptions:\n${problems.join('\n')}`);
}
let conformance: Conformance | null = null;

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const {
    checks = CHECKS,
    workflow: workflowText = workflow(),
    stages = ['post_plan'],
    enforcementLevel = 'mandatory',
    ...chainOptions
  } = options;
  const clock = createJumpClock();
  const workRoot = mkdtempSync(join(tmpdir(), 'runtask-flow-'));
  const log: LogLine[] = [];
  const waiting: { event: string; done: (line: LogLine) => void }[] = [];
  const at =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const line = { level, event, fields };
      log.push(line);
      for (const one of waiting.filter((w) => w.event === event)) one.done(line);
    };
  const gateFiles = {
    ...(workflowText === null ? {} : { '.github/workflows/run-task.yml': workflowText }),
    ...(checks === null ? {} : { '.runtask/checks.yml': checks }),
    ...chainOptions.gateFiles,
  };
  const chain = await startChain({
    ...chainOptions,
    clock,
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    actionFolder: ACTION_FOLDER,
    workRoot,
    // Shorter than GitHub's 7.5 and 2.5 s, in the same proportion: an action that needs longer is an action that is killed.
    github: { grace: { interruptMs: 3000, terminateMs: 1000 }, ...chainOptions.github },
    gateFiles,
  });
  const { github, hcp } = chain;
  github.createRepository({ owner: ORGANIZATION, name: 'net', files: { 'main.tf': '# net\n' } });
  const { sha } = github.createCommit({ repository: REPOSITORY, branch: 'larger', files: { 'main.tf': '# larger\n' } });
  github.createPullRequest({ repository: REPOSITORY, number: PULL_REQUEST, headSha: sha, headRef: 'larger' });
  const url = `${github.url}/${REPOSITORY}`;
  hcp.createWorkspace({ organization: ORGANIZATION, name: WORKSPACE, vcs: { repositoryUrl: url, branch: 'main' } });
  await hcp.createRunTask({ organization: ORGANIZATION, name: 'gate', url: chain.hookUrl, hmacKey: chain.hmacKey });
  hcp.attachRunTask({ organization: ORGANIZATION, workspace: WORKSPACE, task: 'gate', stages, enforcementLevel });

  const begin: Flow['begin'] = (spec = {}) =>
    hcp.startRun({
      organization: ORGANIZATION,
      workspace: WORKSPACE,
      plan: harmlessPlan(),
      speculative: stages.every((stage) => stage === 'pre_plan' || stage === 'post_plan'),
      message: 'Make the network larger',
      stages,
      vcs: {
        commitHash: sha,
        commitUrl: `${url}/commit/${sha}`,
        pullRequestUrl: `${url}/pull/${PULL_REQUEST}`,
        branch: 'main',
        repositoryUrl: url,
      },
      ...spec,
    });

  let closed = false;
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      // A test that has failed must not keep its process alive.
      if (closed) throw new Error('the flow was closed before that came true');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const runSaying = (text: string): WorkflowRun | undefined => github.runs.find((run) => run.jobs.some((job) => job.log.includes(text)));

  return {
    ...chain,
    until,
    async jobSays(text) {
      await until(() => runSaying(text) !== undefined);
      return runSaying(text)!;
    },
    clock,
    log,
    workRoot,
    sha,
    begin,
    async run({ stage, ...spec } = {}) {
      const before = github.runs.length;
      const run = await begin(spec);
      const result = await run.stage(stage ?? spec.stages?.[0] ?? stages[0]!);
      await github.idle();
      return { result, workflowRun: github.runs[before], comment: github.comments(REPOSITORY, PULL_REQUEST).at(-1) };
    },
    logged: (event) =>
      new Promise((resolve) => {
        const seen = log.find((line) => line.event === event);
        if (seen !== undefined) resolve(seen);
        else waiting.push({ event, done: resolve });
      }),
    async close() {
      closed = true;
      await chain.close();
      clock.stop();
      rmSync(workRoot, { recursive: true, force: true });
      expectConformance(chain);
    },
  };
}
