// What a step's `uses:` names: an action that the test provides, one in the checked-out repository, or GitHub's checkout.
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { codeOf } from '../thrown.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const manifestSchema = z.looseObject({
  name: z.string(),
  inputs: z.record(z.string(), z.looseObject({ default: scalar.nullish(), required: z.boolean().optional() }).nullable()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  runs: z.strictObject({
    'using': z.enum(['node20', 'node24']),
    'main': z.string(),
    'pre': z.string().optional(),
    'pre-if': z.string().optional(),
    'post': z.string().optional(),
    'post-if': z.string().optional(),
  }),
});

export type Manifest = z.output<typeof manifestSchema>;

export interface Action {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @throws with the runner's sentence when there is no readable action.yml */
export async function readAction(folder: string, uses: string): Promise<Action> {
  for (const name of ['action.yml', 'action.yaml']) {
    const text = await readIfThere(join(folder, name));
    if (text === null) continue;
    const read = manifestSchema.safeParse(parse(text));
    if (read.success) return { folder, manifest: read.data };
    throw new Error(`Unable to load ${uses}: ${read.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  }
  throw new Error(
    `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. Did you forget to run actions/checkout before running your local action?`,
  );
}

/**
 * Copies what a release of the action holds, as the runner downloads it: the manifest, package.json, and the folders of its entry
 * files. Without the neighbours (node_modules, src), a bundle that is not complete fails here too.
 */
export async function downloadAction(source: string, target: string, uses: string): Promise<Action> {
  const { manifest } = await readAction(source, uses);
  const { main, pre, post } = manifest.runs;
  const entries = [main, pre, post].filter((entry) => entry !== undefined).map((entry) => normalize(entry));
  const wanted = new Set(['action.yml', 'action.yaml', 'package.json', ...entries.map((entry) => entry.split('/')[0] ?? entry)]);
  for (const name of wanted) {
    if (!(await exists(join(source, name)))) continue;
    await mkdir(dirname(join(target, name)), { recursive: true });
    await cp(join(source, name), join(target, name), { recursive: true, filter: (path) => !/[/\\](node_modules|\.git)$/.test(path) });
  }
  return { folder: target, manifest };
}

async function readIfThere(path: string): Promise<string | null> {
  return (await exists(path)) ? readFile(path, 'utf8') : null;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}
