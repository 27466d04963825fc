// Reading and rendering a plan, each program in a process of its own from its start to its end, three times; the median is told.
//   1. Against Terraform and a peer: one plan of Terraform with 5,000 terraform_data that change in place. `terraform show` writes all of
//      it; so do `terminal` and `html`, while a comment holds what fits. Ratios are to `terraform show`.
//   2. How time and memory grow: generated plans of 10,000 and 100,000 resources, the last also with planned values and prior state.
//
//   node bench/render-plan.ts [PLAN.json …]      with arguments: only these plans
//
// What is absent (terraform, the generator, the network for the peer) is left out and said.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureProcess, medianOf, type Measured } from './render/measure-process.ts';
import { makeTerraformPlan } from './render/terraform-plan.ts';

const CLI = fileURLToPath(new URL('../src/cli/index.ts', import.meta.url));
const GENERATOR = fileURLToPath(new URL('../../shared/tools/gen-plan.mjs', import.meta.url));
const PEER = '@ahmadnassri/terraform-unidiff';
const PEER_VERSION = '4.0.5';
const ROUNDS = 3;
const UPDATES = 5000;

const ours = (plan: string, format: string): Promise<Measured> =>
  measureProcess(process.execPath, ['--no-warnings', CLI, 'render', '--plan', plan, '--format', format]);

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

async function compare(folder: string): Promise<void> {
  const { binary, json } = makeTerraformPlan(folder, UPDATES);
  const rows: [string, () => Promise<Measured>][] = [
    ['terraform show', () => measureProcess('terraform', ['show', '-no-color', binary], folder)],
    ['terraform show -json', () => measureProcess('terraform', ['show', '-json', binary], folder)],
    ...['comment', 'terminal', 'html'].map((format): [string, () => Promise<Measured>] => [`runtask ${format}`, () => ours(json, format)]),
  ];
  const peer = installPeer(folder);
  if (peer !== null) rows.push([`${PEER} ${PEER_VERSION}`, () => measureProcess(process.execPath, [peer, json])]);

  console.log(`\n${UPDATES} terraform_data that change in place, ${megabytes(statSync(json).size)} MB of JSON`);
  console.log('| | time | of terraform show | output | peak |\n|---|---|---|---|---|');
  let base = 0;
  for (const [name, measure] of rows) {
    const { seconds, peakMb, output } = await medianOf(ROUNDS, measure);
    base ||= seconds;
    console.log(`| ${name} | ${seconds.toFixed(2)} s | ${(seconds / base).toFixed(2)} | ${megabytes(output)} MB | ${peakMb ?? '?'} MB |`);
  }
}

/** Into the temporary folder, not into this project: it is here to be compared with. */
function installPeer(folder: string): string | null {
  try {
    execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `${PEER}@${PEER_VERSION}`], { stdio: 'ignore' });
    return join(folder, 'node_modules', PEER, 'bin.js');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.log(`left out: ${PEER} could not be installed`);
    return null;
  }
}

async function grow(plans: readonly string[]): Promise<void> {
  console.log('\n| plan | size | a comment of it | per 100 MB | peak |\n|---|---|---|---|---|');
  for (const plan of plans) {
    const size = statSync(plan).size;
    const { seconds, peakMb } = await medianOf(ROUNDS, () => ours(plan, 'comment'));
    const name = plan.replace(/^.*\//, '');
    console.log(
      `| ${name} | ${megabytes(size)} MB | ${seconds.toFixed(1)} s | ${((seconds * 1e8) / size).toFixed(1)} s | ${peakMb ?? '?'} MB |`,
    );
  }
}

function generate(folder: string): string[] {
  const plans: [string, string[]][] = [
    ['10k.json', ['10000']],
    ['100k.json', ['100000']],
    ['100k-full.json', ['100000', '--full']],
  ];
  return plans.map(([name, [count = '', ...more]]) => {
    const path = join(folder, name);
    execFileSync(process.execPath, [GENERATOR, count, path, ...more], { stdio: 'ignore' });
    return path;
  });
}

function hasTerraform(): boolean {
  try {
    execFileSync('terraform', ['version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

const named = process.argv.slice(2);
if (named.length > 0) await grow(named);
else {
  const folder = mkdtempSync(join(tmpdir(), 'runtask-bench-'));
  try {
    if (hasTerraform()) await compare(folder);
    else console.log('left out: there is no terraform on the PATH');
    if (existsSync(GENERATOR)) await grow(generate(folder));
    else console.log('left out: the generator of large plans is not part of this repository; name plan files instead');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
