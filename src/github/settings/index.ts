// GitHub's settings of a repository that a run task needs: the workflow file, variables, secrets, and the rules of the default branch.
// One instance lives as long as one command: what it has read it does not read again.
import { readActionsPolicy, readFacts, readRules, type ActionsPolicy, type RepositoryFacts } from './facts.ts';
import {
  createBranch,
  deleteBranch,
  forgetFile,
  readBranchHead,
  readFile,
  removeFile,
  writeFile,
  type FileChange,
  type RepositoryFile,
} from './files.ts';
import { createLinks, type Caller, type SettingsOptions } from './link.ts';
import { changePull, closePull, createPull, readOpenPull, readOpenPullAgain, type NewPull, type Pull } from './pulls.ts';
import { deleteSecret, readSecretTime, writeSecret } from './secrets.ts';
import { deleteVariable, readVariable, writeVariable } from './variables.ts';

export { SettingsFault, type SettingsReason } from './fault.ts';
export type { ActionsPolicy, RepositoryFacts } from './facts.ts';
export type { RepositoryFile } from './files.ts';
export type { Caller, SettingsOptions } from './link.ts';
export type { Pull } from './pulls.ts';

export interface GithubSettings {
  /** @param name  `owner/repo` */
  repository(name: string, caller: Caller): RepositorySettings;
}

/** All of it throws SettingsFault, or the reason of the caller's signal. */
export interface RepositorySettings {
  facts(): Promise<RepositoryFacts>;
  /** Types of the rules in force on the branch; null: GitHub does not say. */
  rules(branch: string): Promise<readonly string[] | null>;
  /** null: the token may not see it. */
  actionsPolicy(): Promise<ActionsPolicy | null>;

  readFile(path: string, branch: string): Promise<RepositoryFile | null>;
  writeFile(change: FileChange): Promise<RepositoryFile>;
  removeFile(change: Omit<FileChange, 'text' | 'replaces'> & { readonly sha: string }): Promise<void>;
  forgetFile(path: string, branch: string): void;

  /** The commit that it is at now; null: there is no such branch. */
  branchHead(branch: string): Promise<string | null>;
  createBranch(branch: string, sha: string): Promise<void>;
  deleteBranch(branch: string): Promise<void>;

  /** From that branch of the repository itself. */
  openPull(branch: string): Promise<Pull | null>;
  /** As it is now, not as it was read. */
  openPullAgain(branch: string): Promise<Pull | null>;
  createPull(pull: NewPull): Promise<Pull>;
  changePull(branch: string, pull: Pull, to: { readonly title: string; readonly body: string }): Promise<Pull>;
  closePull(branch: string, pull: Pull): Promise<void>;

  variable(name: string): Promise<string | null>;
  writeVariable(name: string, value: string): Promise<void>;
  deleteVariable(name: string): Promise<void>;

  /** When it was set; null: there is none. */
  secretTime(name: string): Promise<string | null>;
  writeSecret(name: string, value: string): Promise<string>;
  deleteSecret(name: string): Promise<void>;
}

export function createGithubSettings(options: SettingsOptions): GithubSettings {
  const links = createLinks(options);
  return {
    repository(name, caller) {
      const link = links(name, caller);
      // Before anything else is asked of it: is it there, and is it still called so?
      const known = async <T>(then: () => Promise<T>): Promise<T> => {
        await readFacts(link);
        return then();
      };
      return {
        facts: () => readFacts(link),
        rules: (branch) => known(() => readRules(link, branch)),
        actionsPolicy: () => known(() => readActionsPolicy(link)),
        readFile: (path, branch) => known(() => readFile(link, path, branch)),
        writeFile: (change) => known(() => writeFile(link, change)),
        removeFile: (change) => known(() => removeFile(link, change)),
        forgetFile: (path, branch) => forgetFile(link, path, branch),
        branchHead: (branch) => known(() => readBranchHead(link, branch)),
        createBranch: (branch, sha) => known(() => createBranch(link, branch, sha)),
        deleteBranch: (branch) => known(() => deleteBranch(link, branch)),
        openPull: (branch) => known(() => readOpenPull(link, branch)),
        openPullAgain: (branch) => known(() => readOpenPullAgain(link, branch)),
        createPull: (pull) => known(() => createPull(link, pull)),
        changePull: (branch, pull, to) => known(() => changePull(link, branch, pull, to)),
        closePull: (branch, pull) => known(() => closePull(link, branch, pull)),
        variable: (variable) => known(() => readVariable(link, variable)),
        writeVariable: (variable, value) => known(() => writeVariable(link, variable, value)),
        deleteVariable: (variable) => known(() => deleteVariable(link, variable)),
        secretTime: (secret) => known(() => readSecretTime(link, secret)),
        writeSecret: (secret, value) => known(() => writeSecret(link, secret, value)),
        deleteSecret: (secret) => known(() => deleteSecret(link, secret)),
      };
    },
  };
}
