// The blocks of the .tf and .tf.json files of one folder. The folder is untrusted: whoever can open a pull request wrote it.
//
// Nothing outside of the root is read, no device, nothing larger than a person would write; what cannot be read is left out.
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ConfigurationBlock } from './block.ts';
import { scanHcl } from './scan-hcl.ts';
import { scanJson } from './scan-json.ts';

export interface ConfigurationFile {
  /** Of the file, without folder. */
  readonly name: string;
  /** `override.tf`, `x_override.tf.json`: merged into blocks of other files. */
  readonly isOverride: boolean;
  readonly blocks: readonly ConfigurationBlock[];
}

/** Of files that people write; generated ones of several megabytes exist, and finding a line in them is not worth the time. */
const MAX_FILE_BYTES = 1024 ** 2;
const MAX_FILES = 500;

const ASKED_FOR = new Set(['resource', 'data', 'ephemeral', 'module']);

export interface ReadBudget {
  bytes: number;
  /** Is there still time? */
  readonly goesOn: () => boolean;
}

/** @param root  a real path @returns files by name, as Terraform reads them; empty when there is nothing to read. Never throws. */
export function readFolder(root: string, folder: string, budget: ReadBudget): ConfigurationFile[] {
  const files: ConfigurationFile[] = [];
  for (const name of namesOf(root, folder)) {
    if (!budget.goesOn()) break;
    const text = readSmallFile(root, join(folder, name), budget);
    if (text === null) continue;
    const all = name.endsWith('.json') ? scanJson(text) : scanHcl(text);
    // A file of a hundred thousand `locals {}` is valid, and nobody asks for one.
    const blocks = all.filter(({ keyword }) => ASKED_FOR.has(keyword));
    files.push({ name, isOverride: /(^|_)override\.tf(\.json)?$/.test(name), blocks });
  }
  return files;
}

function namesOf(root: string, folder: string): string[] {
  const real = insideReally(root, folder);
  if (real === null) return [];
  const names = attempt(() => readdirSync(real)) ?? [];
  // Terraform leaves out what an editor keeps beside the files.
  const ours = names.filter((name) => /\.tf(\.json)?$/.test(name) && !/^\.|~$|^#/.test(name));
  return ours.sort().slice(0, MAX_FILES);
}

function readSmallFile(root: string, path: string, budget: ReadBudget): string | null {
  const real = insideReally(root, path);
  if (real === null) return null;
  // Not blocking, or a named pipe would hold us; not through a link that was put there meanwhile.
  const handle = attempt(() => openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
  if (handle === null) return null;
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES || stat.size > budget.bytes) return null;
    budget.bytes -= stat.size;
    return attempt(() => readFileSync(handle, 'utf8'));
  } finally {
    closeSync(handle);
  }
}

/** The path behind all links; null: it is not there, or not inside. */
function insideReally(root: string, path: string): string | null {
  const real = attempt(() => realpathSync(path));
  return real !== null && (real === root || real.startsWith(root + sep)) ? real : null;
}

/** A line that is not found is no harm; whatever the disk says is the same to us. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
