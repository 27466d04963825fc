import { afterEach, describe, expect, it } from '@jest/globals';
import type { TaskLabel } from '../../src/contracts/client-payload.ts';
import { A_USE, ANOTHER_USE, createWorld, type ClaimChange, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const reasons = (): unknown[] => world.log.filter(({ event }) => event === 'claim refused').map(({ fields }) => fields['reason']);
/** Of the day on which the world's clock begins, at 10:00. */
const at = (time: string): number => Date.parse(`2026-11-22T${time}Z`) / 1000;
const NOT_FOUND = { status: 404, body: { error: { code: 'not-found', message: expect.stringContaining('No such run task') } } };

describe('a claim', () => {
  it.each<[string, ClaimChange, string]>([
    ['another repository', { claims: { repository_id: '1' } }, 'other-repository'],
    ['another owner', { claims: { repository_owner_id: '1' } }, 'other-owner'],
    ['a second allow-listed issuer with the same repository id', { mint: { issuer: 'second' } }, 'other-issuer'],
    ['another branch', { claims: { ref: 'refs/heads/feature' } }, 'other-ref'],
    ['another event', { claims: { event_name: 'push' } }, 'other-event'],
    [
      'another workflow file',
      { claims: { workflow_ref: 'acme/terraform-gate/.github/workflows/other.yml@refs/heads/main' } },
      'other-workflow',
    ],
    [
      'the workflow file of another branch',
      { claims: { workflow_ref: 'acme/terraform-gate/.github/workflows/run-task.yml@refs/heads/x' } },
      'other-workflow',
    ],
    [
      'the workflow file of another repository',
      { claims: { workflow_ref: 'evil/terraform-gate/.github/workflows/run-task.yml@refs/heads/main' } },
      'other-workflow',
    ],
  ])('of %s is refused as if the task did not exist', async (_name, change, reason) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    expect(await world.claim(payload, change)).toEqual(NOT_FOUND);
    expect(reasons()).toEqual([reason]);
    expect((await world.claim(payload)).status).toBe(200);
  });

  // The reason is asserted because each of these could be refused for another's.
  it.each<[string, ClaimChange, string]>([
    ['of an issuer that is not listed', { claims: { iss: 'https://token.actions.githubusercontent.com' } }, 'issuer is not allowed'],
    ['signed by nobody (alg: none)', { mint: { alg: 'none' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['signed with RS512', { mint: { alg: 'RS512' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['signed with PS256', { mint: { alg: 'PS256' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['signed with the public key as a shared one (HS256)', { mint: { alg: 'HS256' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['signed with the key of another listed issuer', { mint: { foreignKey: true } }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['that expired', { claims: { exp: at('09:58:59') } }, 'ERR_JWT_EXPIRED (exp)'],
    ['that is older than ten minutes, however long it says it lives', { claims: { iat: at('09:48:59') } }, 'ERR_JWT_EXPIRED (iat)'],
    ['from the future', { claims: { nbf: at('10:01:01') } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (nbf)'],
    ['made in the future', { claims: { iat: at('10:01:01') } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (iat)'],
    ['without a jti', { claims: { jti: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (jti)'],
    ['without an audience', { claims: { aud: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (aud)'],
    ['without an expiry', { claims: { exp: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (exp)'],
    ['without a run id', { claims: { run_id: undefined } }, 'claims: run_id'],
    ['that is no JWT', { token: 'abc.def.ghi' }, 'ERR_JWT_INVALID'],
  ])('with a token %s is unauthorized', async (_name, change, detail) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    expect(await world.claim(payload, change)).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(reasons()).toEqual(['invalid']);
    expect(world.event('claim refused')?.fields['detail']).toBe(detail);
    expect(await world.store.count()).toEqual({ dispatched: 1 });
  });

  it.each([
    ['another address of the same relay', 'http://relay.test:80', 'http://relay.test:80'],
    ['another service', 'https://github.com/acme', 'https://github.com/acme'],
    ['several', ['http://relay.test', 'https://other.example'], 'http://relay.test,https://other.example'],
    ['nonsense', `${'x'.repeat(300)}`, 'x'.repeat(200)],
    ['a line of its own', 'a\nb <c>\u{1f600}', 'a?b?<c>??'],
  ])('with a token made for %s is unauthorized, and the log names both addresses', async (_name, aud, shown) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    expect(await world.claim(payload, { claims: { aud } })).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(world.event('claim refused')).toMatchObject({
      level: 'warn',
      fields: {
        id: payload.id,
        reason: 'other-audience',
        relay_url: shown,
        public_url: 'http://relay.test',
        job: { repository: 'acme/terraform-gate' },
      },
    });
    expect((await world.claim(payload)).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['expired', { exp: at('09:58:59') }, 'ERR_JWT_EXPIRED (exp)'],
    ['without a jti', { jti: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED (jti)'],
  ])('with a token of another audience that is %s as well tells nobody anything', async (_name, claims, detail) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    expect((await world.claim(payload, { claims: { aud: 'https://other.example', ...claims } })).status).toBe(401);
    expect(world.event('claim refused')?.fields).toEqual({ id: payload.id, reason: 'invalid', detail });
  });

  it('is taken with clocks that are a minute apart', async () => {
    world = await createWorld();
    for (const claims of [{ exp: at('09:59:01') }, { nbf: at('10:00:59') }, { iat: at('10:00:59') }])
      expect((await world.claim((await world.dispatched()).client_payload, { claims })).status).toBe(200);
  });

  it('answers an unknown id, a wrong ticket and another tenant with the very same bytes', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const answers = [
      await world.claim({ ...payload, id: 'rt_0000000000000000000000' }),
      await world.claim({ ...payload, ticket: 'A'.repeat(43) }),
      await world.claim(payload, { claims: { repository_id: '1' } }),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(reasons()).toEqual(['unknown-id', 'wrong-ticket', 'other-repository']);
  });

  it('with the ticket of another run task is refused', async () => {
    world = await createWorld();
    const one = (await world.dispatched()).client_payload;
    const other = (await world.dispatched()).client_payload;
    expect(await world.claim({ ...one, ticket: other.ticket })).toEqual(NOT_FOUND);
  });

  // The type makes this complete: a new field of the label does not compile until it is here.
  const OTHER: Record<keyof TaskLabel, unknown> = {
    stage: 'pre_apply',
    organization: 'other',
    workspace: 'other',
    run: 'run-other',
    enforcement: 'advisory',
    speculative: true,
  };
  it.each([...Object.entries(OTHER), ['organization', null], ['workspace', null], ['run', null]])(
    'is refused when `%s` was changed to %j',
    async (field, value) => {
      world = await createWorld();
      const { client_payload: payload } = await world.dispatched();
      expect(Object.keys(payload.task).sort()).toEqual(Object.keys(OTHER).sort());
      expect(await world.claim({ ...payload, task: { ...payload.task, [String(field)]: value } })).toEqual(NOT_FOUND);
      expect(world.event('claim refused')?.fields).toMatchObject({ reason: 'other-payload', detail: field });
      expect((await world.claim(payload)).status).toBe(200);
    },
  );

  it('is refused when a name that the payload leaves out was put in', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched({ workspace_name: 'net prod' });
    expect(payload.task).toMatchObject({ workspace: null });
    expect(await world.claim({ ...payload, task: { ...payload.task, workspace: 'net-prod' } })).toEqual(NOT_FOUND);
    expect(reasons()).toEqual(['other-payload']);
  });

  it('is refused when the payload names another run task than the address', async () => {
    world = await createWorld();
    const one = (await world.dispatched()).client_payload;
    const other = (await world.dispatched()).client_payload;
    const claim = async (payload: object) =>
      world.call('POST', `/v1/run-tasks/${one.id}/claim`, await world.github.mint(world.clock.now()), {
        version: 1,
        payload,
        use: A_USE,
        phase: 'all',
        process: 'main',
      });
    expect(await claim(other)).toEqual(NOT_FOUND);
    expect(await claim({ ...one, id: other.id })).toEqual(NOT_FOUND);
    expect(reasons()).toEqual(['wrong-ticket', 'other-payload']);
    expect(await world.store.count()).toEqual({ dispatched: 2 });
  });

  it.each([
    ['a field more', (payload: object) => ({ ...payload, relay_url: 'https://evil.example' })],
    ['a field more in task', (payload: { task: object }) => ({ ...payload, task: { ...payload.task, message: 'x' } })],
    ['a field less in task', (payload: { task: object }) => ({ ...payload, task: { ...payload.task, stage: undefined } })],
    ['another version', (payload: object) => ({ ...payload, version: 2 })],
  ])('is not understood with %s', async (_name, change) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const answer = await world.claim({ id: payload.id, ...change(payload) });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-request' } } });
    expect(await world.store.count()).toEqual({ dispatched: 1 });
  });

  it('uses a token once, for whichever run task, and also after a restart', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const { client_payload: other } = await world.dispatched();
    const token = await world.github.mint(world.clock.now());
    expect((await world.claim(payload, { token })).status).toBe(200);
    expect((await world.claim(payload, { token })).status).toBe(401);
    expect((await world.claim(other, { token })).status).toBe(401);
    await world.restart();
    expect((await world.claim(payload, { token })).status).toBe(401);
    expect(reasons()).toEqual(['jti-reused', 'jti-reused', 'jti-reused']);
    expect(await world.store.count()).toEqual({ claimed: 1, dispatched: 1 });
  });

  it('whose answer was lost is made again with a new token, and both sessions work', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const first = await world.claim(payload, { process: 'pre' });
    const second = await world.claim(payload, { process: 'main' });
    expect(second.status).toBe(200);
    expect(second.body.session_token).not.toBe(first.body.session_token);
    for (const { body } of [first, second])
      expect((await world.call('POST', `/v1/run-tasks/${payload.id}/renew`, body.session_token, { state: 'live' })).status).toBe(200);
  });

  it('of another run, and of a second job of the same run, is refused with the reason', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload);
    const other = { status: 409, body: { error: { code: 'claimed-by-another', message: expect.stringContaining('one job') } } };
    expect(await world.claim(payload, { claims: { run_id: '901' } })).toEqual(other);
    expect(await world.claim(payload, { claims: { check_run_id: '9002' } })).toEqual(other);
  });

  it('of a second job fails the run task where the token does not name the job (older GitHub Enterprise Server)', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const claims = { check_run_id: undefined };
    expect((await world.claim(payload, { claims })).body.verdict).toBeNull();
    expect((await world.claim(payload, { claims, process: 'post' })).body.verdict).toBeNull();
    const second = await world.claim(payload, { claims, use: ANOTHER_USE });
    expect(second.body.verdict).toMatchObject({ status: 'failed', decided_by: 'two-uses' });
  });

  it('of a later attempt takes over and fences the earlier one out', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const first = await world.claim(payload);
    const second = await world.claim(payload, { claims: { run_attempt: '2', check_run_id: '9002' } });
    expect(second.status).toBe(200);
    const where = `/v1/run-tasks/${payload.id}`;
    const late = await world.call('PATCH', `${where}/result`, first.body.session_token, {
      status: 'passed',
      message: 'late',
      outcomes: [],
    });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'fenced' } } });
    expect(await world.claim(payload)).toMatchObject({ status: 409, body: { error: { code: 'fenced' } } });
    const good = await world.call('PATCH', `${where}/result`, second.body.session_token, {
      status: 'failed',
      message: 'in time',
      outcomes: [],
    });
    expect(good).toMatchObject({ status: 200, body: { accepted: true, verdict: { message: 'in time' } } });
  });

  it('comes before GitHub has answered the dispatch', async () => {
    world = await createWorld();
    world.github.script.push({ path: /dispatches$/, answer: 'eaten' });
    await world.post(world.request());
    const dispatch = await until(() => world.github.dispatches[0], 'the dispatch');
    expect((await world.claim(dispatch.client_payload)).status).toBe(200);
    // The retry of the dispatch finds the task claimed and stays away.
    await world.clock.advance(60_000);
    expect(world.github.dispatches).toHaveLength(1);
    expect(await world.store.count()).toEqual({ claimed: 1 });
  });

  it('by two uses in one job fails the run task with the reason', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, { use: A_USE, process: 'pre' });
    const second = await world.claim(payload, { use: ANOTHER_USE, process: 'pre' });
    expect(second.body.verdict).toMatchObject({
      status: 'failed',
      decided_by: 'two-uses',
      message: expect.stringContaining('phase: begin'),
    });
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    // The first, when its main comes, is told the same.
    expect((await world.claim(payload, { use: A_USE })).body.verdict).toMatchObject({ decided_by: 'two-uses' });
  });

  it('by the two phases of one job is one claim', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, { use: A_USE, phase: 'begin', process: 'pre' });
    const finish = await world.claim(payload, { use: ANOTHER_USE, phase: 'finish', process: 'pre' });
    expect(finish.body.verdict).toBeNull();
    const third = await world.claim(payload, { use: 'CCCCCCCCCCCCCCCCCCCCCC', phase: 'finish' });
    expect(third.body.verdict).toMatchObject({ decided_by: 'two-uses' });
  });

  it('of another version is a failed verdict that names which side to upgrade', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const answer = await world.claim(payload, { version: 2 });
    expect(answer).toMatchObject({
      status: 426,
      body: { error: { code: 'version-mismatch', message: expect.stringContaining('Upgrade the relay') } },
    });
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringContaining('version 2') }]);
  });

  it.each<[string, ClaimChange]>([
    ['of another branch', { claims: { ref: 'refs/heads/feature' } }],
    ['of another event', { claims: { event_name: 'pull_request' } }],
    ['of another issuer', { mint: { issuer: 'second' } }],
  ])('of another version by a job %s changes nothing, also with the ticket', async (_name, change) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, { version: 2, ...change });
    expect((await world.claim(payload)).body).toMatchObject({ verdict: null });
  });

  it('of another version without the ticket changes nothing', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim({ ...payload, ticket: 'A'.repeat(43) }, { version: 2 });
    expect(await world.store.count()).toEqual({ dispatched: 1 });
  });

  it('requires the reusable workflow that the route names', async () => {
    const central = 'acme/central/.github/workflows/checks.yml@refs/heads/main';
    const route = {
      repository: 'acme/terraform-gate',
      workflow: 'run-task.yml',
      event_type: 'e',
      observe: false,
      job_workflow_ref: central,
    };
    world = await createWorld({ task: { routes: [route] } });
    const { client_payload: payload } = await world.dispatched();
    expect(await world.claim(payload)).toEqual(NOT_FOUND);
    expect(await world.claim(payload, { claims: { job_workflow_ref: `${central}x` } })).toEqual(NOT_FOUND);
    expect((await world.claim(payload, { claims: { job_workflow_ref: central } })).status).toBe(200);
  });

  it('binds to the default branch as it is at the dispatch', async () => {
    world = await createWorld();
    world.github.repository.defaultBranch = 'trunk';
    const { client_payload: payload } = await world.dispatched();
    expect((await world.claim(payload)).status).toBe(200);
  });

  it('is asked to come again when the keys of the issuer cannot be had', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    world.github.script.push({ path: /openid-configuration/, answer: { status: 500 } });
    expect(await world.claim(payload)).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect((await world.claim(payload)).status).toBe(200);
  });

  it('gets a comment token for a listed repository of the pull request, from an App', async () => {
    const { privateKeyPem } = await anAppKey();
    world = await createWorld({
      task: { feedback_repositories: ['acme/net*'] },
      config: (config) => ({ ...config, github: { ...config.github, identity: { kind: 'app', appId: '12', privateKeyPem } } }),
    });
    const pull = `${world.github.url}/acme/net/pull/7`;
    const { client_payload: payload } = await world.dispatched({ vcs_pull_request_url: pull });
    // The stand-in knows one repository at a time.
    world.github.repository = { ...world.github.repository, fullName: 'acme/net', id: 99 };
    const { body } = await world.claim(payload, {
      claims: {
        repository: 'acme/terraform-gate',
        repository_id: '4711',
        workflow_ref: 'acme/terraform-gate/.github/workflows/run-task.yml@refs/heads/main',
      },
    });
    expect(body.feedback_token).toEqual({ token: expect.stringMatching(/^ghs_/), repository: 'acme/net' });
    const asked = world.github.seen
      .filter(({ url }) => url.endsWith('/access_tokens'))
      .map(({ body: text }) => JSON.parse(text) as unknown);
    expect(asked).toContainEqual({ repository_ids: [99], permissions: { pull_requests: 'write', statuses: 'write', checks: 'write' } });
    expect(asked).toContainEqual({ repository_ids: [4711], permissions: { contents: 'write' } });
  });

  it('gets no comment token with a personal token, nor for a repository that is not listed', async () => {
    world = await createWorld({ task: { feedback_repositories: ['acme/*'] } });
    const { client_payload: payload } = await world.dispatched({ vcs_pull_request_url: `${world.github.url}/acme/net/pull/7` });
    expect((await world.claim(payload)).body.feedback_token).toBeNull();
  });
});

describe('a session', () => {
  it('opens nothing without its token, and another task not with it', async () => {
    world = await createWorld();
    const one = (await world.dispatched()).client_payload;
    const other = (await world.dispatched()).client_payload;
    const session = (await world.claim(one)).body.session_token;
    await world.claim(other, { claims: { run_id: '901' } });
    for (const [method, what, body] of [
      ['POST', 'plan', {}],
      ['POST', 'configuration', {}],
      ['POST', 'renew', { state: 'live' }],
      ['PATCH', 'progress', { message: 'x' }],
      ['PATCH', 'result', { status: 'passed', message: 'x', outcomes: [] }],
    ] as const) {
      expect((await world.call(method, `/v1/run-tasks/${one.id}/${what}`, null, body)).status).toBe(401);
      expect((await world.call(method, `/v1/run-tasks/${other.id}/${what}`, session, body)).status).toBe(404);
      expect((await world.call(method, `/v1/run-tasks/rt_0000000000000000000000/${what}`, session, body)).status).toBe(404);
    }
    expect(await world.store.count()).toEqual({ claimed: 2 });
  });

  it('tells the retry of a result from another result', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const session = (await world.claim(payload)).body.session_token;
    const send = (message: string) =>
      world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, session, { status: 'failed', message, outcomes: [] });
    expect((await send('one')).body).toMatchObject({ accepted: true });
    expect((await send('one')).body).toMatchObject({ accepted: true, delivery: { state: 'delivered' } });
    expect((await send('two')).body).toMatchObject({ accepted: false, verdict: { message: 'one' } });
    expect(world.hcp.verdicts()).toHaveLength(1);
  });

  it('refuses a result beyond the limits of HCP, with the reason', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const session = (await world.claim(payload)).body.session_token;
    const answer = await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, session, {
      status: 'passed',
      message: 'x'.repeat(1001),
      outcomes: [],
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-request', message: expect.stringContaining('message') } } });
  });

  it('streams plan and configuration through the relay where the operator says so', async () => {
    world = await createWorld({ task: { plan: 'stream' } });
    const { client_payload: payload } = await world.dispatched();
    const session = (await world.claim(payload)).body.session_token;
    for (const [what, type] of [
      ['plan', 'application/octet-stream'],
      ['configuration', 'application/gzip'],
    ]) {
      const response = await world.relay.fetch(
        new Request(`http://relay.test/v1/run-tasks/${payload.id}/${what}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${session}` },
        }),
      );
      expect(response.headers.get('content-type')).toBe(type);
      expect(await response.text()).toContain('format_version');
    }
  });

  it('is told why there is no plan: in pre_plan, and after the verdict', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched({
      stage: 'pre_plan',
      plan_json_api_url: null,
      configuration_version_download_url: null,
    });
    const session = (await world.claim(payload)).body.session_token;
    const ask = (what: string) => world.call('POST', `/v1/run-tasks/${payload.id}/${what}`, session, {});
    expect((await ask('plan')).body).toMatchObject({ kind: 'unavailable', reason: 'no-plan-in-stage' });
    expect((await ask('configuration')).body).toMatchObject({ kind: 'unavailable', reason: 'not-offered' });
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, session, { status: 'passed', message: 'x', outcomes: [] });
    expect((await ask('plan')).body).toMatchObject({ kind: 'unavailable', reason: 'token-expired' });
  });

  it('turns a failed result into a passed one where the route only observes', async () => {
    const route = { repository: 'acme/terraform-gate', workflow: 'run-task.yml', event_type: 'e', observe: true };
    world = await createWorld({ task: { routes: [route] } });
    const { client_payload: payload } = await world.dispatched();
    const claimed = await world.claim(payload);
    expect(claimed.body.observe).toBe(true);
    const answer = await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, claimed.body.session_token, {
      status: 'failed',
      message: 'no tags',
      outcomes: [],
    });
    expect(answer.body).toMatchObject({
      accepted: true,
      verdict: { status: 'passed', message: 'Observed only; this would have failed: no tags' },
    });
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'passed' }]);
  });

  it('works over a real socket, with headers that keep browsers and caches away', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const listening = await world.relay.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${listening.url}/v1/run-tasks/${payload.id}/renew`, { method: 'POST' });
    expect(response.status).toBe(401);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const port = Number(new URL(listening.url).port);
    await expect(world.relay.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await listening.close();
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow();
  });
});

async function anAppKey(): Promise<{ privateKeyPem: string }> {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // PKCS#1, as GitHub hands it out.
  return { privateKeyPem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}
