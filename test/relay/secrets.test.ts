// One run task through the whole relay, with everything that can fail failing once: then no secret stands in anything that was written,
// logged or sent where it does not belong, in plain, base64 or URL encoding.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encodings } from '../../src/base/redact.ts';
import { aRequest } from '../support/requests.ts';
import { createWorld, HMAC_KEY, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const filesOf = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'latin1'))
    .join('\n');

describe('the secrets of a run task', () => {
  it('are nowhere but where they belong', async () => {
    world = await createWorld();
    const request = world.request();
    world.hcp.script.push(500);
    world.github.script.push({ path: /dispatches$/, answer: { status: 500, message: `upstream said ${request.access_token}` } });
    await world.post(request);
    await world.pass(10_000);
    const { client_payload: payload } = world.github.dispatches[0]!;
    const oidc = await world.github.mint(world.clock.now());
    const refused = await world.github.mint(world.clock.now(), { repository_id: '1' });
    await world.claim(payload, { token: refused });
    const { session_token: session } = (await world.claim(payload, { token: oidc })).body;
    const plan = await world.call('POST', `/v1/run-tasks/${payload.id}/plan`, session, {});
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, session, { message: 'working' });
    const during = filesOf(world.folder);
    world.hcp.script.push(500, 'reset');
    const result = world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, session, { status: 'passed', message: 'ok', outcomes: [] });
    await world.pass(10_000, 1000);
    await result;
    await until(() => world.event('result delivered'), 'the delivery');
    const after = filesOf(world.folder);

    const ofHcp = [
      request.access_token,
      request.task_result_callback_url,
      request.plan_json_api_url!,
      request.configuration_version_download_url!,
    ];
    const ofClaim = [payload.ticket, session, oidc, refused];
    const presigned = String(plan.body['url']);
    const github = JSON.stringify(world.github.seen);
    const log = JSON.stringify(world.log);
    const hcp = JSON.stringify(world.hcp.seen.map(({ url, body }) => [url.replace(/\/callback.*/, ''), body]));
    const places: [string, string, string[]][] = [
      ['the log', log, [...ofHcp, ...ofClaim, presigned, HMAC_KEY]],
      ['what GitHub saw', github, [...ofHcp, session, oidc, presigned, HMAC_KEY]],
      ['the store during the task', during, [...ofHcp, ...ofClaim, presigned, HMAC_KEY]],
      ['the store after it', after, [...ofHcp, ...ofClaim, presigned, HMAC_KEY]],
      ['what HCP saw', hcp, [...ofClaim, HMAC_KEY]],
    ];
    for (const [place, text, secrets] of places)
      for (const secret of secrets)
        for (const form of encodings(secret)) expect({ place, found: text.includes(form) ? form : null }).toEqual({ place, found: null });
    // The search can find: what belongs there is there.
    expect(github).toContain(payload.ticket);
    expect(log).toContain('net-prod');
    expect(during).toContain(request.task_result_id);
    expect(aRequest().access_token).toHaveLength(request.access_token.length);
  });
});
