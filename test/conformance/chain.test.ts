// The whole chain plays the demo's three runs; everything that HCP Terraform and GitHub saw, and everything that their emulators
// answered, must hold against the vendors' own descriptions.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { startChain, type Chain } from '../../src/cli/demo/chain.ts';
import { makePlans } from '../../src/cli/demo/make-plans.ts';
import { playRun, prepareShop } from '../../src/cli/demo/play-run.ts';
import { PLAYS } from '../../src/cli/demo/scenarios.ts';
import { createTimeline } from '../../src/cli/demo/timeline.ts';
import { loadConformance, missingDescriptions } from './openapi.ts';

const root = path.resolve(import.meta.dirname, '../..');
const describeHere = missingDescriptions === null ? describe : describe.skip;

describeHere(`what the chain sends and hears${missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`}`, () => {
  let chain: Chain | undefined;
  let workRoot = '';

  beforeAll(async () => {
    workRoot = await mkdtemp(path.join(tmpdir(), 'runtask-conformance-'));
    const examplesDir = path.join(root, 'examples');
    const gateFiles = {
      '.github/workflows/run-task.yml': await readFile(path.join(examplesDir, 'gate-repository/.github/workflows/run-task.yml'), 'utf8'),
      '.runtask/checks.yml': await readFile(path.join(examplesDir, '.runtask/checks.yml'), 'utf8'),
    };
    chain = await startChain({ clock: systemClock, log: silentLog, actionFolder: root, workRoot, gateFiles });
    await prepareShop(chain);
    const plans = await makePlans({ terraformPath: null, workDir: workRoot, examplesDir });
    const quiet = createTimeline({ write: () => {} }, () => 0, false);
    for (const play of PLAYS) {
      const plan = plans.find(({ scenario }) => scenario === play.scenario);
      if (plan === undefined) throw new Error(`no plan for ${play.scenario}`);
      const { result } = await playRun(chain, play, plan, quiet);
      expect(result.status).toBe(play.expected);
    }
  });
  afterAll(async () => {
    await chain?.close();
    await rm(workRoot, { recursive: true, force: true });
  });

  it('holds against HashiCorp’s description', () => {
    const { violations, unknown, checked } = loadConformance().checkSeen('hcp', chain?.hcp.seen ?? []);
    expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
    expect(checked).toEqual(expect.arrayContaining(['callbackTaskResult']));
  });

  it('holds against GitHub’s description', () => {
    const { violations, unknown, checked } = loadConformance().checkSeen('github', chain?.github.seen ?? []);
    expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
    expect(checked).toEqual(
      expect.arrayContaining([
        'apps/create-installation-access-token',
        'issues/create-comment',
        'repos/create-commit-status',
        'repos/create-dispatch-event',
      ]),
    );
  });
});
