// The checks of a checkout on somebody's desk, with everything that they extend. Central checks come with the GitHub token of the
// environment, and stay in a folder of ours: a commit does not change.
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createRepositoryFetcher } from '../action/central-checks.ts';
import { systemClock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { CheckSet } from '../checks/check-set.ts';
import { loadCheckSet } from '../checks/load/load-check-set.ts';
import type { ChecksFileProblem } from '../checks/load/problem.ts';

/** As GitHub's own CLI has it: everything of one person on one machine. */
const folder = (): string => join(tmpdir(), `runtask-central-${userInfo().uid}`);

/** @param file  relative to `directory` */
export function loadLocalChecks(
  directory: string,
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result<CheckSet, ChecksFileProblem>> {
  const fetchRepository = createRepositoryFetcher({
    apiUrl: (env['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, ''),
    token: env['GITHUB_TOKEN'] ?? env['GH_TOKEN'] ?? '',
    folder: folder(),
    fetch,
    clock: systemClock,
    signal: new AbortController().signal,
    log: () => {},
  });
  return loadCheckSet({ workspaceDir: directory, file, fetchRepository, whenMissing: 'Write one, or name it with --checks.' });
}
