// The whole chain plays the demo's pull requests: each must end as the demo promises. Everything that HCP Terraform and GitHub saw, and
// everything that their emulators answered, must hold against the vendors' own descriptions.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog, type LogFields } from '../../src/base/log.ts';
import { startChain, type Chain } from '../../src/cli/demo/chain.ts';
import { judge } from '../../src/cli/demo/judge.ts';
import { makePlans } from '../../src/cli/demo/make-plans.ts';
import { playRun, prepareShop, timelineFromRelay } from '../../src/cli/demo/play-run.ts';
import { PLAYS } from '../../src/cli/demo/scenarios.ts';
import { createTimeline } from '../../src/cli/demo/timeline.ts';
import { ACTION_FOLDER } from '../support/flow.ts';
import { loadConformance, missingDescriptions } from './openapi.ts';

const root = path.resolve(import.meta.dirname, '../..');
const itHere = missingDescriptions === null ? it : it.skip;
const skipped = missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`;

describe('the chain of the demo', () => {
  let chain: Chain | undefined;
  let workRoot = '';
  let tell: ReturnType<typeof timelineFromRelay> = () => {};
  const problems: string[] = [];

  beforeAll(async () => {
    workRoot = await mkdtemp(path.join(tmpdir(), 'runtask-conformance-'));
    const examplesDir = path.join(root, 'examples');
    const gateFiles = {
      '.github/workflows/run-task.yml': await readFile(path.join(examplesDir, 'gate-repository/.github/workflows/run-task.yml'), 'utf8'),
      '.runtask/checks.yml': await readFile(path.join(examplesDir, '.runtask/checks.yml'), 'utf8'),
    };
    const log = { ...silentLog, info: (event: string, fields: LogFields = {}): void => tell(event, fields) };
    chain = await startChain({ clock: systemClock, log, actionFolder: ACTION_FOLDER, workRoot, gateFiles });
    await prepareShop(chain);
    const plans = await makePlans({ terraformPath: null, workDir: workRoot, examplesDir });
    const quiet = createTimeline({ write: () => {} }, () => 0, false);
    tell = timelineFromRelay(quiet);
    for (const play of PLAYS) problems.push(...judge(await playRun(chain, play, plans, quiet), quiet.seen));
  });
  afterAll(async () => {
    await chain?.close();
    await rm(workRoot, { recursive: true, force: true });
  });

  it('ends as the demo promises: verdicts, one comment on each pull request, each step seen', () => {
    expect(problems).toEqual([]);
  });

  itHere(`what it sends and hears holds against HashiCorp’s description${skipped}`, () => {
    const { violations, unknown, checked } = loadConformance().checkSeen('hcp', chain?.hcp.seen ?? []);
    expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
    expect(checked).toEqual(expect.arrayContaining(['callbackTaskResult']));
  });

  itHere(`what it sends and hears holds against GitHub’s description${skipped}`, () => {
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
