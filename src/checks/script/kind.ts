// The kind `script`: a module of the repository judges, in a process of its own that can read the plan, its own folder, and nothing else.
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import type { ScriptSpec } from '../../contracts/check-kinds.ts';
import { MAX_FINDINGS } from '../finding-limit.ts';
import type { CheckTask, Kind, KindContext, KindOutcome } from '../kind.ts';
import { judgeScriptEnd, lastLines } from './judge-end.ts';
import { MAX_TEXT } from './messages.ts';
import { toLines } from './plan-lines.ts';
import { createPrivateCopies, type PrivateCopies } from './private-copy.ts';
import { runScriptProcess, type ScriptEnd } from './run-process.ts';

export const script: Kind<ScriptSpec> = {
  name: 'script',
  needsPlan: () => true,
  open(context) {
    const copies = createPrivateCopies(context.env['RUNNER_TEMP']);
    becomeDeaf();
    return {
      run: (task) => runScript(task, copies, context),
      close: () => copies.remove(),
    };
  },
};

/**
 * With SIGUSR1 any process of this user opens a Node process for debugging. guard.ts takes signals from scripts; should one get around
 * that, it finds nothing to open here. For good: a signal whose listener is removed ends the process.
 */
function becomeDeaf(): void {
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
}

const ignore = (): void => {};

async function runScript(task: CheckTask<ScriptSpec>, copies: PrivateCopies, context: KindContext): Promise<KindOutcome> {
  const { check, spec, params, baseDir, explain, signal } = task;
  const { plan, run, env, clock, scriptProgram } = context;
  if (plan === null) return errored('Needs the plan, and there is none');
  if (!hasModuleHooks(process.versions.node))
    return errored(`Scripts need Node 22.15 or a newer one, and this is ${process.versions.node}. The action brings Node 24`);
  const copy = await copies.of(baseDir, spec.file);
  if (!copy.ok) return errored(copy.error);

  const token = randomUUID();
  const briefing = {
    ...copy.value,
    token,
    params,
    run,
    except: check.except ?? [],
    explain: explain !== null,
    maxFindings: MAX_FINDINGS,
    maxText: MAX_TEXT,
  };
  const end = await runScriptProcess(
    { program: scriptProgram, root: copy.value.root, memoryMb: spec.memory_mb, lines: toLines(briefing, plan), env: ownEnv(env) },
    { clock, signal },
  );
  const outcome = judgeScriptEnd(end, { ...copy.value, token, memoryMb: spec.memory_mb, severity: check.severity });
  if (explain !== null) explainEnd(explain, task, end, outcome, plan.changes.length);
  return outcome;
}

const errored = (reason: string): KindOutcome => ({ findings: [], reason });

/** `module.registerHooks` (Node's documentation of `node:module`, read 2026-11). */
export function hasModuleHooks(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}

/**
 * Nothing of the job's environment that a script could use. The time zone is the one of GitHub's runners, so that a rule about Fridays
 * says the same everywhere. Without SYSTEMROOT no program starts on Windows; by RUNNER_TRACKING_ID the runner finds what a job that was
 * ended by force has left behind.
 */
const ownEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const kept = ['SYSTEMROOT', 'RUNNER_TRACKING_ID'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { LANG: 'C.UTF-8', TZ: 'UTC', ...Object.fromEntries(kept) };
};

function explainEnd(
  explain: NonNullable<CheckTask<ScriptSpec>['explain']>,
  { spec }: CheckTask<ScriptSpec>,
  { messages, tail, code }: ScriptEnd,
  { findings, reason }: KindOutcome,
  changes: number,
): void {
  explain(
    spec.file,
    `node ${process.versions.node}, at most ${spec.memory_mb} MB, ${changes} resource changes; exit code ${code ?? 'none'}`,
  );
  for (const line of lastLines(tail)) explain(spec.file, `printed: ${line}`);
  const told = new Map<string, string[]>();
  for (const { address, level, message } of findings) {
    const subject = address ?? spec.file;
    told.set(subject, [...(told.get(subject) ?? []), `${level ?? 'error'}: ${message}`]);
  }
  for (const message of messages) {
    if (!('looked' in message)) continue;
    for (const address of message.looked) if (!told.has(address)) explain(address, 'looked at, nothing said');
    if (message.more > 0) explain(spec.file, `looked at ${message.more} more`);
  }
  for (const [subject, sentences] of told) for (const sentence of sentences) explain(subject, sentence);
  if (reason !== null) explain(spec.file, reason);
}
