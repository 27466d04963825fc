// The job that we run in, from the runner's environment; nothing else in the action reads GITHUB_* or RUNNER_*.
//
// Source: docs.github.com, "Variables reference" (read 2026-11-22).
import { join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { Environment } from './inputs.ts';

export interface Job {
  readonly eventName: string;
  readonly eventPath: string;
  readonly owner: string;
  readonly repository: string;
  readonly repositoryId: string;
  readonly runId: string;
  readonly runAttempt: string;
  /** https://github.com, or that of a GitHub Enterprise Server. */
  readonly serverUrl: string;
  /** https://api.github.com, or https://HOST/api/v3. */
  readonly apiUrl: string;
  /** The page of this run and attempt. */
  readonly url: string;
  readonly workspace: string;
  /** A folder that the runner empties after the job. */
  readonly tempFolder: string;
}

export function readJob(env: Environment): Result<Job, string> {
  const missing: string[] = [];
  const get = (name: string): string => {
    const value = env[name] ?? '';
    if (value === '') missing.push(name);
    return value;
  };
  const [owner = '', repository = ''] = get('GITHUB_REPOSITORY').split('/');
  const job = {
    eventName: get('GITHUB_EVENT_NAME'),
    eventPath: get('GITHUB_EVENT_PATH'),
    owner,
    repository,
    repositoryId: get('GITHUB_REPOSITORY_ID'),
    runId: get('GITHUB_RUN_ID'),
    runAttempt: get('GITHUB_RUN_ATTEMPT'),
    serverUrl: get('GITHUB_SERVER_URL').replace(/\/+$/, ''),
    apiUrl: get('GITHUB_API_URL').replace(/\/+$/, ''),
    workspace: get('GITHUB_WORKSPACE'),
    tempFolder: get('RUNNER_TEMP'),
  };
  if (missing.length > 0) return err(`not inside a GitHub Actions job: ${missing.join(', ')} not set`);
  const url = `${job.serverUrl}/${owner}/${repository}/actions/runs/${job.runId}/attempts/${job.runAttempt}`;
  return ok({ ...job, url });
}

/** Our own folder of this use; made by the caller with mode 0700. */
export const workFolder = (job: Job, use: string): string => join(job.tempFolder, `runtask-${use}`);
