// A job before it starts: its record, its tokens, and the secrets and variables that its environment gives it.
import { randomBytes } from 'node:crypto';
import type { JobRecord, WorkflowRun } from '../model.ts';
import { newInstallationToken } from '../rest/apps.ts';
import type { World } from '../world.ts';
import type { JobPlan } from './contexts.ts';
import { type Contexts, interpolate } from './expressions.ts';
import type { JobLog } from './job-log.ts';
import { type Job, tokenPermissions, type Workflow } from './workflow-file.ts';

/** The id of GitHub's own App for Actions on github.com; only its tokens' prefix shows it. */
const ACTIONS_APP_ID = 15_368;

export type PlannedJob = JobPlan & {
  /** What the job's own `if`, `name` and `environment` may use. */
  readonly contexts: Contexts;
};

/** @throws with the sentence of GitHub when the environment refuses the branch */
export function planJob(
  world: World,
  run: WorkflowRun,
  workflow: Workflow,
  job: Job,
  record: JobRecord,
  needs: readonly JobRecord[],
): PlannedJob {
  const { repository } = run;
  const variables = new Map([...repository.variables.values()].map((v) => [v.name, v.value]));
  const secrets = new Map([...repository.secrets.values()].map((s) => [s.name, s.value]));
  const results = Object.fromEntries(needs.map((n) => [n.key, { result: n.conclusion ?? '', outputs: n.outputs }]));
  const github = {
    event: run.payload,
    event_name: run.event,
    repository: repository.fullName,
    ref: `refs/heads/${run.headBranch}`,
    actor: run.actor.login,
  };
  const contexts = { github, vars: Object.fromEntries(variables), needs: results };

  const named = typeof job.environment === 'object' ? job.environment.name : job.environment;
  const environment = named === undefined ? null : interpolate(named, contexts);
  const settings = environment === null ? undefined : repository.environments.get(environment);
  if (settings?.branches?.includes(run.headBranch) === false)
    throw new Error(`Branch "${run.headBranch}" is not allowed to deploy to ${environment ?? ''} due to environment protection rules.`);
  settings?.secrets.forEach((s) => secrets.set(s.name, s.value));
  settings?.variables.forEach((value, name) => variables.set(name.toUpperCase(), value));

  const permissions = tokenPermissions(job.permissions ?? workflow.permissions);
  const request = {
    url: `${world.url}/_services/token/jobs/${record.checkRunId}/idtoken?api-version=2.0`,
    token: randomBytes(48).toString('base64url'),
  };
  return {
    run,
    record,
    key: record.key,
    job,
    workflow,
    permissions,
    environment,
    secrets,
    variables,
    needs: results,
    token: newInstallationToken(ACTIONS_APP_ID),
    idTokenRequest: permissions.idToken ? request : null,
    contexts,
  };
}

/** @param logOf  the job's log once it has one */
export function newJobRecord(world: World, key: string, logOf: (record: JobRecord) => JobLog | undefined): JobRecord {
  const record: JobRecord = {
    checkRunId: world.nextId(),
    key,
    name: key,
    status: 'queued',
    conclusion: null,
    steps: [],
    get log() {
      return logOf(record)?.masked ?? '';
    },
    get rawLog() {
      return logOf(record)?.raw ?? '';
    },
    summary: [],
    annotations: [],
    outputs: {},
    workspace: '',
    temp: '',
    startedAt: null,
    completedAt: null,
  };
  return record;
}
