// The files that the globs of a check name. `*` stays within a folder and `**` does not, as everywhere for paths; Node's own globs.
import { glob, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { codeOf } from '../reports/open-report.ts';

/** Of one check. A matrix of scanners writes a dozen; a thousand is a glob that catches something else. */
const MAX_FILES = 200;

/**
 * @returns paths relative to `folder`, each once, in the order of the globs and then by name; or why these are no reports
 * @throws the signal's reason
 */
export async function findFiles(folder: string, globs: readonly string[], signal: AbortSignal): Promise<Result<readonly string[], string>> {
  const files = new Set<string>();
  for (const pattern of globs) {
    const matched: string[] = [];
    for await (const path of glob(pattern, { cwd: folder, exclude: (name) => EXCLUDED.has(lastName(String(name))) })) {
      signal.throwIfAborted();
      if (await isFolder(join(folder, path))) continue;
      matched.push(path);
      if (matched.length > MAX_FILES) return err(`"${pattern}" matches more than ${MAX_FILES} files. Write a narrower one`);
    }
    if (matched.length === 0)
      return err(
        `No file of the workspace matches "${pattern}". Check that a step before this one writes it there, and that it runs also when it finds something`,
      );
    for (const path of matched.sort()) files.add(path);
  }
  if (files.size > MAX_FILES) return err(`The globs match ${files.size} files, more than the ${MAX_FILES} that are read`);
  return ok([...files]);
}

// `**/*.json` means the reports of the job, not what packages and git keep.
const EXCLUDED = new Set(['.git', 'node_modules', '.terraform']);
const lastName = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** Everything else that is no regular file is for the reader to refuse: it was named, so it must not be passed over. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
