// The words of the pull request that brings, changes or removes a workflow, and the branch by which it is found again. Pure.

interface Words {
  readonly title: string;
  readonly body: string;
}

export interface Proposal {
  /** One for each path, so that it is found again and not made twice. */
  readonly branch: string;
  readonly add: Words;
  readonly change: Words;
  readonly remove: Words;
}

export function proposalOf(path: string): Proposal {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const words = (title: string, ...paragraphs: readonly string[]): Words => ({
    title,
    body: [...paragraphs, OWN(path)].join('\n\n'),
  });
  return {
    branch: `runtask/config/${file}`,
    add: words(
      'Add the workflow for HCP Terraform run tasks',
      `\`${path}\` answers HCP Terraform's run tasks: GitHub starts it for each of them, it checks the plan with the checks of this repository, and sends the verdict.`,
      'Once this is merged, run `runtask config apply` again: what depends on the workflow (run tasks on workspaces) is set up then.',
    ),
    change: words(
      'Change the workflow for HCP Terraform run tasks',
      `\`${path}\` is brought to what the configuration says. Until this is merged, run tasks go on with the workflow as it is.`,
    ),
    remove: words(
      'Remove the workflow for HCP Terraform run tasks',
      `\`${path}\` is no longer in the configuration. Before this is merged, look that no mandatory run task waits for it: nothing would answer.`,
    ),
  };
}

const OWN = (path: string): string =>
  `Made by \`runtask config apply\`, which keeps this pull request up to date and closes it when it is not needed any more. It changes \`${path}\` and nothing else: if you see other files here, do not merge it.`;
