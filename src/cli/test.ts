// `runtask test`: table tests of the checks, with the engine of the action. Tests lie beside the checks, in `.runtask/tests/*.yml`.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatDiagnostic, type Diagnostic } from '../base/diagnostics.ts';
import type { CheckSet } from '../checks/check-set.ts';
import { matchGlob } from '../documents/glob.ts';
import { jsonText, logLine } from '../report/escape.ts';
import { wantsColour } from './colour.ts';
import { loadLocalChecks } from './local-checks.ts';
import { readTests, type TestsFile } from './test/read-tests.ts';
import { runTest, type TestBench, type TestOutcome } from './test/run-tests.ts';

interface TestOptions {
  readonly checks: string;
  readonly directory: string;
  readonly name?: string;
  readonly json: boolean;
}

const TESTS = '.runtask/tests';

export function addTestCommand(program: Command): void {
  program
    .command('test')
    .description('run the tests of the checks: a plan or a few changes, and which findings must come out')
    .argument('[files...]', `test files, or folders of them, relative to --directory (default: ${TESTS})`)
    .option('--checks <file>', 'checks file, relative to --directory', '.runtask/checks.yml')
    .option('--directory <dir>', 'the checkout', '.')
    .option('--name <glob>', 'only tests of this name')
    .option('--json', 'print the outcomes as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  runtask test
  runtask test .runtask/tests/buckets.yml --name '*public*'
  runtask test --json | jq '.tests[] | select(.problems != [])'

Exit codes: 0 all hold · 1 at least one does not · 2 a file cannot be used, no test was run, or wrong usage`,
    )
    .action(async (files: readonly string[], options: TestOptions) => {
      process.exitCode = await runAll(files.length === 0 ? [TESTS] : files, options);
    });
}

async function runAll(places: readonly string[], options: TestOptions): Promise<0 | 1 | 2> {
  const directory = resolve(options.directory);
  const tests = await readTests(directory, places);
  if (!tests.ok) return tellProblems(tests.error);
  const sets = new Map<string, CheckSet>();
  for (const { file } of tests.value) {
    const path = file.checks ?? options.checks;
    if (sets.has(path)) continue;
    const loaded = await loadLocalChecks(directory, path);
    if (!loaded.ok) return tellProblems(loaded.error.diagnostics);
    sets.set(path, loaded.value);
  }

  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort(new Error('Interrupted'));
  process.once('SIGINT', onInterrupt);
  const bench: TestBench = { directory, env: process.env, signal: interrupted.signal };
  const show = createShow(options);
  const outcomes: TestOutcome[] = [];
  try {
    for (const { path, file } of tests.value) {
      const set = sets.get(file.checks ?? options.checks);
      for (const test of file.tests) {
        if (set === undefined || interrupted.signal.aborted || !matchGlob(options.name ?? '*', test.name)) continue;
        const outcome = await runTest(path, test, set, bench);
        outcomes.push(outcome);
        show.outcome(outcome);
      }
    }
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  if (outcomes.length === 0) {
    process.stderr.write(`No test was run: none is called ${JSON.stringify(options.name ?? '*')}\n`);
    return 2;
  }
  show.end(outcomes, options.name === undefined ? neverFailing(tests.value, sets, outcomes, options.checks) : []);
  return outcomes.every(({ problems }) => problems.length === 0) && !interrupted.signal.aborted ? 0 : 1;
}

function tellProblems(problems: readonly Diagnostic[]): 2 {
  for (const diagnostic of problems) process.stderr.write(`${logLine(formatDiagnostic(diagnostic))}\n`);
  return 2;
}

/** Checks that no test has seen fail: a rule that never bites may be one that cannot. */
function neverFailing(
  tests: readonly TestsFile[],
  sets: ReadonlyMap<string, CheckSet>,
  outcomes: readonly TestOutcome[],
  checksFile: string,
): string[] {
  const bitten = new Map<string, Set<string>>();
  for (const { path, file } of tests) {
    const seen = bitten.get(file.checks ?? checksFile) ?? new Set<string>();
    bitten.set(file.checks ?? checksFile, seen);
    for (const { results } of outcomes.filter((outcome) => outcome.file === path))
      for (const { check, findings } of results) if (findings.some(({ level }) => level !== 'note')) seen.add(check);
  }
  return [...sets].flatMap(([path, set]) =>
    set.checks.filter(({ spec, origin }) => origin === null && bitten.get(path)?.has(spec.name) !== true).map(({ spec }) => spec.name),
  );
}

interface Show {
  outcome(outcome: TestOutcome): void;
  end(outcomes: readonly TestOutcome[], neverFailing: readonly string[]): void;
}

function createShow({ json }: TestOptions): Show {
  if (json)
    return {
      outcome: () => {},
      end: (tests, never) => process.stdout.write(jsonText({ tests, never_seen_failing: never })),
    };
  const colour = wantsColour(process.stdout, process.env);
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let lastFile = '';
  return {
    outcome({ file, name, durationMs, problems }) {
      const heading = file === lastFile ? '' : `${lastFile === '' ? '' : '\n'}${logLine(file)}\n`;
      lastFile = file;
      const sign = problems.length === 0 ? paint(32, '✓') : paint(31, '✗');
      const lines = problems.map((problem) => `      ${logLine(problem)}\n`).join('');
      process.stdout.write(`${heading}  ${sign} ${logLine(name)} ${paint(2, `${durationMs} ms`)}\n${lines}`);
    },
    end(outcomes, never) {
      const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
      const words =
        failed === 0 ? paint(32, `${outcomes.length} passed`) : `${paint(31, `${failed} failed`)}, ${outcomes.length - failed} passed`;
      process.stdout.write(`\n${words}\n`);
      if (never.length > 0)
        process.stdout.write(
          paint(33, `No test has seen ${never.length === 1 ? 'this check' : 'these checks'} fail: ${never.map(logLine).join(', ')}\n`),
        );
    },
  };
}
