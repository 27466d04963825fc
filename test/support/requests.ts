// Builders for the run task request, ours: every field that HCP documents, with invented values.
import type { TaskLabel } from '../../src/contracts/client-payload.ts';
import type { RunTaskRequest } from '../../src/contracts/run-task-request.ts';

export function aRequest(change: Partial<RunTaskRequest> = {}): RunTaskRequest {
  return {
    payload_version: 1,
    stage: 'post_plan',
    access_token: 'aaaaaaaaaaaaaa.atlasv1.0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstu',
    capabilities: { outcomes: true },
    configuration_version_download_url: 'https://app.terraform.io/api/v2/configuration-versions/cv-example/download',
    configuration_version_id: 'cv-example',
    is_speculative: false,
    organization_name: 'acme',
    plan_json_api_url: 'https://app.terraform.io/api/v2/plans/plan-example/json-output',
    run_app_url: 'https://app.terraform.io/app/acme/net-prod/runs/run-example',
    run_created_at: '2026-11-22T09:59:00.000Z',
    run_created_by: 'somebody',
    run_id: 'run-example',
    run_message: 'Make the network larger',
    task_result_callback_url: 'https://app.terraform.io/api/v2/task-results/5ea8d46c-2ceb-42cd-83f2-82e54697bddd/callback',
    task_result_enforcement_level: 'mandatory',
    task_result_id: 'taskrs-example',
    vcs_branch: 'main',
    vcs_commit_hash: '0123456789abcdef0123456789abcdef01234567',
    vcs_commit_url: 'https://github.com/acme/net/commit/0123456789abcdef0123456789abcdef01234567',
    vcs_pull_request_url: 'https://github.com/acme/net/pull/7',
    vcs_repo_url: 'https://github.com/acme/net',
    workspace_app_url: 'https://app.terraform.io/app/acme/net-prod',
    workspace_id: 'ws-example',
    workspace_name: 'net-prod',
    workspace_working_directory: '',
    ...change,
  };
}

export function aTaskLabel(change: Partial<TaskLabel> = {}): TaskLabel {
  return {
    stage: 'post_plan',
    organization: 'acme',
    workspace: 'net-prod',
    run: 'run-example',
    enforcement: 'mandatory',
    speculative: false,
    ...change,
  };
}
