// A checkout with policies, a plan, and the kind `rego` run on them with whatever stands on a PATH of the test's own. Real files, real
// processes.
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { rego } from '../../../src/checks/rego/kind.ts';
import type { KindOutcome } from '../../../src/checks/kind.ts';
import { regoSchema } from '../../../src/contracts/check-kinds.ts';
import { checkSchema, type CheckSpec } from '../../../src/contracts/checks-file.ts';
import type { RunFacts } from '../../../src/contracts/run-facts.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { scriptProgramFile } from '../../../src/checks/script/program.ts';
import { aRun } from '../builders.ts';

export const PLAN = join(import.meta.dirname, 'plan.json');

export interface Situation {
  /** Text by path; `{ link }` makes a symbolic link. */
  readonly files: Readonly<Record<string, string | { readonly link: string }>>;
  /** As in a checks file. */
  readonly rego: Readonly<Record<string, unknown>>;
  readonly check?: Partial<CheckSpec>;
  readonly params?: Record<string, unknown>;
  readonly run?: Partial<RunFacts>;
  readonly planPath?: string;
}

export interface Told {
  readonly outcome: KindOutcome;
  /** What `--explain` shows. */
  readonly explained: readonly string[];
  /** What is left in the folder for temporary files. */
  readonly left: readonly string[];
}

export interface Machine {
  /** A folder with executables named opa or conftest. */
  readonly bin: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

export async function runRego(situation: Situation, { bin, env = {}, clock = systemClock, signal }: Machine): Promise<Told> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rego-test-')));
  try {
    const checkout = join(root, 'checkout');
    const temp = join(root, 'temp');
    await mkdir(temp);
    await writeFiles(checkout, situation.files);
    const planPath = situation.planPath ?? PLAN;
    const plan = await readPlan({ path: planPath });
    if (!plan.ok) throw new Error(`the plan of the test cannot be read: ${JSON.stringify(plan.error)}`);
    const opened = rego.open({
      run: aRun(situation.run),
      plan: plan.value,
      planPath,
      configurationDir: null,
      workspaceDir: checkout,
      jobStartedAt: null,
      env: { PATH: [bin, dirname(process.execPath)].join(delimiter), RUNNER_TEMP: temp, ...env },
      clock,
      startWorker: () => {
        throw new Error('not for this kind');
      },
      scriptProgram: scriptProgramFile(),
    });
    const explained: string[] = [];
    const outcome = await opened.run({
      check: { ...checkSchema.parse({ name: 'policies', rego: situation.rego }), ...situation.check },
      spec: regoSchema.parse(situation.rego),
      params: situation.params ?? {},
      baseDir: checkout,
      isExcepted: () => false,
      explain: (subject, saw) => explained.push(`${subject}: ${saw}`),
      signal: signal ?? AbortSignal.timeout(60_000),
    });
    await opened.close();
    return { outcome, explained, left: await readdir(temp) };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, files: Situation['files']): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await (typeof content === 'string' ? writeFile(file, content) : symlink(content.link, file));
  }
}

/** A folder for a PATH, with programs written in JavaScript (CommonJS). */
export async function makeBin(programs: Readonly<Record<string, string>>): Promise<{ bin: string; remove(): Promise<void> }> {
  const bin = await mkdtemp(join(tmpdir(), 'rego-bin-'));
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!${process.execPath}\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return { bin, remove: () => rm(bin, { recursive: true, force: true }) };
}
