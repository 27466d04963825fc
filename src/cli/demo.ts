// `runtask demo`: the whole chain on this machine, three runs, nothing to set up. Exit code 0 only if all three ended as they should.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { encodings } from '../base/redact.ts';
import { wantsColour } from './colour.ts';
import { GATE, startChain, type Chain } from './demo/chain.ts';
import { makePlans, type DemoPlan } from './demo/make-plans.ts';
import { playRun, prepareShop, timelineFromRelay, type Played } from './demo/play-run.ts';
import { PLAYS } from './demo/scenarios.ts';
import { createTimeline, STEPS, type Timeline } from './demo/timeline.ts';
import { writePlayed } from './demo/write-output.ts';

/** The checkout, or the installed package: action.yml, dist/ and examples/ lie there. */
const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('the whole chain on this machine: three runs, three verdicts, three comments; nothing to set up')
    .option('--output <dir>', 'folder for what comes of it', 'demo-output')
    .addHelpText(
      'after',
      `
Starts an emulated HCP Terraform, an emulated GitHub with its runner, and the real relay on loopback; the runner starts the action
as GitHub's would. Plans are made by terraform if it is on the PATH, otherwise recorded ones are used.

Example:
  runtask demo --output /tmp/demo && open /tmp/demo/index.html

Exit codes: 0 all three runs ended as they should · 1 one did not · 2 wrong usage · 130 ended by Ctrl-C`,
    )
    .action(async (options: { output: string }) => {
      const output = resolve(options.output);
      await mkdir(output, { recursive: true });
      const code = await runDemo(output, Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]));
      // Whatever the demo was waiting for when it was interrupted has no reason to go on.
      if (code === INTERRUPTED) process.exit(code);
      process.exitCode = code;
    });
}

const INTERRUPTED = 130;

/**
 * A job runs in a process group of its own, which a Ctrl-C does not reach: who ends the demo early must not be left with an action that
 * looks for a relay that is gone, and with plans in the temporary folder.
 */
async function runDemo(output: string, interrupted: Promise<unknown>): Promise<number> {
  const colour = wantsColour(process.stdout, process.env);
  const timeline = createTimeline(process.stdout, () => Date.now(), colour);
  const started = Date.now();
  const workRoot = await mkdtemp(join(tmpdir(), 'runtask-demo-'));
  const relayLog: string[] = [];
  let chain: Chain | null = null;
  const playAll = async (): Promise<number> => {
    const plans = await plansOf(workRoot, timeline);
    chain = await startChain({
      clock: systemClock,
      log: logInto(relayLog, timelineFromRelay(timeline)),
      actionFolder: PACKAGE_ROOT,
      workRoot,
      gateFiles: await gateFiles(),
    });
    timeline.say(`Relay on ${chain.relayUrl}, HCP Terraform on ${chain.hcp.url}, GitHub on ${chain.github.url}; checks in ${GATE}.`);
    await prepareShop(chain);

    const played: Played[] = [];
    const problems: string[] = [];
    for (const play of PLAYS) {
      const plan = plans.find((one) => one.scenario === play.scenario)!;
      const one = await playRun(chain, play, plan, timeline);
      played.push(one);
      problems.push(...judge(one, timeline).map((problem) => `${play.scenario}: ${problem}`));
    }
    const written = await writePlayed(output, played, relayLog);
    problems.push(
      ...leaks(written, [
        ...plans.flatMap((plan) => plan.sensitiveValues),
        ...chain.secrets,
        ...played.map((one) => one.result.accessToken),
      ]),
    );
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    timeline.say(
      `\n${problems.length === 0 ? 'All three runs ended as they should' : 'Not as it should be:'}${problems.map((problem) => `\n  - ${problem}`).join('')}`,
    );
    timeline.say(`${seconds} s. Look at ${relative(process.cwd(), join(output, 'index.html')) || output}`);
    return problems.length === 0 ? 0 : 1;
  };
  try {
    return await Promise.race([playAll(), interrupted.then(() => INTERRUPTED)]);
  } finally {
    // As a value: to the compiler it is still what it was before playAll.
    await (chain as Chain | null)?.close();
    await rm(workRoot, { recursive: true, force: true });
  }
}

async function plansOf(workRoot: string, timeline: Timeline): Promise<DemoPlan[]> {
  const workDir = join(workRoot, 'plans');
  await mkdir(workDir);
  const terraformPath = findOnPath('terraform');
  if (terraformPath !== null) timeline.say('Making three plans with terraform …');
  const plans = await makePlans({ terraformPath, workDir, examplesDir: join(PACKAGE_ROOT, 'examples') });
  const source = plans[0]?.source ?? '';
  const why = plans[0]?.note ?? (terraformPath === null ? 'terraform is not on the PATH' : null);
  timeline.say(source === 'recorded' ? `Plans: recorded ones${why === null ? '' : ` (${why})`}.` : `Plans: made just now by ${source}.`);
  return plans;
}

function findOnPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The gate repository is the one of the examples: what the visitor reads there is what runs here. */
async function gateFiles(): Promise<Record<string, string>> {
  const examples = join(PACKAGE_ROOT, 'examples');
  return {
    '.github/workflows/run-task.yml': await readFile(join(examples, 'gate-repository/.github/workflows/run-task.yml'), 'utf8'),
    '.runtask/checks.yml': await readFile(join(examples, '.runtask/checks.yml'), 'utf8'),
  };
}

function logInto(lines: string[], tell: (event: string, fields: Readonly<Record<string, unknown>>) => void): Log {
  const at =
    (level: string): Log['info'] =>
    (event, fields = {}) => {
      lines.push(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
      tell(event, fields);
    };
  return { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };
}

function judge({ play, result, comment }: Played, timeline: Timeline): string[] {
  const problems: string[] = [];
  if (result.status !== play.expected)
    problems.push(`HCP Terraform shows ${result.status}, expected ${play.expected}: ${result.message ?? 'no message'}`);
  if (result.terminalCount !== 1) problems.push(`HCP Terraform got ${result.terminalCount} verdicts, expected 1`);
  if (comment === null) problems.push('there is no comment on the pull request');
  for (const words of play.commentSays)
    if (comment !== null && !words.test(comment.body)) problems.push(`the comment does not say ${words}`);
  const missing = STEPS.filter((step) => !timeline.seen.has(step));
  if (missing.length > 0) problems.push(`these steps were not seen: ${missing.join(', ')}`);
  return problems;
}

/** Nothing that a visitor may publish holds a secret, in any of the usual encodings. */
function leaks(written: ReadonlyMap<string, string>, secrets: readonly string[]): string[] {
  const found: string[] = [];
  for (const [path, text] of written) {
    for (const [index, secret] of secrets.entries()) {
      if (encodings(secret).some((form) => text.includes(form))) found.push(`${path} holds secret ${index + 1} of ${secrets.length}`);
    }
  }
  return found;
}
