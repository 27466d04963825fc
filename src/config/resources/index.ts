// The kinds of objects that the config tool manages. In the order in which they are made where nothing else says so; they are deleted in
// the reverse: what posts run tasks comes after what answers them, and goes before it.
import { organizationRunTask } from './organization-run-task.ts';
import { repositorySecret } from './repository-secret.ts';
import { repositoryVariable } from './repository-variable.ts';
import { repositoryWorkflow } from './repository-workflow.ts';
import { workspaceRunTask } from './workspace-run-task.ts';
import { workspaces } from './workspaces.ts';

export const RESOURCES = {
  repository_variable: repositoryVariable,
  repository_secret: repositorySecret,
  repository_workflow: repositoryWorkflow,
  organization_run_task: organizationRunTask,
  workspace_run_task: workspaceRunTask,
} as const;

/** What is only read. The YAML file has selectors instead; Terraform's driver has this. */
export const DATA_SOURCES = { workspaces } as const;
