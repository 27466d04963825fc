// How GitHub is asked: what is repeated, what is waited for, what is never done twice.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGithubSettings } from '../../../src/github/settings/index.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../support/github-settings.ts';
import { createManualClock } from '../../support/manual-clock.ts';

let stage: SettingsStage;
beforeEach(async () => {
  stage = await startSettings({ variables: { A: '1' } });
});
afterEach(() => stage.close());
const repository = () => stage.settings().repository(REPOSITORY, stage.caller);

describe('reading', () => {
  it('asks once, whoever asks, whatever the case', async () => {
    const settings = stage.settings();
    const [a, b] = [settings.repository('acme/gate', stage.caller), settings.repository('Acme/Gate', stage.caller)];
    expect(await Promise.all([a.variable('A'), b.variable('a'), a.variable('B')])).toEqual(['1', '1', null]);
    expect(stage.calls()).toEqual(['GET 200', 'GET /actions/variables 200']);
  });

  it.each([
    ['answers 502', { status: 502 }],
    ['cuts the connection', { reset: true as const }],
  ])('is repeated when GitHub %s', async (_, weather) => {
    stage.github.failNext({ ...weather, times: 2 });
    expect(await repository().facts()).toEqual({ name: 'acme/gate', defaultBranch: 'main', archived: false });
    expect(stage.slept).toEqual([1000, 2000]);
  });

  it.each([
    ['a page', { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } }],
    ['nothing', { status: 200, body: '', headers: { 'content-type': 'application/json' } }],
    ['other JSON', { status: 200, body: '{"data":[]}', headers: { 'content-type': 'application/json' } }],
    ['null', { status: 200, body: 'null', headers: { 'content-type': 'application/json' } }],
    ['half of its JSON', { status: 200, body: '{"full_name":', headers: { 'content-type': 'application/json' } }],
  ])('tells %s from what GitHub answers', async (_, weather) => {
    stage.github.failNext({ ...weather, times: 9 });
    await expect(repository().facts()).rejects.toMatchObject({
      reason: 'unavailable',
      detail: 'What answers is no API (a login page?). Look at api_url, and at proxies in between',
    });
  });

  it('gives up after three, and begins anew when asked again', async () => {
    stage.github.failNext({ status: 500, times: 3 });
    const asked = repository();
    await expect(asked.facts()).rejects.toMatchObject({
      reason: 'unavailable',
      message: 'GitHub could not be asked to read the repository in acme/gate. GitHub answered HTTP 500: Server Error. Try again',
    });
    expect((await asked.facts()).defaultBranch).toBe('main');
  });

  it('ends with its caller', async () => {
    const stop = new AbortController();
    stage.github.failNext({ hang: true });
    const reading = stage.settings().repository(REPOSITORY, { signal: stop.signal }).facts();
    while (stage.github.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
    expect(stage.calls()).toEqual(['GET 0']);
  });

  it('goes on for another caller, who asked for the same', async () => {
    const stop = new AbortController();
    const settings = stage.settings();
    stage.github.failNext({ hang: true });
    const first = settings.repository(REPOSITORY, { signal: stop.signal }).facts();
    const second = settings.repository(REPOSITORY, stage.caller).facts();
    while (stage.github.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('Ctrl-C'));
    await expect(first).rejects.toThrow('Ctrl-C');
    expect((await second).defaultBranch).toBe('main');
    expect(stage.calls()).toEqual(['GET 0', 'GET 200']);
  });

  it('waits a minute for an answer, not for ever', async () => {
    const clock = createManualClock();
    const token = stage.token({ metadata: 'read' });
    const settings = createGithubSettings({ apiUrl: stage.github.apiUrl, token, fetch, clock });
    stage.github.failNext({ hang: true });
    const reading = settings.repository(REPOSITORY, stage.caller).facts();
    for (let i = 0; i < 70 && stage.github.seen.length < 2; i++) await clock.advance(1000);
    while (stage.github.seen.length < 2) await clock.advance(1000);
    expect((await reading).defaultBranch).toBe('main');
  });
});

describe("GitHub's rate limit", () => {
  it.each([
    ['secondary, with Retry-After', 403, { 'retry-after': '7' }, 7000],
    ['secondary, as 429', 429, { 'retry-after': '3' }, 3000],
    ['secondary, without a time', 403, {}, 60_000],
    ['primary', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-11-22T10:00:42Z') / 1000) }, 42_000],
  ])('%s: is waited for, on reads and on writes', async (_, status, headers, ms) => {
    const limit = { status, headers, body: { message: 'You have exceeded a secondary rate limit' } };
    const asked = repository();
    await asked.variable('A');
    stage.github.failNext({ ...limit, method: 'PATCH' });
    await asked.writeVariable('A', '2');
    expect(stage.slept).toEqual([ms]);
    expect(stage.caller).toMatchObject({ told: [`GitHub's rate limit: waiting ${ms / 1000} s`] });
    expect(stage.github.getRepository(REPOSITORY).variables.get('A')?.value).toBe('2');
    stage.github.failNext({ status: 429, headers: { 'retry-after': '1' }, method: 'GET' });
    expect(await repository().variable('A')).toBe('2');
  });

  it('is told when it lasts longer than a person waits', async () => {
    stage.github.failNext({ status: 429, headers: { 'retry-after': '1800' } });
    await expect(repository().facts()).rejects.toMatchObject({
      reason: 'rate-limit',
      message:
        "GitHub's rate limit: it asks to wait 1800 s before we read the repository in acme/gate. What is done stays done: run it again after that time",
    });
    expect(stage.slept).toEqual([]);
  });

  it('is told when it does not end', async () => {
    stage.github.failNext({ status: 429, headers: { 'retry-after': '5' }, times: 9 });
    await expect(repository().facts()).rejects.toMatchObject({ reason: 'rate-limit' });
    expect(stage.slept).toEqual([5000, 5000, 5000]);
  });
});

describe('writing', () => {
  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])('is not done when a page comes back from a %s', async (method) => {
    const asked = repository();
    await asked.facts();
    stage.github.failNext({ method, status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' }, times: 9 });
    const writes = {
      POST: () => asked.writeVariable('B', '2'),
      PATCH: () => asked.writeVariable('A', '2'),
      PUT: () => asked.writeSecret('S', 'a secret of some length'),
      DELETE: () => asked.deleteVariable('A'),
    };
    await expect(writes[method as keyof typeof writes]()).rejects.toMatchObject({ reason: 'unavailable' });
    const { variables, secrets } = stage.github.getRepository(REPOSITORY);
    expect([variables.size, secrets.size]).toEqual([1, 0]);
  });

  it('is one at a time in a repository, also after one that failed', async () => {
    const asked = repository();
    await asked.variable('A');
    let under = 0;
    let most = 0;
    const token = stage.token({ metadata: 'read', actions_variables: 'write' });
    const watched: typeof fetch = async (...call) => {
      most = Math.max(most, ++under);
      return fetch(...call).finally(() => under--);
    };
    const settings = createGithubSettings({ apiUrl: stage.github.apiUrl, token, fetch: watched, clock: createManualClock() });
    const slow = settings.repository(REPOSITORY, stage.caller);
    await slow.variable('A');
    stage.github.failNext({ method: 'POST', status: 422, body: { message: 'no' } });
    const results = await Promise.allSettled(['B', 'C', 'D'].map((name) => slow.writeVariable(name, 'x')));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(most).toBe(1);
  });

  it('takes a second each after thirty', async () => {
    const asked = repository();
    for (let i = 0; i < 33; i++) await asked.writeVariable(`V${i}`, 'x');
    expect(stage.slept).toEqual([1000, 1000, 1000]);
  });

  it('does not begin once the caller has stopped', async () => {
    const stop = new AbortController();
    const asked = stage.settings().repository(REPOSITORY, { signal: stop.signal });
    await asked.variable('A');
    stage.calls();
    stop.abort(new Error('Ctrl-C'));
    await expect(asked.writeVariable('A', '2')).rejects.toThrow('Ctrl-C');
    expect(stage.calls()).toEqual([]);
  });

  it('is finished when the caller stops while it is on its way', async () => {
    const stop = new AbortController();
    const stopping: typeof fetch = (input, init) => {
      if (init?.method === 'PATCH') stop.abort(new Error('Ctrl-C'));
      return fetch(input, init);
    };
    const token = stage.token({ metadata: 'read', actions_variables: 'write' });
    const settings = createGithubSettings({ apiUrl: stage.github.apiUrl, token, fetch: stopping, clock: createManualClock() });
    await settings.repository(REPOSITORY, { signal: stop.signal }).writeVariable('A', '2');
    expect(stage.github.getRepository(REPOSITORY).variables.get('A')?.value).toBe('2');
  });
});
