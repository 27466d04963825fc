// A whole run task with a large plan: the chain on loopback, the committed dist/ as the job. Prints how long HCP Terraform waited
// for its verdict, how long the job took, and the peak memory of the action's process.
//
//   node bench/whole-job.ts PLAN.json [PLAN.json …]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { startFlow } from '../test/support/flow.ts';

const CHECKS = `version: 1
checks:
  - name: data stores stay
    protect: { types: [aws_db_instance, aws_s3_bucket] }
  - name: required tags
    cel: { when: "has(after.tags)", assert: "has(after.tags.Owner)" }
    enforce: advisory
`;

/** Peak resident memory of the processes below `pid`, in MB; Linux only. */
function watchChildren(pid: number): () => number {
  let peak = 0;
  const look = (): void => {
    for (const child of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const status = readFileSync(`/proc/${child}/status`, 'utf8');
        if (!status.includes(`PPid:\t${pid}\n`)) continue;
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      } catch {
        // The process ended between the two calls.
        continue;
      }
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

for (const path of process.argv.slice(2)) {
  const flow = await startFlow({ checks: CHECKS });
  const stop = watchChildren(process.pid);
  const started = Date.now();
  const run = await flow.begin({ plan: null, planFile: path });
  const result = await run.stage('post_plan');
  const verdict = Date.now() - started;
  await flow.github.idle();
  const job = Date.now() - started;
  const comment = flow.github.comments('acme/net', 7).at(-1)?.body.length ?? 0;
  console.log(
    `${path}  ${Math.round(statSync(path).size / 1e6)} MB  ${result.status}  verdict ${(verdict / 1000).toFixed(1)} s  job ${(job / 1000).toFixed(1)} s  peak ${Math.round(stop())} MB  comment ${comment} characters`,
  );
  if (result.status === 'failed') console.log(`  ${result.message}`);
  await flow.close();
}
