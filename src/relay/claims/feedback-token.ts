// A token for comments and statuses in the pull request's repository, when the workflow runs in another one (a gate repository)
// and the operator listed it. Down-scoped to that repository; never a reason to refuse a claim.
import { fetchRepository, readRepositoryUrl, splitName } from '../../github/repository.ts';
import type { ClaimResponse } from '../../contracts/relay-api.ts';
import type { RelayContext } from '../context.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import { isFinal, type Task } from '../life/task.ts';
import { logFields } from '../task-log.ts';

/** The job waits for the answer to its claim; a comment is not worth more. */
const LONGEST_WAIT_MS = 5000;

export async function feedbackToken(task: Task, relay: RelayContext): Promise<ClaimResponse['feedback_token']> {
  const vcs = task.facts?.vcs;
  const url = vcs?.pull_request_url ?? vcs?.repository_url ?? null;
  // A personal token cannot be down-scoped: handing it out would hand out everything it may do.
  if (url === null || task.binding === null || relay.identity.kind !== 'app' || (isFinal(task) && task.claim === null)) return null;
  const wanted = readRepositoryUrl(url, relay.config.github.webUrl);
  if (wanted === null) return null;
  const fullName = `${wanted.owner}/${wanted.name}`;
  if (fullName.toLowerCase() === task.binding.repository.toLowerCase()) return null;
  const allowed = relay.config.tasks[task.key.task]?.feedback_repositories ?? [];
  const lower = allowed.map((pattern) => pattern.toLowerCase());
  if (!matchesAnyGlob(lower, fullName.toLowerCase())) return null;

  const github = relay.github(LONGEST_WAIT_MS);
  const repository = await fetchRepository(relay.identity, splitName(fullName), github);
  const token = repository.ok ? await relay.identity.token('feedback', repository.value, github) : repository;
  if (token.ok) {
    relay.log.learnFor(task.id, token.value);
    return { token: token.value, repository: fullName };
  }
  relay.log.warn('no token for comments', {
    ...logFields(task),
    repository: fullName,
    reason: token.error.reason,
    detail: token.error.detail,
  });
  return null;
}
