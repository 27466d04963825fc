// Check runs, on the emulated GitHub: all annotations, appended request by request, and what a token that may not is told.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { writeCheckRun, type CheckRun, type CheckRunAnnotation } from '../../src/github/check-run.ts';
import { createAppIdentity } from '../../src/github/identity.ts';
import type { Permissions } from '../../src/emulators/github/model.ts';
import { createStage, type Stage } from '../emulators/github/stage.ts';

const SHA = 'a'.repeat(40);
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net', files: {} });
  stage.github.createCommit({ repository: 'acme/net', sha: SHA, branch: 'topic' });
});
afterEach(() => stage.close());

const anAnnotation = (line: number): CheckRunAnnotation => ({
  path: 'main.tf',
  start_line: line,
  end_line: line,
  annotation_level: 'failure',
  title: 'required tags',
  message: `finding ${line}`,
});
const aCheckRun = (over: Partial<CheckRun> = {}): CheckRun => ({
  owner: 'acme',
  repo: 'net',
  sha: SHA,
  name: 'runtask/net-prod/post_plan',
  conclusion: 'failure',
  detailsUrl: 'https://github.example/run/1',
  externalId: 'run-1',
  title: '1 check failed',
  summary: '### ❌ net-prod',
  annotations: [],
  ...over,
});

/** As the relay's App hands it to a job. */
async function feedbackToken(permissions: Permissions): Promise<string> {
  const app = await stage.github.createApp({ slug: 'gate', permissions });
  stage.github.installApp(app.appId, { account: 'acme', repositories: 'all' });
  const identity = createAppIdentity(stage.github.apiUrl, String(app.appId), app.privateKeyPem);
  const token = await identity.token('feedback', { owner: 'acme', name: 'net' }, { fetch, now: stage.clock.now });
  if (!token.ok) throw new Error(token.error.detail);
  return token.value;
}
const octokit = (token: string) => getOctokit(token, { baseUrl: stage.github.apiUrl });
const MAY: Permissions = { contents: 'write', pull_requests: 'write', statuses: 'write', checks: 'write' };
const { checks: _checks, ...MAY_NOT } = MAY;

describe('writeCheckRun', () => {
  it.each([0, 1, 50, 51, 120])('writes %i annotations', async (count) => {
    const annotations = Array.from({ length: count }, (_, index) => anAnnotation(index + 1));
    const url = await writeCheckRun(octokit(await feedbackToken(MAY)), aCheckRun({ annotations }));
    expect(url).toMatch(/\/acme\/net\/runs\/\d+$/);
    const [run, ...others] = stage.github.checkRuns('acme/net', SHA);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: 'runtask/net-prod/post_plan', status: 'completed', conclusion: 'failure', external_id: 'run-1' });
    expect((run?.['output'] as { annotations?: object[] }).annotations ?? []).toEqual(annotations);
    expect(stage.github.seen.filter(({ path }) => path.includes('/check-runs'))).toHaveLength(Math.max(1, Math.ceil(count / 50)));
  });

  it('says what is missing when the token may not', async () => {
    const told = 'GitHub does not let this token write a check run on acme/net@aaaaaaaaaaaa, which needs `checks: write`';
    await expect(writeCheckRun(octokit(await feedbackToken(MAY_NOT)), aCheckRun())).rejects.toThrow(told);
    await expect(writeCheckRun(octokit(stage.token), aCheckRun())).rejects.toThrow(told);
  });
});

describe('the token for feedback', () => {
  it('is given without check runs by an App that may not write them', async () => {
    const token = await feedbackToken(MAY_NOT);
    const status = await stage.call('POST', `/repos/acme/net/statuses/${SHA}`, { body: { state: 'success' }, token });
    expect(status.status).toBe(201);
  });
});
