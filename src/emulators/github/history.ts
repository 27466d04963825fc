// What lies between two commits: who descends from whom, and which files a branch changed. Pure.
import type { Commit, FileContent, Repository } from './model.ts';

/** A commit and all it stands on, nearest first. */
export function ancestors(repository: Repository, sha: string): Set<string> {
  const found = new Set<string>();
  // A Set keeps its order while it grows: this walks in breadth.
  for (const next of found.add(sha)) for (const parent of repository.commits.get(next)?.parents ?? []) found.add(parent);
  return found;
}

/** Commits that `head` has and `base` has not: none means that there is nothing to merge. */
export const ahead = (repository: Repository, base: string, head: string): string[] => {
  const known = ancestors(repository, base);
  return [...ancestors(repository, head)].filter((sha) => !known.has(sha));
};

export interface Changes {
  /** null: deleted. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  /** Paths that the base branch has changed too since they parted, and differently. */
  readonly conflicts: readonly string[];
}

/** What `headSha` changes since it left `baseRef`: what a merge brings, and nothing else that happens to differ. */
export function changes(repository: Repository, baseRef: string, headSha: string): Changes {
  const baseSha = repository.branches.get(baseRef) ?? '';
  const onBase = ancestors(repository, baseSha);
  const parted = [...ancestors(repository, headSha)].find((sha) => onBase.has(sha));
  const before = filesOf(repository.commits.get(parted ?? ''));
  const head = filesOf(repository.commits.get(headSha));
  const base = filesOf(repository.commits.get(baseSha));
  const paths = [...new Set([...before.keys(), ...head.keys()])].filter((path) => !sameContent(before.get(path), head.get(path)));
  return {
    files: Object.fromEntries(paths.map((path) => [path, head.get(path) ?? null])),
    conflicts: paths.filter((path) => !sameContent(base.get(path), before.get(path)) && !sameContent(base.get(path), head.get(path))),
  };
}

/** Both absent, or byte for byte the same. */
export const sameContent = (a: FileContent | undefined, b: FileContent | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.from(a).equals(Buffer.from(b));

const filesOf = (commit: Commit | undefined): ReadonlyMap<string, FileContent> => commit?.files ?? new Map<string, FileContent>();
