// One run of the demo, from HCP's post to the comment, with a line on the timeline for each thing that happens.
import { readFile } from 'node:fs/promises';
import type { LogFields } from '../../base/log.ts';
import type { Comment, WorkflowRun } from '../../emulators/github/index.ts';
import type { TaskResultRecord } from '../../emulators/hcp-terraform/types.ts';
import { ORGANIZATION, type Chain } from './chain.ts';
import type { DemoPlan } from './make-plans.ts';
import type { ScenarioPlay } from './scenarios.ts';
import type { Step, Timeline } from './timeline.ts';

export interface Played {
  readonly play: ScenarioPlay;
  readonly result: TaskResultRecord;
  readonly comment: Comment | null;
  readonly workflowRun: WorkflowRun;
}

const REPOSITORY = 'shop';
export const WORKSPACE = 'shop-prod';

/** The repository whose pull requests are planned, and its workspace: what a team has before it has us. */
export async function prepareShop(chain: Chain): Promise<void> {
  chain.github.createRepository({ owner: ORGANIZATION, name: REPOSITORY, files: { 'main.tf': '# see examples/terraform-data\n' } });
  const vcs = { repositoryUrl: `${chain.github.url}/${ORGANIZATION}/${REPOSITORY}`, branch: 'main' };
  chain.hcp.createWorkspace({ organization: ORGANIZATION, name: WORKSPACE, vcs });
  // HCP posts its registration test now: a relay that does not answer 200 to it makes this throw.
  await chain.hcp.createRunTask({ organization: ORGANIZATION, name: 'gate', url: chain.hookUrl, hmacKey: chain.hmacKey });
  chain.hcp.attachRunTask({
    organization: ORGANIZATION,
    workspace: WORKSPACE,
    task: 'gate',
    stages: ['post_plan'],
    enforcementLevel: 'mandatory',
  });
}

export async function playRun(chain: Chain, play: ScenarioPlay, plan: DemoPlan, timeline: Timeline): Promise<Played> {
  const { github, hcp } = chain;
  const { number, title, branch } = play.pullRequest;
  const repository = `${ORGANIZATION}/${REPOSITORY}`;
  const { sha } = github.createCommit({ repository, branch, message: title, files: { 'main.tf': `# ${title}\n` } });
  github.createPullRequest({ repository, number, headSha: sha, headRef: branch, title });
  const url = `${github.url}/${repository}`;

  timeline.begin(play.title);
  timeline.mark('posted', `HCP Terraform planned ${WORKSPACE} (${plan.source}) and posts the run task`);
  const before = github.runs.length;
  const run = await hcp.startRun({
    organization: ORGANIZATION,
    workspace: WORKSPACE,
    plan: await readFile(plan.planPath),
    speculative: true,
    message: title,
    stages: ['post_plan'],
    vcs: {
      commitHash: sha,
      commitUrl: `${url}/commit/${sha}`,
      pullRequestUrl: `${url}/pull/${number}`,
      branch: 'main',
      repositoryUrl: url,
    },
  });
  const stopFollowing = followJob(chain, before, timeline);
  const result = await run.stage('post_plan');
  await github.idle();
  stopFollowing();
  const workflowRun = github.runs[before];
  if (workflowRun === undefined) throw new Error(`no workflow run was started for "${play.title}"; the relay's log says why`);
  const comment = github.comments(repository, number).at(-1) ?? null;
  return { play, result, comment, workflowRun };
}

/** The relay's own log is the timeline's source: what the demo shows is what an operator would see. */
export function timelineFromRelay(timeline: Timeline): (event: string, fields: LogFields) => void {
  return (event, fields) => {
    const step = RELAY_EVENTS[event];
    if (step === undefined) return;
    timeline.mark(step[0], step[1](fields));
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

/** What the job's log says of the checks and the comment, line by line while the job runs. @returns ends it */
function followJob(chain: Chain, index: number, timeline: Timeline): () => void {
  let read = 0;
  const look = (): void => {
    const log = chain.github.runs[index]?.jobs[0]?.log ?? '';
    const end = log.lastIndexOf('\n') + 1;
    const lines = log.slice(read, Math.max(end, read)).split('\n');
    read = Math.max(end, read);
    for (const line of lines) {
      // The first is enough: the log of a job that ends within a second comes in one piece, and would tell the others too late.
      const check = /Check 1 of (\d+): /.exec(line);
      if (check !== null) timeline.mark('checks', `action: running the ${check[1]} checks of the gate repository`);
      const comment = /Comment (created|updated|unchanged): (\S+)/.exec(line);
      if (comment !== null) timeline.mark('comment', `action: comment ${comment[1]}, ${comment[2]}`);
    }
  };
  // The emulator keeps the log and does not push it; a twentieth of a second is live enough for eyes.
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
  };
}
