// A run's facts for tests that need one and do not care which.
import type { RunFacts } from '../../src/contracts/run-facts.ts';

export const buildRun = (changes: Partial<RunFacts> = {}): RunFacts => ({
  stage: 'post_plan',
  enforcement: 'mandatory',
  organization: 'acme',
  workspace: 'net-prod',
  workspace_id: 'ws-1',
  workspace_url: null,
  workspace_working_directory: '',
  run_id: 'run-1',
  run_url: 'https://app.terraform.io/app/acme/workspaces/net-prod/runs/run-1',
  run_created_at: '2026-11-22T10:00:00Z',
  run_created_by: null,
  run_message: '',
  speculative: false,
  task_result_id: 'taskrs-1',
  configuration_version_id: null,
  has_plan: true,
  has_configuration: false,
  outcomes: true,
  vcs: { branch: null, commit_hash: null, commit_url: null, pull_request_url: null, repository_url: null },
  ...changes,
});
