// `actions/checkout` of the workflow's own repository: its files at a commit, written into the workspace. There is no git here.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JobPlan } from './contexts.ts';

// Named so that a workflow that relies on what is not played fails by name.
const WITHOUT_EFFECT = new Set(['persist-credentials', 'fetch-depth', 'clean', 'token', 'submodules', 'show-progress', 'fetch-tags']);

/** @throws with a sentence for the log */
export async function checkOut(plan: JobPlan, workspace: string, inputs: Readonly<Record<string, string>>): Promise<void> {
  const { path = '.', ref = '', repository = plan.run.repository.fullName, ...others } = inputs;
  const unknown = Object.keys(others).filter((name) => !WITHOUT_EFFECT.has(name));
  if (unknown.length > 0) throw new Error(`The emulated actions/checkout does not know the input(s) ${unknown.join(', ')}`);
  if (repository.toLowerCase() !== plan.run.repository.fullName.toLowerCase())
    throw new Error(`The emulated actions/checkout checks out its own repository only, not ${repository}`);
  const { branches, commits } = plan.run.repository;
  const sha = ref === '' ? plan.run.headSha : (branches.get(ref.replace(/^refs\/heads\//, '')) ?? ref);
  const commit = commits.get(sha);
  if (commit === undefined) throw new Error(`A branch or tag with the name '${ref}' could not be found`);
  for (const [name, content] of commit.files) {
    const target = join(workspace, path, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
