import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { StartRun } from '../../../src/emulators/hcp-terraform/index.ts';
import { arrange, get, type Scene } from './arrange.ts';

describe('plan and configuration', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const posted = async (spec: Partial<StartRun> = {}, options: Parameters<typeof arrange>[0] = {}) => {
    scene = await arrange(options);
    const run = await scene.startPosted({ speculative: true, ...spec });
    const { payload } = scene.relay.received[0]!;
    return {
      run,
      token: run.taskResults[0]!.accessToken,
      planUrl: String(payload['plan_json_api_url']),
      configurationUrl: String(payload['configuration_version_download_url']),
    };
  };

  it('redirects to another origin, which serves the very bytes without a token', async () => {
    // Neither valid JSON nor UTF-8: nothing on the way may parse or re-serialise.
    const plan = Buffer.from([0x7b, 0xff, 0x20, 0x0a, 0x00]);
    const { planUrl, token } = await posted({ plan });
    const redirect = await get(planUrl, token);
    expect(redirect.status).toBe(307);
    const location = redirect.headers.get('location')!;
    expect(new URL(location).origin).toBe(scene.hcp.storeUrl);
    expect(scene.hcp.storeUrl).not.toBe(scene.hcp.url);
    const answer = await get(location);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(plan);
    // Asked again, it is another URL.
    expect((await get(planUrl, token)).headers.get('location')).not.toBe(location);
  });

  it('is not for tokens of the management API that may not read runs', async () => {
    const { planUrl, configurationUrl } = await posted(
      { configuration: Buffer.from('tgz') },
      { tokens: { attacher: ['read-workspaces'] } },
    );
    expect([(await get(planUrl, 'attacher')).status, (await get(configurationUrl, 'attacher')).status]).toEqual([404, 404]);
    expect([(await get(planUrl, scene.hcp.adminToken)).status, (await get(configurationUrl, scene.hcp.adminToken)).status]).toEqual([
      307, 302,
    ]);
  });

  it('refuses a second authentication at the store', async () => {
    const { planUrl, token } = await posted();
    const location = (await get(planUrl, token)).headers.get('location')!;
    expect((await get(location, token)).status).toBe(400);
    expect((await get(location, 'anything')).status).toBe(400);
    expect(scene.hcp.seen.filter(({ server }) => server === 'store').map(({ status }) => status)).toEqual([400, 400]);
  });

  it('lets a plan URL live for one minute', async () => {
    const { planUrl, token } = await posted();
    const location = (await get(planUrl, token)).headers.get('location')!;
    await scene.clock.advance(59_999);
    expect((await get(location)).status).toBe(200);
    await scene.clock.advance(1);
    expect((await get(location)).status).toBe(403);
    expect((await get(`${location}x`)).status).toBe(404);
  });

  it('streams a plan from a file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hcp-'));
    const text = `{"pad":"${'x'.repeat(300_000)}"}`;
    await writeFile(path.join(folder, 'plan.json'), text);
    const { planUrl, token } = await posted({ plan: null, planFile: path.join(folder, 'plan.json') });
    expect(await (await fetch(planUrl, { headers: { Authorization: `Bearer ${token}` } })).text()).toBe(text);
    await rm(folder, { recursive: true });
  });

  it('knows the plan by its run, too', async () => {
    const { run, token } = await posted();
    expect((await get(`${scene.hcp.url}/api/v2/runs/${run.id}/plan/json-output`, token)).status).toBe(307);
  });

  it('answers 204 as long as the plan is not ready', async () => {
    const { planUrl, token } = await posted({ planAnswer: { notReadyTimes: 2 } });
    expect([await get(planUrl, token), await get(planUrl, token), await get(planUrl, token)].map(({ status }) => status)).toEqual([
      204, 204, 307,
    ]);
  });

  it.each<[string, Partial<StartRun>, number]>([
    ['404 to a plan without JSON', { plan: null }, 404],
    ['404 to a plan that is gone', { planAnswer: 'missing' }, 404],
    ['422 to a plan of Terraform below 0.12', { planAnswer: 'unsupported-terraform' }, 422],
  ])('answers %s', async (_what, spec, status) => {
    const { planUrl, token } = await posted(spec);
    expect((await get(planUrl, token)).status).toBe(status);
  });

  it('serves the configuration for 25 hours, behind a 302', async () => {
    const { configurationUrl, token } = await posted({ configuration: Buffer.from('a tar') });
    const redirect = await get(configurationUrl, token);
    expect(redirect.status).toBe(302);
    const location = redirect.headers.get('location')!;
    await scene.clock.advance(25 * 3_600_000 - 1);
    expect(await (await get(location)).text()).toBe('a tar');
    await scene.clock.advance(1);
    expect((await get(location)).status).toBe(403);
  });

  it('answers 404 to a configuration that is not offered', async () => {
    const { run, token } = await posted();
    const cv = String(scene.relay.received[0]!.payload['configuration_version_id']);
    expect(run.taskResults).toHaveLength(1);
    expect((await get(`${scene.hcp.url}/api/v2/configuration-versions/${cv}/download`, token)).status).toBe(404);
  });

  it('shows a run’s plan and configuration to none but its own tokens', async () => {
    const { planUrl, configurationUrl, run } = await posted({ configuration: Buffer.from('a tar') });
    const other = await scene.startPosted();
    const foreign = other.taskResults[0]!.accessToken;
    expect(other.id).not.toBe(run.id);
    for (const url of [planUrl, configurationUrl]) {
      expect((await get(url)).status).toBe(401);
      expect((await get(url, 'test-token')).status).toBe(401);
      expect((await get(url, foreign)).status).toBe(404);
    }
    expect((await get(planUrl, scene.hcp.adminToken)).status).toBe(307);
  });

  it('shows no plan before there is one', async () => {
    const { run, token } = await posted({}, { attach: [{ stages: ['pre_plan', 'post_plan'] }] });
    const url = `${scene.hcp.url}/api/v2/runs/${run.id}/plan/json-output`;
    expect((await get(url, token)).status).toBe(404);
    expect((await get(url, scene.hcp.adminToken)).status).toBe(204);
  });

  it('keeps no plans in its log', async () => {
    const { planUrl, token } = await posted({ plan: Buffer.alloc(70_000, 'x') });
    await (await fetch((await get(planUrl, token)).headers.get('location')!)).text();
    expect(scene.hcp.seen.at(-1)).toMatchObject({ server: 'store', status: 200, responseBody: '<70000 bytes>' });
  });
});
