// `runtask demo`: the whole chain on this machine, three pull requests, nothing to set up. Exit code 0 only if all ended as they should.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { wantsColour } from './colour.ts';
import { GATE, startChain, type Chain } from './demo/chain.ts';
import { judge, leaks } from './demo/judge.ts';
import { makePlans, type DemoPlan } from './demo/make-plans.ts';
import { playRun, prepareShop, timelineFromRelay, type Played } from './demo/play-run.ts';
import { PLAYS } from './demo/scenarios.ts';
import { createTimeline, type Timeline } from './demo/timeline.ts';
import { writePlayed } from './demo/write-output.ts';

/** The checkout, or the installed package: action.yml, dist/ and examples/ lie there. */
const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('the whole chain on this machine: three pull requests, five runs, a comment on each; nothing to set up')
    .option('--output <dir>', 'folder for what comes of it', 'demo-output')
    .addHelpText(
      'after',
      `
Starts an emulated HCP Terraform, an emulated GitHub with its runner, and the real relay on loopback; the runner starts the action
as GitHub's would. Plans are made by terraform if it is on the PATH, otherwise recorded ones are used.

Example:
  runtask demo --output /tmp/demo && open /tmp/demo/index.html

Exit codes: 0 all runs ended as they should · 1 one did not · 2 wrong usage · 130 ended by Ctrl-C`,
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
      const one = await playRun(chain, play, plans, timeline);
      played.push(one);
      problems.push(...judge(one, timeline.seen));
    }
    const written = await writePlayed(output, played, relayLog);
    problems.push(
      ...leaks(written, [
        ...plans.flatMap((plan) => plan.sensitiveValues),
        ...chain.secrets,
        ...played.flatMap((one) => one.runs.map((run) => run.result.accessToken)),
      ]),
    );
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    timeline.say(
      problems.length === 0
        ? `\nAll ${played.flatMap((one) => one.runs).length} runs ended as they should, in ${seconds} s. Look at`
        : `\nNot as it should be:${problems.map((problem) => `\n  - ${problem}`).join('')}\n${seconds} s. Look at`,
    );
    timeline.say(whereToLook(output, played));
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

function whereToLook(output: string, played: readonly Played[]): string {
  const rows = [['index.html', 'all of it, in a browser'], ...played.map(({ play }) => [join(play.folder, 'comment.html'), play.see])].map(
    ([file, words]) => [relative(process.cwd(), join(output, file!)), words] as const,
  );
  const width = Math.max(...rows.map(([file]) => file.length));
  return rows.map(([file, words]) => `  ${file.padEnd(width)}  ${words}`).join('\n');
}
