// Ten usual rules as each kind of check, and the same rules without this project (bench/checks/peers.ts): how long they take beyond
// reading the plan, as a multiple of plain JavaScript in the same run, how many findings, and the peak memory. Each in a process of
// its own, three times; the median is told.
//
//   node bench/checks.ts PLAN.json [PLAN.json …]
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { readChecksFile } from '../src/checks/checks-file.ts';
import { toCheckSet } from '../src/checks/check-set.ts';
import { runChecks } from '../src/checks/run-checks.ts';
import { localRun } from '../src/cli/render.ts';
import { countFindings } from '../src/findings/count.ts';
import { createMasker } from '../src/plan/masking.ts';
import { readPlan } from '../src/plan/read-plan.ts';
import { PEERS } from './checks/peers.ts';

const KINDS = ['built-in', 'cel', 'schema', 'script'];
const ROUNDS = 3;
const FOLDER = path.join(import.meta.dirname, 'checks');

interface Measured {
  readonly readMs: number;
  readonly judgeMs: number;
  readonly findings: number;
  readonly peakMb: number;
  /** Of checks that broke: a figure of theirs would say nothing. */
  readonly broken: readonly string[];
}

async function measureKind(kind: string, planPath: string): Promise<Omit<Measured, 'peakMb'>> {
  const file = readChecksFile(readFileSync(path.join(FOLDER, `${kind}.yml`), 'utf8'), `${kind}.yml`);
  if (!file.ok) throw new Error(file.error.map(({ summary }) => summary).join('; '));
  const [begin, plan, masker] = await (async () => {
    const at = performance.now();
    const read = await readPlan({ path: planPath });
    if (!read.ok) throw new Error('the plan cannot be read');
    return [at, read.value, createMasker(read.value)] as const;
  })();
  const readAt = performance.now();
  const { results } = await runChecks({
    set: toCheckSet(file.value, import.meta.dirname),
    run: localRun('bench'),
    plan,
    planProblem: null,
    planPath,
    configurationDir: null,
    workspaceDir: import.meta.dirname,
    masker,
    env: { PATH: process.env['PATH'], RUNNER_TEMP: tmpdir() },
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return {
    readMs: readAt - begin,
    judgeMs: performance.now() - readAt,
    findings: results.reduce((sum, { findings }) => sum + countFindings(findings), 0),
    broken: results.flatMap(({ check, reason, status }) => (status === 'errored' ? [`${check}: ${reason ?? ''}`] : [])),
  };
}

function measurePeer(name: string, planPath: string): Omit<Measured, 'peakMb'> {
  const peer = PEERS.find((one) => one.name === name);
  if (peer === undefined) throw new Error(`no peer is called ${name}`);
  const begin = performance.now();
  const { resource_changes: changes } = JSON.parse(readFileSync(planPath, 'utf8')) as {
    resource_changes: Parameters<typeof peer.judge>[0];
  };
  const readAt = performance.now();
  const findings = peer.judge(changes);
  return { readMs: readAt - begin, judgeMs: performance.now() - readAt, findings, broken: [] };
}

function measure(what: string, planPath: string): Measured {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const argv = ['--no-warnings', '--max-old-space-size=12000', import.meta.filename, '--one', what, planPath];
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`${what}: ${stderr}`);
    return JSON.parse(stdout) as Measured;
  });
  const [, median] = rounds.sort((a, b) => a.judgeMs - b.judgeMs);
  if (median === undefined) throw new Error('no round');
  return median;
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--one') {
  const [what = '', planPath = ''] = rest;
  const measured = KINDS.includes(what) ? await measureKind(what, planPath) : measurePeer(what, planPath);
  console.log(JSON.stringify({ ...measured, peakMb: process.resourceUsage().maxRSS / 1024 }));
} else {
  for (const planPath of process.argv.slice(2)) {
    console.log(`\n${planPath}  ${Math.round(statSync(planPath).size / 1e6)} MB`);
    console.log('| ten rules as | reading | judging | of plain JavaScript | findings | peak |\n|---|---|---|---|---|---|');
    let base = 0;
    for (const what of [...PEERS.map(({ name }) => name), ...KINDS]) {
      const { readMs, judgeMs, findings, peakMb, broken } = measure(what, planPath);
      base ||= judgeMs;
      console.log(
        `| ${what} | ${(readMs / 1000).toFixed(2)} s | ${(judgeMs / 1000).toFixed(3)} s | ${(judgeMs / base).toFixed(1)} | ${findings} | ${Math.round(peakMb)} MB |`,
      );
      for (const one of broken) console.log(`  broken: ${one}`);
    }
  }
}
