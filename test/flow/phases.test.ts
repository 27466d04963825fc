// Two phases of one job with other people's steps between them, in both transports: what they get, how long they may take, and what is
// said when one of them, or one of ours, does not come to its end.
import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harmlessPlan, startFlow, workflow, type Flow, type FlowOptions, type Ran } from '../support/flow.ts';
import { createJobClock, type JobClock } from '../support/job-clock.ts';
import { SEALED_INPUTS, startSealedFlow } from '../support/sealed-flow.ts';

let flow: Flow;
let clockFolder: string | null = null;
afterEach(async () => {
  await flow.close();
  if (clockFolder !== null) rmSync(clockFolder, { recursive: true, force: true });
  clockFolder = null;
});

const MINUTE = 60_000;
const RELAY_INPUTS = '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n';
// Without a relay nobody hands over a token for the pull request's repository.
const QUIET_INPUTS = `${SEALED_INPUTS}          comment: none\n          commit-status: false\n`;
type Transport = 'relay' | 'sealed';
const TRANSPORTS: readonly Transport[] = ['relay', 'sealed'];

/** A report with one finding, about what the step found in the plan that it was given. */
const SCAN = `mkdir -p reports && node -e '
  const plan = JSON.parse(require("fs").readFileSync(process.env.PLAN, "utf8"));
  const text = "found " + plan.resource_changes.length + " change of " + process.env.ADD + " to add";
  const result = { ruleId: "SCAN1", level: process.env.LEVEL, message: { text } };
  const run = { tool: { driver: { name: "scanner" } }, results: [result] };
  require("fs").writeFileSync("reports/scan.sarif", JSON.stringify({ version: "2.1.0", runs: [run] }));
'`;

interface Steps {
  readonly begin?: boolean;
  readonly between?: string;
  readonly level?: 'error' | 'note';
  readonly finish?: string;
  readonly beginInputs?: string;
}

function phases(transport: Transport, { begin = true, between = SCAN, level = 'note', finish, beginInputs = '' }: Steps = {}): string {
  const inputs = transport === 'relay' ? RELAY_INPUTS : QUIET_INPUTS;
  const first = `      - id: begin
        name: begin
        uses: org/runtask-action@v1
        with:
          phase: begin
${beginInputs}${inputs}`;
  const scan = `      - name: scanner
        env:
          PLAN: \${{ steps.begin.outputs.plan-json }}
          ADD: \${{ steps.begin.outputs.add }}
          LEVEL: ${level}
          FOLDER: \${{ steps.begin.outputs.configuration }}
        run: |
          ${between.trim().replaceAll('\n', '\n          ')}
`;
  return workflow({
    before: `${begin ? first : ''}${scan}`,
    inputs: `${inputs}          phase: finish\n${finish ?? '          results-files: |\n            reports/*.sarif\n'}`,
  });
}

async function start(transport: Transport, text: string, options: FlowOptions = {}): Promise<void> {
  flow =
    transport === 'relay' ? await startFlow({ workflow: text, ...options }) : (await startSealedFlow({ workflow: text, ...options })).flow;
}

/** HCP Terraform whose tokens live for an hour, and a relay that knows it. */
const LONG_LIFE: FlowOptions = {
  relayYml: (yaml) => yaml.replace('unrouted: fail', 'unrouted: fail\n    token_life: 30m'),
  hcp: { tokenLife: 'fixed-60m' },
};

function jobClock(): JobClock {
  clockFolder = mkdtempSync(join(tmpdir(), 'runtask-job-clock-'));
  return createJobClock(clockFolder);
}

/** Twelve minutes pass while the scanner is at work, and the processes of the job live through them. */
function takesTwelveMinutes(clock: JobClock, slices: readonly number[] = [4.01, 4.01, 4.01]): void {
  flow.github.hooks.push({
    step: 'scanner',
    phase: 'main',
    before: async () => {
      const callbacks = (): number => flow.hcp.seen.filter((one) => one.path.includes('/callback') && one.status !== null).length;
      for (const minutes of slices) {
        const before = callbacks();
        await flow.clock.jump(minutes * MINUTE);
        clock.follow(flow.clock);
        // What speaks for the run task does so in time of its own.
        await flow.until(() => callbacks() > before || finals().length > 0);
      }
    },
  });
}

const log = (ran: Ran): string => ran.workflowRun?.jobs[0]?.log ?? '';
/** What was sent as a verdict. On a slow machine the clock may jump while HCP answers, so that the same is sent again and refused as known. */
const finals = (): string[] =>
  flow.hcp.seen
    .filter((one) => one.path.includes('/callback') && one.status !== 409)
    .map((one) => (JSON.parse(one.body) as { data: { attributes: { status: string } } }).data.attributes.status)
    .filter((status) => status !== 'running');
/** What our steps left in the runner's temporary folder. */
const leftovers = (ran: Ran): string[] => readdirSync(ran.workflowRun!.jobs[0]!.temp).filter((name) => name.startsWith('runtask-'));

describe.each(TRANSPORTS)('two phases, %s', (transport) => {
  it('let a step work for twelve minutes between them, and its report becomes findings', async () => {
    const clock = jobClock();
    await start(transport, phases(transport, { level: 'error' }), { ...LONG_LIFE, github: { nodePath: clock.nodePath } });
    takesTwelveMinutes(clock);
    const ran = await flow.run();
    expect(ran.result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('results: reports/*.sarif') });
    expect(finals()).toEqual(['failed']);
    expect(ran.result.outcomes.map(({ description }) => description).join('\n')).toContain('found 1 change of 1 to add');
    const times = ran.result.callbacks.map((callback) => callback.at);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(12 * MINUTE);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4.5 * MINUTE);
    expect(ran.workflowRun?.conclusion).toBe('success');
    expect(leftovers(ran)).toEqual([]);
  });

  it('say at the deadline of an unraised token_life what to raise, and the last step shows that verdict', async () => {
    const clock = jobClock();
    await start(transport, phases(transport), { github: { nodePath: clock.nodePath }, hcp: { tokenLife: 'fixed-10m' } });
    // The third ends between the relay's deadline and the end of the token.
    takesTwelveMinutes(clock, [4.01, 4.01, 1.2, 2.8]);
    const ran = await flow.run();
    expect(ran.result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('token_life') });
    expect(finals()).toEqual(['failed']);
    expect(log(ran)).toContain('There is a verdict on record already: failed (deadline)');
    expect(ran.workflowRun?.conclusion).toBe('failure');
  });

  it('pass when the report has nothing against the plan', async () => {
    await start(transport, phases(transport));
    const ran = await flow.run();
    expect(ran.result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(ran.workflowRun?.conclusion).toBe('success');
    expect(leftovers(ran)).toEqual([]);
  });

  it('say once what happened when a step between them fails', async () => {
    await start(transport, phases(transport, { between: 'exit 1' }));
    const ran = await flow.run();
    expect(ran.result).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringMatching(/a step between `phase: begin` and `phase: finish` failed/),
    });
    expect(finals()).toEqual(['failed']);
    expect(leftovers(ran)).toEqual([]);
  });

  it('say what is missing when no step finishes', async () => {
    const inputs = transport === 'relay' ? RELAY_INPUTS : QUIET_INPUTS;
    await start(transport, workflow({ inputs: `${inputs}          phase: begin\n` }));
    const ran = await flow.run();
    expect(ran.result).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringMatching(/none with `phase: finish`.*Add one/),
    });
    expect(ran.workflowRun?.conclusion).toBe('failure');
    expect(leftovers(ran)).toEqual([]);
  });

  it('end with their reason when the job is canceled while a step between them is at work', async () => {
    await start(transport, phases(transport, { between: 'echo the scan has begun; sleep 60' }));
    const run = await flow.begin();
    const started = await flow.jobSays('\nthe scan has begun');
    flow.github.cancelRun(started.id);
    expect(await run.stage('post_plan')).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining('failed or was canceled'),
    });
    await flow.github.idle();
    expect(finals()).toEqual(['failed']);
  });

  it('judge the plan that HCP Terraform has, not what lay on the disk meanwhile', async () => {
    // Everything that our first step left, and the report that rests on it.
    const tamper = `for file in $(find "$RUNNER_TEMP"/runtask-* -type f); do echo '{}' > "$file"; done; mkdir -p reports; echo '${EMPTY_SARIF}' > reports/scan.sarif`;
    await start(transport, phases(transport, { between: tamper }), { checks: NEEDS_NETWORK });
    expect((await flow.run()).result).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('fail when both are not of one pair: each would judge with half of the checks', async () => {
    const twice = phases(transport).replace('          phase: begin\n', '');
    await start(transport, twice);
    expect((await flow.run()).result).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining('Use it once, or as `phase: begin` and `phase: finish`'),
    });
    expect(finals()).toEqual(['failed']);
  });

  it('say at once that there is no plan, and let no scanner work for nothing', async () => {
    await start(transport, phases(transport, { between: 'echo "result so far: ${{ steps.begin.outputs.result }}"' }));
    const ran = await flow.run({ planAnswer: 'unsupported-terraform' });
    expect(ran.result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('no JSON for this plan') });
    expect(log(ran)).toContain('result so far: failed');
    expect(log(ran)).toContain('There is a verdict on record already: failed (action)');
    expect(finals()).toEqual(['failed']);
  });
});

const EMPTY_SARIF = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'scanner' } }, results: [] }] });

/** Passes only on the plan with its one resource. */
const NEEDS_NETWORK = `version: 1
checks:
  - name: one resource
    cel: { for: plan, assert: "plan.counts.add == 1" }
`;

describe('begin', () => {
  it('gives the steps that follow the plan masked, its counts and the configuration; raw only when asked', async () => {
    const look = 'echo "plan $(basename "$PLAN") raw <$RAW> add $ADD folder <$FOLDER>"; ls -la "$(dirname "$PLAN")"';
    await start('relay', phases('relay', { between: look, finish: '' }));
    const ran = await flow.run();
    expect(log(ran)).toContain('plan plan.masked.json raw <> add 1 folder <>');
    expect(ran.result.status).toBe('passed');
    const outputs = ran.workflowRun!.jobs[0]!.steps.find((step) => step.name === 'begin' && step.phase === 'main')!.outputs;
    expect(outputs).toMatchObject({ 'plan-json-raw': '', 'add': '1', 'destroy': '0', 'configuration': '' });
    expect(existsSync(outputs['plan-json'] ?? '')).toBe(false);
  });
});

describe('finish', () => {
  it('works alone as the whole, and says that it is alone', async () => {
    await start('relay', phases('relay', { begin: false, between: 'echo nothing', finish: '' }));
    const ran = await flow.run({ plan: harmlessPlan() });
    expect(ran.result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(log(ran)).toContain('`phase: finish` without `phase: begin`');
  });

  it('fails when a report that was asked for is not there', async () => {
    await start('relay', phases('relay', { between: 'echo nothing' }));
    expect((await flow.run()).result).toMatchObject({ status: 'failed', message: expect.stringContaining('results: reports/*.sarif') });
  });
});
