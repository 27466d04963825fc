// Names on GitHub, as its resources take them: repositories, and what secrets and variables may be called. And what GitHub refuses,
// as the problem of an attribute.
import { SettingsFault } from '../../github/settings/index.ts';
import type { ResourceContext } from '../engine/resource.ts';
import type { Clients } from './clients.ts';
import { aboutChange, ProblemError, problem, warning, type AttributePath, type Problem } from '../engine/problem.ts';

type Words = Pick<Problem, 'summary' | 'detail'>;

const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

export const isRepository = (text: string): boolean => REPOSITORY.test(text);

export const checkRepository = (repository: string): readonly Words[] =>
  isRepository(repository)
    ? []
    : [
        {
          summary: 'This is no name of a repository',
          detail: `Write owner and name: "acme/terraform-gate". Found: ${JSON.stringify(repository)}`,
        },
      ];

/** docs.github.com, "Secrets" and "Variables", read 2026-11-22. GitHub keeps both in capitals, whatever was sent. */
export function checkSettingName(name: string): readonly Words[] {
  const words = (detail: string): Words[] => [{ summary: 'GitHub does not take this name', detail }];
  if (/^GITHUB_/i.test(name)) return words(`Names that begin with GITHUB_ are its own. Found: ${JSON.stringify(name)}`);
  if (/^[A-Z_][A-Z0-9_]*$/.test(name)) return [];
  if (/^[a-z_][a-z0-9_]*$/i.test(name)) return words(`GitHub writes it in capitals: "${name.toUpperCase()}". Found: "${name}"`);
  return words(`Capital letters, digits and _, no digit first. Found: ${JSON.stringify(name)}`);
}

/** 48 KB (docs.github.com, "Secrets" and "Variables", read 2026-11-22). Says nothing of the value but its size. */
export function checkSettingValue(value: string): readonly Words[] {
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) return [{ summary: 'The value is empty', detail: 'GitHub keeps no empty ones: give it a value, or take it out' }];
  if (bytes <= 48 * 1024) return [];
  return [{ summary: 'The value is too long', detail: `GitHub takes 48 KB, this is ${Math.ceil(bytes / 1024)} KB` }];
}

/** `OWNER/REPO/NAME` */
export function readSettingId(id: string): { readonly repository: string; readonly name: string } | null {
  const at = id.lastIndexOf('/');
  const key = { repository: id.slice(0, at), name: id.slice(at + 1) };
  return at > 0 && isRepository(key.repository) && checkSettingName(key.name).length === 0 ? key : null;
}

export const isArchived = (repository: string): Problem =>
  problem(['repository'], `${repository} is archived, so it cannot be changed`, 'Unarchive it, or take it out of the configuration');

const STAYS = 'It cannot be changed, and none of its workflows runs. What is to go stays there, and is no longer looked after from here';

/** Of what is to go it is no obstacle: nobody could take it out of the configuration otherwise. */
export const isArchivedAndStays = (repository: string): Problem => warning(['repository'], `${repository} is archived`, STAYS);

/** Removes, but in an archive: there it stays, and that is said. */
export async function unlessArchived<T>(
  repository: string,
  context: ResourceContext<Clients>,
  remove: () => Promise<T>,
): Promise<T | undefined> {
  const { archived } = await context.clients.github.repository(repository, context).facts();
  if (!archived) return remove();
  context.warn(`${repository} is archived`, STAYS);
  return undefined;
}

interface OfRepository {
  readonly action: string;
  readonly prior: { readonly repository: string } | null;
  /** undefined: not known yet, and looked at when it is. */
  readonly planned: { readonly repository: string | undefined } | null;
}

/** What cannot be changed because of the repository that it is in. @throws ProblemError */
export async function reviewRepositories(changes: readonly OfRepository[], context: ResourceContext<Clients>): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, { action, prior, planned }] of changes.entries()) {
    const repository = (planned ?? prior)?.repository;
    if (action === 'no-op' || repository === undefined) continue;
    const { archived } = await told({}, () => context.clients.github.repository(repository, context).facts());
    if (archived) problems.push(...aboutChange(index, [action === 'delete' ? isArchivedAndStays(repository) : isArchived(repository)]));
  }
  return problems;
}

/** Runs what talks to GitHub; what GitHub refuses becomes a problem of an attribute. @throws ProblemError */
export async function told<T>(paths: Partial<Readonly<Record<SettingsFault['reason'], AttributePath>>>, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof SettingsFault)) throw thrown;
    throw new ProblemError([problem(paths[thrown.reason] ?? ['repository'], thrown.summary, thrown.detail)], { cause: thrown });
  }
}
