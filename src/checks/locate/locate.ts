// From an address of the plan to the file and line of its block in the configuration of the run.
//
// Local modules are followed as the plan says they are called. What a registry or git module holds is not in the configuration: there
// the line of the nearest call is told. Nothing found is no line; this never throws and never holds the checks up.
import { realpathSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Plan, ResourceChange } from '../../plan/model.ts';
import { indexFolder, type FolderIndex, type Place } from './folder-index.ts';
import { moduleNames } from './module-names.ts';
import { readFolder, type ReadBudget } from './read-folder.ts';

/** @param attribute  top-level attribute or block; null, or not written there: the line of the resource's own block */
export type Locate = (address: string, attribute: string | null) => Place | null;

export interface LocateInput {
  /** null: the run has none. */
  readonly configurationDir: string | null;
  /** Of the root module, in the configuration. Empty: its root. */
  readonly workingDirectory: string;
  readonly plan: Plan | null;
  readonly clock: Pick<Clock, 'now'>;
}

// A line is a kindness: it may cost what nobody notices beside the checks themselves.
const MAX_BYTES = 32 * 1024 ** 2;
const MAX_TIME_MS = 3000;

const KEYWORDS: Readonly<Record<string, string>> = { managed: 'resource', data: 'data', ephemeral: 'ephemeral' };

/** Reads nothing until it is asked. */
export function createLocate({ configurationDir, workingDirectory, plan, clock }: LocateInput): Locate {
  const rootFolder = insideOrNull(posix.normalize(workingDirectory.replaceAll('\\', '/').replace(/^\/+/, '') || '.'));
  if (configurationDir === null || plan === null || rootFolder === null) return () => null;

  const sources = new Map((plan.configuration?.modules ?? []).map((call) => [call.address, call.source]));
  const folders = new Map<string, FolderIndex>();
  let changes: ReadonlyMap<string, ResourceChange> | null = null;
  let spentMs = 0;
  const budget: ReadBudget = { bytes: MAX_BYTES, goesOn: () => spentMs < MAX_TIME_MS };

  function indexOf(folder: string): FolderIndex {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const startedAt = clock.now();
    const root = realRoot(configurationDir ?? '');
    const index = indexFolder(folder, root === null ? [] : readFolder(root, join(root, folder), budget));
    spentMs += clock.now() - startedAt;
    folders.set(folder, index);
    return index;
  }

  return (address, attribute) => {
    changes ??= new Map([...plan.drift, ...plan.changes].map((change) => [change.address, change]));
    const change = changes.get(address);
    const names = change === undefined ? null : moduleNames(change.module);
    if (change === undefined || names === null) return null;
    let folder = rootFolder;
    let path = '';
    for (const name of names) {
      path = `${path === '' ? '' : `${path}.`}module.${name}`;
      const source = sources.get(path);
      const next = source !== undefined && /^\.\.?\//.test(source) ? insideOrNull(posix.join(folder, source)) : null;
      if (next === null) return indexOf(folder)('module', [name], null);
      folder = next;
    }
    const keyword = Object.hasOwn(KEYWORDS, change.mode) ? KEYWORDS[change.mode] : undefined;
    return keyword === undefined ? null : indexOf(folder)(keyword, [change.type, change.name], attribute);
  };
}

/** null: it leads out of the configuration. */
const insideOrNull = (folder: string): string | null => (folder === '..' || folder.startsWith('../') ? null : folder);

function realRoot(configurationDir: string): string | null {
  try {
    return realpathSync(configurationDir);
  } catch {
    // Gone, or never there: no line, as with every file that cannot be read.
    return null;
  }
}
