// The kind `run`: any program judges, by its exit code or by a report. Starting it is run-tool.ts, what its end means judge.ts.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createRedactor, type Redactor } from '../../base/redact.ts';
import type { RunSpec } from '../../contracts/check-kinds.ts';
import type { CheckTask, FindingDraft, Kind, KindContext, KindOutcome } from '../kind.ts';
import { createReportContext } from '../reports/context.ts';
import { remainsAfter } from '../reports/looked.ts';
import { MAX_REPORT_BYTES } from '../reports/open-report.ts';
import { allowedSecrets, createChildEnv } from './child-env.ts';
import { fillCommand, placeholdersIn, type Placeholder } from './command.ts';
import { judgeToolEnd } from './judge.ts';
import { readReportFile, stampReport } from './report-file.ts';
import { runTool } from './run-tool.ts';

/** Of each stream. It may be a report, and those are read up to this length. */
const MAX_OUTPUT_BYTES = MAX_REPORT_BYTES;

export const run: Kind<RunSpec> = {
  name: 'run',
  needsPlan: (spec) => placeholdersIn(spec.command).has('TF_PLAN_JSON'),
  open(context) {
    const folder = createOwnFolder(context);
    return {
      run: (task) => runOne(task, folder, context),
      close: () => folder.remove(),
    };
  },
};

async function runOne(task: CheckTask<RunSpec>, folder: OwnFolder, context: KindContext): Promise<KindOutcome> {
  const { check, spec, baseDir, isExcepted, signal } = task;
  const named = placeholdersIn(spec.command);
  if (named.has('TF_CONFIGURATION') && context.configurationDir === null)
    return errored('Needs the configuration ($TF_CONFIGURATION), and this run offers none');
  const isFolder = await stat(baseDir).then((found) => found.isDirectory(), isMissing);
  if (!isFolder) return errored(`The working directory ${baseDir} does not exist. Check out the repository before this step`);

  const redactor = createRedactor();
  for (const secret of allowedSecrets(context.env, spec.env)) redactor.add(secret);
  const explain = (subject: string, saw: string): void => task.explain?.(subject, redactor.redact(saw));
  const values: Partial<Record<Placeholder, string>> = {
    RUN_FACTS_JSON: await folder.runFacts(),
    ...(context.planPath === null ? {} : { TF_PLAN_JSON: context.planPath }),
    ...(context.configurationDir === null ? {} : { TF_CONFIGURATION: context.configurationDir }),
  };
  const argv = fillCommand(spec.command, values);
  explain('command', JSON.stringify(spec.command));
  // A script that reads the environment must not find an empty name there: `scan "$TF_CONFIGURATION"` would then look at nothing, or at
  // the checkout, and pass. A pull request could bring that about with an archive that is refused.
  const nowhere = await folder.nowhere();
  const childValues = { TF_PLAN_JSON: nowhere, TF_CONFIGURATION: nowhere, ...values };
  const before = spec.report === undefined ? null : await stampReport(baseDir, spec.report);
  const end = await runTool(
    { argv, cwd: baseDir, env: createChildEnv(context.env, spec.env, childValues), maxBytes: MAX_OUTPUT_BYTES },
    { clock: context.clock, signal },
  );
  if (end.kind === 'aborted') throw signal.reason;
  const report = spec.report === undefined || end.kind !== 'exited' ? null : await readReportFile(baseDir, spec.report, before);
  const outcome = judgeToolEnd({
    spec,
    program: spec.command[0] ?? '',
    message: check.message,
    hasThreshold: check.fail_on !== undefined,
    isExcepted,
    end,
    report,
    context: createReportContext(check, baseDir, context),
    remains: remainsAfter(context.plan),
    explain,
  });
  return withoutSecrets(outcome, redactor);
}

const errored = (reason: string): KindOutcome => ({ findings: [], reason });

const isMissing = (error: NodeJS.ErrnoException): false => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
  throw error;
};

/** A tool that was given a key may print it. The masker knows the plan's secrets only. */
function withoutSecrets(outcome: KindOutcome, redactor: Redactor): KindOutcome {
  // Once more without colours, which may stand in the midst of one.
  const cleanText = (text: string): string => redactor.redact(stripVTControlCharacters(redactor.redact(text)));
  const clean = <T extends string | null | undefined>(text: T): T | string => (typeof text === 'string' ? cleanText(text) : text);
  const cleanDraft = (draft: FindingDraft): FindingDraft => ({
    ...draft,
    message: cleanText(draft.message),
    ruleId: clean(draft.ruleId) ?? null,
    help: clean(draft.help) ?? null,
    file: clean(draft.file) ?? null,
    url: clean(draft.url) ?? null,
  });
  return { findings: outcome.findings.map(cleanDraft), reason: clean(outcome.reason) };
}

interface OwnFolder {
  /** Path of a file with the facts of the run, for tools that decide by workspace or stage. */
  runFacts(): Promise<string>;
  /** Path of something that does not exist. */
  nowhere(): Promise<string>;
  remove(): Promise<void>;
}

function createOwnFolder({ run: facts, env }: KindContext): OwnFolder {
  let made: Promise<string> | null = null;
  const make = async (): Promise<string> => {
    const folder = await mkdtemp(join(env['RUNNER_TEMP'] ?? tmpdir(), 'runtask-checks-'));
    await writeFile(join(folder, 'run.json'), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    return folder;
  };
  return {
    runFacts: async () => join(await (made ??= make()), 'run.json'),
    nowhere: async () => join(await (made ??= make()), 'not-available'),
    remove: async () => {
      if (made !== null) await rm(await made, { recursive: true, force: true });
    },
  };
}
