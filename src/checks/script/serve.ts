// The inside of a script's process: takes plan and briefing from standard input, runs the author's module, and says on descriptor 3 what
// came of it (messages.ts). Without its last message the check has errored, so nothing here needs to be careful about crashing.
//
// The author's code runs in this same process and could write that message itself. That gives it nothing: it is the judge, and saying
// nothing at all would do. The token keeps accidents apart from ends: an early process.exit(0), or text printed to a wrong descriptor.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { UnknownValue, type Check } from './api.ts';
import { describeAuthorError } from './author-error.ts';
import { refuseWhatNodeAllows } from './guard.ts';
import { importModule } from './import-module.ts';
import { hookModules } from './load-hooks.ts';
import type { ScriptMessage } from './messages.ts';
import { createPlanReceiver, type Briefing, type PlanReceiver } from './plan-lines.ts';
import { toPlanView } from './plan-view.ts';
import { createReporter, type Reporter } from './reporter.ts';

const CHANNEL = 3;
const MAX_LOOKED = 1000;
const NEWLINE = 10;

export async function serveScript(): Promise<void> {
  const { briefing, plan: raw } = await receivePlan(process.stdin);
  const looked = briefing.explain ? new Set<string>() : null;
  const plan = toPlanView(raw, looked === null ? null : (subject) => void looked.add(subject));
  const reporter = createReporter(plan, say, briefing);
  const end = createEnd(briefing, reporter, looked);
  printWithoutDelay();
  const withLine = hookModules(briefing.root);
  refuseWhatNodeAllows();
  try {
    const { judge } = await loadCheck(briefing, withLine);
    const { fail, warn, note, each } = reporter;
    await judge({ plan, run: briefing.run, params: briefing.params, fail, warn, note, each });
    end.settled();
  } catch (error) {
    end.broke(error);
  }
}

async function loadCheck({ root, file }: Briefing, withLine: (error: unknown) => unknown): Promise<Check> {
  const loaded = (await importModule(pathToFileURL(`${root}/${file}`).href).catch((error: unknown) => {
    throw withLine(error);
  })) as { default?: Partial<Check> };
  const judge = loaded.default?.judge;
  if (typeof judge !== 'function') {
    throw new Error(
      `It has no check as its default export. Write: import { check } from 'runtask-action/check'; export default check(({ plan, fail }) => { … })`,
    );
  }
  return { judge };
}

interface End {
  settled(): void;
  broke(error: unknown): void;
}

/**
 * The end is said when nothing is left to do, and not when the author's function returns: what it started and did not wait for
 * (`forEach(async …)`) may still find something.
 */
function createEnd(briefing: Briefing, reporter: Reporter, looked: ReadonlySet<string> | null): End {
  const { token, file, maxText } = briefing;
  let settled = false;
  const exit = process.exit.bind(process);
  const fitting = (text: string): string => (text.length <= maxText ? text : `(${text.length} characters are withheld)`);
  const sayLooked = (): void => {
    if (looked !== null) say({ looked: [...looked].slice(0, MAX_LOOKED).map(fitting), more: Math.max(0, looked.size - MAX_LOOKED) });
  };
  const giveUp = (why: string): void => {
    sayLooked();
    say({ broke: fitting(why) });
    exit(1);
  };
  const broke = (error: unknown): void => {
    const text = describeAuthorError(error, briefing);
    if (!(error instanceof UnknownValue)) return giveUp(text);
    reporter.cannotKnow(error);
    giveUp(`${text}. It stopped there, and the rest was not judged. Ask \`isUnknown(path)\` first, or judge with \`each(…)\``);
  };
  process.on('uncaughtException', broke);
  process.on('beforeExit', () => {
    if (!settled) return giveUp(`${file}: It waits for something that never comes: nothing is left to do, and its promise has not settled`);
    sayLooked();
    say({ done: token, unlisted: reporter.unlisted() });
  });
  return { settled: () => void (settled = true), broke };
}

/** What is printed into a pipe waits in memory, and is lost when the process ends early: the very lines that tell why. */
function printWithoutDelay(): void {
  for (const stream of [process.stdout, process.stderr] as { _handle?: { setBlocking?: (on: boolean) => void } }[])
    stream._handle?.setBlocking?.(true);
}

function say(message: ScriptMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length;) sent += writeSync(CHANNEL, bytes, sent);
}

/** Line by line: of 300 MB of plan only the objects stay. */
async function receivePlan(input: AsyncIterable<Buffer>): Promise<ReturnType<PlanReceiver['finish']>> {
  const receiver = createPlanReceiver();
  let pending: Buffer[] = [];
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, end);
      receiver.line((pending.length === 0 ? line : Buffer.concat([...pending, line])).toString());
      pending = [];
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  }
  if (pending.length > 0) throw new Error('The plan ended in the middle of a line');
  return receiver.finish();
}
