// What is there, as plain data without ids and times: two worlds that are alike are equal. Taken from the emulators, not from the tool.
import { ORGANIZATION, REPOSITORY, type MatrixWorld } from './matrix-world.ts';

export interface WorldFacts {
  readonly tasks: readonly object[];
  readonly attachments: readonly object[];
  readonly files: Readonly<Record<string, string>>;
  readonly branches: readonly string[];
  readonly openPulls: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Opened with the repository's own key. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

export function factsOf({ hcp, github }: MatrixWorld): WorldFacts {
  const repository = github.getRepository(REPOSITORY);
  const head = repository.branches.get(repository.defaultBranch) ?? '';
  const files = repository.commits.get(head)?.files ?? new Map();
  return {
    // A task configuration cannot be deleted: switched off is as good as none.
    tasks: hcp.tasks(ORGANIZATION).map(({ id: _id, global, ...task }) => ({ ...task, global: global?.enabled ? global : null })),
    attachments: hcp.attachments(ORGANIZATION).map(({ id: _id, ...attachment }) => attachment),
    files: Object.fromEntries([...files].map(([path, content]) => [path, Buffer.from(content as Uint8Array).toString('utf8')])),
    branches: [...repository.branches.keys()],
    openPulls: [...repository.pulls.values()].filter(({ state }) => state === 'open').length,
    variables: Object.fromEntries([...repository.variables.values()].map(({ name, value }) => [name, value])),
    secrets: Object.fromEntries([...repository.secrets.values()].map(({ name, value }) => [name, value])),
  };
}
