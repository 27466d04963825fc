// The kind `rego`: policies of the repository, judged by the `opa` or `conftest` that the job has installed.
import { destroysAll } from '../destroys-all.ts';
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { CheckTask, Kind, KindContext, KindOutcome } from '../kind.ts';
import { createChildEnv } from '../run/child-env.ts';
import { runTool } from '../run/run-tool.ts';
import { createEngines, type Engines } from './engines.ts';
import { findForbidden } from './forbidden.ts';
import { eachOnce, gatherFiles } from './gather.ts';
import { frameOf } from './input.ts';
import { judge } from './judge.ts';
import { toAnswersModule, toQuestions } from './questions.ts';
import { readPolicyText } from './rego-text.ts';
import { tellProblems } from './tell.ts';
import { toFindings } from './to-findings.ts';
import { fillFolder, makeFolder, removeFolder, writeInput } from './work-folder.ts';

/** Per stream. A rule with 50,000 findings has some 10 MB. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export const rego: Kind<RegoSpec> = {
  name: 'rego',
  needsPlan: () => true,
  open(context) {
    const engines = createEngines();
    return { run: (task) => runInFolder(task, context, engines), close: async () => {} };
  },
};

async function runInFolder(task: CheckTask<RegoSpec>, context: KindContext, engines: Engines): Promise<KindOutcome> {
  const folder = await makeFolder(context.env);
  try {
    return await runOne(task, context, engines, folder);
  } finally {
    // At once and not at the end of the run: the plan may be in it, and may have 300 MB.
    await removeFolder(folder);
  }
}

/**
 * 1. which engine is there  2. the policies, and which of their rules are asked  3. a folder with all that the engine may see
 * 4. the engine, in the dialect that the policies compile in  5. what the rules' values mean
 */
async function runOne(task: CheckTask<RegoSpec>, context: KindContext, engines: Engines, folder: string): Promise<KindOutcome> {
  const { spec, baseDir, signal, check, explain } = task;
  const { plan, planPath, run, clock } = context;
  if (plan === null || planPath === null) return errored('Needs the plan, and there is none');
  const env = createChildEnv(context.env, [], { HOME: folder });
  const tools = {
    start: (argv: readonly string[], ofSignal: AbortSignal) =>
      runTool({ argv, cwd: folder, env, maxBytes: MAX_OUTPUT_BYTES }, { clock, signal: ofSignal }),
    clock,
    signal,
  };

  const engine = await engines.find(spec.engine, tools);
  if (!engine.ok) return errored(engine.error);
  const policies = await gatherFiles(baseDir, spec.policy, { endings: ['.rego'], what: 'policies', signal });
  if (!policies.ok) return errored(policies.error);
  const data = await gatherFiles(baseDir, spec.data ?? [], { endings: ['.json', '.yaml', '.yml'], what: 'data', signal });
  if (!data.ok) return errored(data.error);
  const policyFiles = eachOnce(policies.value);
  const texts = policyFiles.map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
  const questions = toQuestions(
    texts.map(({ text }) => readPolicyText(text)),
    spec.namespaces,
  );
  if (!questions.ok) return errored(questions.error);
  const frame = frameOf(spec.input, run, run.destroy ?? destroysAll(plan));
  const forbidden = engine.value.capabilities === null ? findForbidden(texts, spec, frame.schema) : null;
  if (forbidden !== null) return errored(forbidden);
  await fillFolder(folder, {
    policies: policyFiles,
    data: data.value,
    answersModule: toAnswersModule(questions.value),
    runtask: { params: task.params, run },
    schema: frame.schema,
    capabilities: engine.value.capabilities,
  });
  const inputPath = await writeInput(folder, planPath, frame, signal);
  const command = { engine: engine.value, strict: spec.strict, inputPath, dataRoots: spec.data?.length ?? 0 };
  const judged = await judge(spec.rego_version, command, questions.value.length, tools);
  explain?.(engine.value.name, `version ${engine.value.version}; policies: ${policyFiles.length}, read as Rego ${judged.dialect}`);
  if (judged.answers === null) return errored(tellProblems(judged.problems, spec));

  const actions = new Map(plan.changes.map((change) => [change.address, change.action]));
  const { findings, problems, seen } = toFindings(questions.value, judged.answers, {
    severity: check.severity,
    message: check.message,
    actions,
  });
  for (const { subject, saw } of seen) explain?.(subject, saw);
  const reasons = [...problems.slice(0, 5), ...(judged.problems.length > 0 ? [tellProblems(judged.problems, spec)] : [])];
  return { findings, reason: reasons.length === 0 ? null : reasons.join('. ') };
}

const errored = (reason: string): KindOutcome => ({ findings: [], reason });
