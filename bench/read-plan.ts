// Seconds and peak memory for reading, masking and comparing everything in a plan, each in a process of its own. The last column but
// one is processor time of it all, with the garbage collector's threads; on a busy machine it is the figure to trust.
//   node bench/read-plan.ts [PLAN.json ...]      without arguments: generated plans of 10,000 and 100,000 resources
// The generator is not part of this repository: without ../shared/tools/gen-plan.mjs and without arguments there is nothing to measure.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffChange } from '../src/plan/diff/diff-change.ts';
import { flatten } from '../src/plan/diff/flatten.ts';
import { createMasker } from '../src/plan/masking.ts';
import { readPlan } from '../src/plan/read-plan.ts';

const GENERATOR = fileURLToPath(new URL('../../shared/tools/gen-plan.mjs', import.meta.url));
const SIZES = [10_000, 100_000];

async function measure(path: string): Promise<void> {
  const times: number[] = [performance.now()];
  const lap = (): void => void times.push(performance.now());
  const read = await readPlan({ path });
  lap();
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const masker = createMasker(read.value);
  lap();
  let entries = 0;
  for (const change of read.value.changes) entries += flatten(diffChange(change, masker)).length;
  lap();
  for (const change of read.value.changes) {
    masker.maskedBefore(change);
    masker.maskedAfter(change);
  }
  lap();
  const seconds = times.slice(1).map((time, i) => ((time - (times[i] ?? 0)) / 1000).toFixed(2));
  const megabytes = Math.round(statSync(path).size / 1e6);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const { user, system } = process.cpuUsage();
  console.log([read.value.changes.length, megabytes, ...seconds, entries, ((user + system) / 1e6).toFixed(1), peak].join('\t'));
}

function measureAll(paths: readonly string[]): void {
  console.log('changes\tMB\tread s\tmasker s\tdiff s\tmask s\tentries\tCPU s\tpeak RSS MB');
  for (const path of paths) {
    execFileSync(process.execPath, ['--no-warnings', fileURLToPath(import.meta.url), '--one', path], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--one') await measure(rest[0] ?? '');
else if (first !== undefined) measureAll([first, ...rest]);
else if (!existsSync(GENERATOR)) console.log(`skipped: ${GENERATOR} is absent; name plan files instead`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'runtask-bench-'));
  try {
    const paths = SIZES.map((size) => join(folder, `plan-${size}.json`));
    SIZES.forEach((size, i) => execFileSync(process.execPath, [GENERATOR, String(size), paths[i] ?? ''], { stdio: 'ignore' }));
    measureAll(paths);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
