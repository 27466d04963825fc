// Runs a script check as run-checks.ts does, on files that a test writes: real copy, real process.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { checkSchema } from '../../../src/contracts/checks-file.ts';
import type { CheckTask, KindContext, KindOutcome } from '../../../src/checks/kind.ts';
import { script } from '../../../src/checks/script/kind.ts';
import { scriptProgramFile } from '../../../src/checks/script/program.ts';
import type { ScriptSpec } from '../../../src/contracts/check-kinds.ts';
import type { Plan } from '../../../src/plan/model.ts';
import { aPlan, aRun } from '../builders.ts';

export interface ScriptRun {
  /** Path to text. The script is `.runtask/check.ts` unless `file` says otherwise. */
  readonly files: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly plan?: Plan;
  readonly params?: CheckTask<ScriptSpec>['params'];
  readonly memoryMb?: number;
  readonly except?: readonly string[];
  readonly signal?: AbortSignal;
  readonly explain?: CheckTask<ScriptSpec>['explain'];
  readonly context?: Partial<KindContext>;
  /** Called with the checkout before the script runs. */
  readonly prepare?: (checkout: string) => void;
}

/** The usual case: what the author's function does, given everything that it gets. */
export const judging = (body: string, before = ''): Readonly<Record<string, string>> => ({
  '.runtask/check.ts': `import { check, UnknownValue } from 'runtask-action/check';\n${before}\nexport default check(async ({ plan, run, params, fail, warn, note, each }) => {\n${body}\n});\n`,
});

export async function runScript(given: ScriptRun): Promise<KindOutcome> {
  const checkout = realpathSync(mkdtempSync(join(tmpdir(), 'runtask-checkout-')));
  const context: KindContext = {
    run: aRun(),
    plan: given.plan ?? aPlan(),
    planPath: null,
    configurationDir: null,
    workspaceDir: checkout,
    jobStartedAt: null,
    env: {},
    clock: systemClock,
    startWorker: () => {
      throw new Error('no thread is asked for here');
    },
    scriptProgram: scriptProgramFile(),
    ...given.context,
  };
  const opened = script.open(context);
  try {
    for (const [path, text] of Object.entries(given.files)) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    }
    given.prepare?.(checkout);
    const file = given.file ?? '.runtask/check.ts';
    const check = checkSchema.parse({
      name: 'a script',
      script: { file, ...(given.memoryMb === undefined ? {} : { memory_mb: given.memoryMb }) },
      ...(given.except === undefined ? {} : { except: given.except }),
    });
    const spec = check.script;
    if (spec === undefined) throw new Error('not a script');
    return await opened.run({
      check,
      spec,
      params: given.params ?? {},
      baseDir: checkout,
      isExcepted: () => false,
      explain: given.explain ?? null,
      signal: given.signal ?? AbortSignal.timeout(20_000),
    });
  } finally {
    await opened.close();
    rmSync(checkout, { recursive: true, force: true });
  }
}
