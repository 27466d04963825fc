// Where the workflow of a repository stands: on its default branch, and maybe in a pull request of ours that brings another text or takes
// it away. Brings it there and takes it away; what is in the way (rules, permissions) is told by github/settings/.
import {
  SettingsFault,
  type Pull,
  type RepositoryFile,
  type RepositorySettings,
  type SettingsReason,
} from '../../../github/settings/index.ts';
import { proposalOf, type Proposal } from './proposal.ts';

export const EMPTY_REMEDY = 'Make the first commit, or set `via: commit`';

export interface Place {
  readonly settings: RepositorySettings;
  readonly path: string;
  readonly via: string;
}

/** What is there. */
export interface Standing {
  readonly branch: string;
  /** On the default branch; null: no file. */
  readonly file: RepositoryFile | null;
  /** Open and ours; null: none. */
  readonly pull: Pull | null;
  /** What the pull request leaves; null without one, or when it takes the file away. */
  readonly proposed: RepositoryFile | null;
}

/** Without `via: pull_request` a token needs no right to pull requests, and where it has none there is none of ours. */
export async function readStanding({ settings, path, via }: Place): Promise<Standing> {
  const { defaultBranch } = await settings.facts();
  const file = await settings.readFile(path, defaultBranch);
  const ours = proposalOf(path).branch;
  const pull = via === 'commit' ? await unlessRefused(settings.openPull(ours)) : await settings.openPull(ours);
  return { branch: defaultBranch, file, pull, proposed: pull === null ? null : await settings.readFile(path, ours) };
}

async function unlessRefused<T>(asked: Promise<T>, ...reasons: readonly SettingsReason[]): Promise<T | null> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof SettingsFault && ['permission', ...reasons].includes(thrown.reason)) return null;
    throw thrown;
  }
}

/** Where a text has got to. */
export interface Brought {
  readonly pull: Pull | null;
  readonly inEffect: boolean;
}

/** Makes `text` the workflow, or asks for it in the one pull request. Done already, or half done: what is left is done. */
export async function bringWorkflow(place: Place, text: string): Promise<Brought> {
  const { settings, path, via } = place;
  const { branch, file } = await readStanding(place);
  const proposal = proposalOf(path);
  if (file?.text === text) {
    await retire(settings, proposal);
    return { pull: null, inEffect: true };
  }
  if (via === 'commit') {
    await settings.writeFile({
      path,
      branch,
      text,
      message: file === null ? proposal.add.title : proposal.change.title,
      replaces: file?.sha ?? null,
    });
    await retire(settings, proposal);
    return { pull: null, inEffect: true };
  }
  return propose(place, branch, file === null ? proposal.add : proposal.change, proposal, text);
}

/** @returns the pull request that waits to be merged; null: the file is gone */
export async function takeWorkflowAway(place: Place): Promise<Pull | null> {
  const { settings, path, via } = place;
  const { branch, file } = await readStanding(place);
  const proposal = proposalOf(path);
  if (file !== null && via !== 'commit') return (await propose(place, branch, proposal.remove, proposal, null)).pull;
  if (file !== null) await settings.removeFile({ path, branch, message: proposal.remove.title, sha: file.sha });
  await retire(settings, proposal);
  return null;
}

/** @param text  null: the file goes. @throws SettingsFault */
async function propose(...args: Parameters<typeof proposeNow>): Promise<Brought> {
  try {
    return await proposeNow(...args);
  } catch (thrown) {
    // GitHub's words for a branch that came or went in between.
    const isBranch = thrown instanceof SettingsFault && /reference already exists|branch \S+ not found/i.test(thrown.detail);
    if (!isBranch) throw thrown;
    const summary = `The branch ${args[3].branch} was changed by somebody else while this ran`;
    throw new SettingsFault('conflict', summary, 'Another apply, perhaps? Apply again when it has ended', { cause: thrown });
  }
}

async function proposeNow(
  { settings, path }: Place,
  base: string,
  words: { readonly title: string; readonly body: string },
  { branch }: Proposal,
  text: string | null,
): Promise<Brought> {
  // Somebody may have merged or closed it since it was read.
  const open = await settings.openPullAgain(branch);
  if (open === null) await beginBranch(settings, base, branch);
  settings.forgetFile(path, branch);
  const there = await settings.readFile(path, branch);
  if (text !== null && there?.text !== text)
    await settings.writeFile({ path, branch, text, message: words.title, replaces: there?.sha ?? null });
  else if (text === null && there !== null) await settings.removeFile({ path, branch, message: words.title, sha: there.sha });
  else if (open === null) {
    // The default branch has it already: there is nothing to ask for.
    await settings.deleteBranch(branch);
    settings.forgetFile(path, base);
    return { pull: null, inEffect: true };
  }
  const pull = open === null ? await settings.createPull({ branch, base, ...words }) : await settings.changePull(branch, open, words);
  return { pull, inEffect: false };
}

/** From where the default branch is now. One that is left over is of an earlier pull request, or of an apply that did not come to one. */
async function beginBranch(settings: RepositorySettings, base: string, branch: string): Promise<void> {
  const head = await settings.branchHead(base);
  const left = await settings.branchHead(branch);
  if (left !== null) await settings.deleteBranch(branch);
  if (head === null)
    throw new SettingsFault('conflict', 'The repository has no commits, so there is nothing to open a pull request against', EMPTY_REMEDY);
  await settings.createBranch(branch, head);
}

/** Nothing is to be asked for any more. */
async function retire(settings: RepositorySettings, { branch }: Proposal): Promise<void> {
  if ((await unlessRefused(settings.openPull(branch))) === null) return;
  // The branch first, which closes the pull request: were that one closed and the line cut, nobody would look for the branch again.
  await unlessRefused(settings.deleteBranch(branch), 'rules', 'refused');
  const pull = await settings.openPullAgain(branch);
  if (pull !== null) await settings.closePull(branch, pull);
}
