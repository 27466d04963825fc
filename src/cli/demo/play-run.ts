// One pull request of the demo, from HCP's posts to the comment, with a line on the timeline for each thing that happens.
import { readFile } from 'node:fs/promises';
import type { LogFields } from '../../base/log.ts';
import type { Comment, WorkflowRun } from '../../emulators/github/index.ts';
import type { TaskResultRecord } from '../../emulators/hcp-terraform/types.ts';
import { ORGANIZATION, type Chain } from './chain.ts';
import type { DemoPlan } from './make-plans.ts';
import { WORKSPACES, type ScenarioPlay, type WorkspacePlay } from './scenarios.ts';
import type { Step, Timeline } from './timeline.ts';

export interface PlayedRun {
  readonly workspace: WorkspacePlay;
  readonly result: TaskResultRecord;
  readonly workflowRun: WorkflowRun;
}

export interface Played {
  readonly play: ScenarioPlay;
  readonly runs: readonly PlayedRun[];
  readonly comments: readonly Comment[];
}

const REPOSITORY = 'shop';

/** The repository whose pull requests are planned, and its workspaces: what a team has before it has us. */
export async function prepareShop(chain: Chain): Promise<void> {
  chain.github.createRepository({ owner: ORGANIZATION, name: REPOSITORY, files: { 'main.tf': '# see examples/terraform-data\n' } });
  const vcs = { repositoryUrl: `${chain.github.url}/${ORGANIZATION}/${REPOSITORY}`, branch: 'main' };
  for (const name of WORKSPACES) chain.hcp.createWorkspace({ organization: ORGANIZATION, name, vcs });
  // HCP posts its registration test now: a relay that does not answer 200 to it makes this throw.
  await chain.hcp.createRunTask({ organization: ORGANIZATION, name: 'gate', url: chain.hookUrl, hmacKey: chain.hmacKey });
  for (const workspace of WORKSPACES)
    chain.hcp.attachRunTask({ organization: ORGANIZATION, workspace, task: 'gate', stages: ['post_plan'], enforcementLevel: 'mandatory' });
}

export async function playRun(chain: Chain, play: ScenarioPlay, plans: readonly DemoPlan[], timeline: Timeline): Promise<Played> {
  const { github } = chain;
  const { number, title, branch } = play.pullRequest;
  const repository = `${ORGANIZATION}/${REPOSITORY}`;
  const { sha } = github.createCommit({ repository, branch, message: title, files: { 'main.tf': `# ${title}\n` } });
  github.createPullRequest({ repository, number, headSha: sha, headRef: branch, title });

  timeline.begin(
    play.title,
    play.workspaces.map((one) => one.workspace),
  );
  const before = github.runs.length;
  const stopFollowing = followJobs(chain, before, timeline);
  const results = await Promise.all(
    play.workspaces.map(async (workspace) => {
      const plan = plans.find(({ scenario }) => scenario === workspace.scenario);
      if (plan === undefined) throw new Error(`no plan for ${workspace.scenario}`);
      return { workspace, result: await runWorkspace(chain, { play, workspace: workspace.workspace, plan, sha }, timeline) };
    }),
  );
  await github.idle();
  stopFollowing();
  const started = github.runs.slice(before);
  const runs = results.map(({ workspace, result }) => {
    const workflowRun = started.find((run) => workspaceOf(run) === workspace.workspace);
    if (workflowRun === undefined) throw new Error(`no workflow run was started for "${play.title}"; the relay's log says why`);
    return { workspace, result, workflowRun };
  });
  return { play, runs, comments: github.comments(repository, number) };
}

interface OneRun {
  readonly play: ScenarioPlay;
  readonly workspace: string;
  readonly plan: DemoPlan;
  readonly sha: string;
}

async function runWorkspace({ github, hcp }: Chain, { play, workspace, plan, sha }: OneRun, timeline: Timeline): Promise<TaskResultRecord> {
  const url = `${github.url}/${ORGANIZATION}/${REPOSITORY}`;
  timeline.mark('posted', workspace, `HCP Terraform planned ${workspace} (${plan.source}) and posts the run task`);
  const run = await hcp.startRun({
    organization: ORGANIZATION,
    workspace,
    plan: await readFile(plan.planPath),
    speculative: true,
    message: play.pullRequest.title,
    stages: ['post_plan'],
    vcs: {
      commitHash: sha,
      commitUrl: `${url}/commit/${sha}`,
      pullRequestUrl: `${url}/pull/${play.pullRequest.number}`,
      branch: 'main',
      repositoryUrl: url,
    },
  });
  return run.stage('post_plan');
}

/** The relay's own log is the timeline's source: what the demo shows is what an operator would see. */
export function timelineFromRelay(timeline: Timeline): (event: string, fields: LogFields) => void {
  return (event, fields) => {
    const step = RELAY_EVENTS[event];
    if (step === undefined) return;
    timeline.mark(step[0], text(fields['workspace']), step[1](fields));
  };
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const RELAY_EVENTS: Readonly<Record<string, readonly [Step, (fields: LogFields) => string]>> = {
  'run task received': ['received', () => 'relay: signature verified, kept durably, answered 200'],
  'dispatch sent': ['dispatched', () => 'relay: repository_dispatch sent, GitHub answered 204'],
  'run task claimed': ['claimed', () => 'relay: the job proved itself with its OIDC token'],
  'plan handed over': ['plan', () => 'relay: presigned plan URL handed over, good for one minute'],
  'verdict on record': ['verdict', (fields) => `relay: ${text(fields['status'])}, decided by ${text(fields['by'])}`],
  'result delivered': ['delivered', () => 'relay: HCP Terraform has taken the result'],
};

/** The workflow's `run-name` begins with it: what GitHub's list of runs shows. */
const workspaceOf = (run: WorkflowRun): string => run.displayTitle.split(' · ')[0] ?? '';

/** What the jobs' logs say of the checks and the comment, line by line while they run. @returns ends it */
function followJobs(chain: Chain, first: number, timeline: Timeline): () => void {
  const read = new Map<WorkflowRun, number>();
  const look = (): void => {
    for (const run of chain.github.runs.slice(first)) {
      const log = run.jobs[0]?.log ?? '';
      const from = read.get(run) ?? 0;
      const end = Math.max(log.lastIndexOf('\n') + 1, from);
      read.set(run, end);
      for (const line of log.slice(from, end).split('\n')) tellLine(line, workspaceOf(run), timeline);
    }
  };
  // The emulator keeps the log and does not push it; a twentieth of a second is live enough for eyes.
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
  };
}

function tellLine(line: string, workspace: string, timeline: Timeline): void {
  // The first is enough: the log of a job that ends within a second comes in one piece, and would tell the others too late.
  const check = /Check 1 of (\d+): /.exec(line);
  if (check !== null) timeline.mark('checks', workspace, `action: running the ${check[1]} checks of the gate repository`);
  const comment = /Comment (created|updated|unchanged)(?:, (for [^:]+))?: (\S+)/.exec(line);
  if (comment !== null)
    timeline.mark('comment', workspace, `action: comment ${comment[1]}${comment[2] === undefined ? '' : ` ${comment[2]}`}, ${comment[3]}`);
  if (/^The comment tells this run already/.test(line))
    timeline.mark('comment', workspace, 'action: the comment tells this run already, another job wrote it');
}
