// GitHub's JSON for workflow runs and their jobs: `workflow-run`, `job`. Pure.
import type { Account, JobRecord, StepRecord, WorkflowRun } from '../model.ts';
import { toSimpleUser } from './account.ts';
import { toMinimalRepository } from './repository.ts';
import { iso, nodeId } from './text.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function toWorkflowRun(url: string, run: WorkflowRun, owner: Account): Record<string, unknown> {
  const repository = toMinimalRepository(url, run.repository, owner);
  const api = `${url}/api/v3/repos/${run.repository.fullName}/actions`;
  const own = `${api}/runs/${run.id}`;
  const commit = run.repository.commits.get(run.headSha);
  const person = { name: run.actor.login, email: `${run.actor.id}@users.noreply.localhost` };
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflowPath,
    display_title: run.displayTitle,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.id + 1,
    check_suite_node_id: nodeId('CS', run.id + 1),
    url: own,
    html_url: `${url}/${run.repository.fullName}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: iso(run.createdAt),
    updated_at: iso(run.updatedAt),
    run_started_at: iso(run.startedAt),
    actor: toSimpleUser(url, run.actor),
    triggering_actor: toSimpleUser(url, run.actor),
    referenced_workflows: [],
    jobs_url: `${own}/jobs`,
    logs_url: `${own}/logs`,
    check_suite_url: `${url}/api/v3/repos/${run.repository.fullName}/check-suites/${run.id + 1}`,
    artifacts_url: `${own}/artifacts`,
    cancel_url: `${own}/cancel`,
    rerun_url: `${own}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${own}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/workflows/${run.workflowId}`,
    head_commit: {
      id: run.headSha,
      tree_id: run.headSha,
      message: commit?.message ?? '',
      timestamp: iso(commit?.at ?? run.createdAt),
      author: person,
      committer: person,
    },
    repository,
    head_repository: repository,
  };
}

export function toJob(url: string, run: WorkflowRun, job: JobRecord, attempt: number): Record<string, unknown> {
  const repo = `${url}/api/v3/repos/${run.repository.fullName}`;
  return {
    id: job.checkRunId,
    run_id: run.id,
    run_attempt: attempt,
    run_url: `${repo}/actions/runs/${run.id}`,
    node_id: nodeId('CR', job.checkRunId),
    workflow_name: run.name,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    url: `${repo}/actions/jobs/${job.checkRunId}`,
    html_url: `${url}/${run.repository.fullName}/actions/runs/${run.id}/job/${job.checkRunId}`,
    check_run_url: `${repo}/check-runs/${job.checkRunId}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: iso(run.createdAt),
    started_at: iso(job.startedAt ?? run.createdAt),
    completed_at: isoOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map(toStep),
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'emulated',
    runner_group_id: 1,
    runner_group_name: 'Default',
  };
}

const toStep = (step: StepRecord): Record<string, unknown> => ({
  name: step.name,
  number: step.number,
  status: step.status,
  conclusion: step.conclusion,
  started_at: isoOrNull(step.startedAt),
  completed_at: isoOrNull(step.completedAt),
});
