// What an event starts, and what GitHub refuses.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage({}, { runner: 'off' });
});
afterEach(() => stage.close());

const listening = (on: string, more = ''): string => `on: ${on}\n${more}\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n`;
const send = (body: unknown, token?: string) =>
  stage.call('POST', '/repos/acme/net/dispatches', { body, ...(token === undefined ? {} : { token }) });
const repository = (files: Record<string, string>) =>
  stage.github.createRepository({ owner: 'acme', name: 'net', files, variables: { PLACE: 'here' } });

describe('repository_dispatch', () => {
  it('starts every workflow of the default branch whose types match, and no other', async () => {
    repository({
      '.github/workflows/a.yml': listening('{ repository_dispatch: { types: [go, other] } }'),
      '.github/workflows/b.yaml': listening('repository_dispatch'),
      '.github/workflows/c.yml': listening('{ repository_dispatch: { types: [gone] } }'),
      '.github/workflows/d.yml': listening('push'),
      '.github/workflows/e.yml': listening('{ repository_dispatch: { type: [gone] } }'),
      '.github/workflows/deeper/f.yml': listening('repository_dispatch'),
    });
    stage.github.createCommit({
      repository: 'acme/net',
      branch: 'topic',
      files: { '.github/workflows/g.yml': listening('repository_dispatch') },
    });
    expect((await send({ event_type: 'go' })).status).toBe(204);
    // e: a wrong key is not told, and matches everything.
    expect(stage.github.runs.map((run) => run.workflowPath)).toEqual(
      ['a.yml', 'b.yaml', 'e.yml'].map((name) => `.github/workflows/${name}`),
    );
    expect(stage.github.runs.map((run) => run.status)).toEqual(['queued', 'queued', 'queued']);
  });

  it('answers 204 where nothing listens, where a file is broken, and where Actions is off', async () => {
    const made = repository({
      '.github/workflows/a.yml': 'on: [',
      '.github/workflows/b.yml': listening('{ repository_dispatch: { types: go } }'),
    });
    expect((await send({ event_type: 'go' })).status).toBe(204);
    made.actionsEnabled = false;
    stage.github.setFiles('acme/net', { '.github/workflows/a.yml': listening('repository_dispatch') });
    expect((await send({ event_type: 'go' })).status).toBe(204);
    expect(stage.github.runs).toEqual([]);
  });

  it('refuses more than ten properties, 64 KB, and a long event type', async () => {
    repository({});
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, i]));
    const answers = [
      await send({ event_type: 'go', client_payload: eleven }),
      await send({ event_type: 'go', client_payload: { text: 'x'.repeat(65_536) } }),
      await send({ event_type: 'x'.repeat(101) }),
      await send({ client_payload: {} }),
    ];
    expect(answers.map((a) => a.status)).toEqual([422, 422, 422, 422]);
    expect(answers[0]?.body).toMatchObject({
      message: expect.stringContaining('No more than 10 properties are allowed; 11 were supplied.'),
    });
    expect(answers[1]?.body).toMatchObject({ message: 'client_payload is too large' });
    expect((await send({ event_type: 'x'.repeat(100), client_payload: { text: 'x'.repeat(65_000) } })).status).toBe(204);
    expect((await send('{')).status).toBe(400);
    expect((await send('[1]')).status).toBe(400);
  });

  it('answers 404 without contents: write, and for a repository out of scope', async () => {
    repository({});
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    const reader = stage.github.createPersonalToken({ login: 'r', permissions: { contents: 'read' }, repositories: 'all' });
    const elsewhere = stage.github.createPersonalToken({ login: 'e', permissions: { contents: 'write' }, repositories: ['acme/other'] });
    expect((await send({ event_type: 'go' }, reader)).status).toBe(404);
    expect((await send({ event_type: 'go' }, elsewhere)).status).toBe(404);
    expect((await stage.call('POST', '/repos/acme/none/dispatches', { body: { event_type: 'go' } })).status).toBe(404);
  });

  it('names the run by run-name, shows it in the list, and keeps the payload out of the API', async () => {
    repository({
      '.github/workflows/a.yml': listening('repository_dispatch', 'run-name: "${{ github.event.client_payload.who }} · ${{ vars.PLACE }}"'),
      '.github/workflows/b.yml': listening('repository_dispatch'),
    });
    await send({ event_type: 'go', client_payload: { who: 'net-prod', ticket: 'hidden-ticket' } });
    const listed = await stage.call('GET', '/repos/acme/net/actions/runs?event=repository_dispatch&per_page=1');
    expect(listed.body).toMatchObject({
      total_count: 2,
      workflow_runs: [{ display_title: 'go', run_attempt: 1, status: 'queued', conclusion: null }],
    });
    expect(listed.headers.get('link')).toContain('rel="next"');
    expect(stage.github.runs[0]?.displayTitle).toBe('net-prod · here');
    expect(listed.text).not.toContain('hidden-ticket');
    expect(stage.github.runs[0]?.payload).toMatchObject({
      action: 'go',
      branch: 'main',
      client_payload: { who: 'net-prod' },
      sender: { login: 'mona' },
    });
  });

  it('filters runs by time, status and commit', async () => {
    const made = repository({ '.github/workflows/a.yml': listening('repository_dispatch') });
    await send({ event_type: 'go' });
    await stage.clock.advance(120_000);
    await send({ event_type: 'go' });
    const count = async (query: string) => (await stage.call('GET', `/repos/acme/net/actions/runs?${query}`)).body;
    expect(await count('created=%3E%3D2026-11-22T10:01:00Z')).toMatchObject({ total_count: 1 });
    expect(await count('created=2026-11-22T09:00:00Z..2026-11-22T10:01:00Z')).toMatchObject({ total_count: 1 });
    expect(await count('created=2026-11-22')).toMatchObject({ total_count: 2 });
    expect(await count('created=%3C2026-11-22')).toMatchObject({ total_count: 0 });
    expect(await count('status=queued')).toMatchObject({ total_count: 2 });
    expect(await count('status=success')).toMatchObject({ total_count: 0 });
    expect(await count(`head_sha=${made.branches.get('main') ?? ''}`)).toMatchObject({ total_count: 2 });
    expect(await count('event=push')).toMatchObject({ total_count: 0 });
  });

  it('says why a workflow that it cannot play did not start', async () => {
    repository({
      '.github/workflows/a.yml':
        'on: repository_dispatch\njobs: { a: { runs-on: x, strategy: { matrix: {} }, steps: [{ run: "true" }] } }\n',
    });
    await send({ event_type: 'go' });
    expect(stage.github.runs[0]).toMatchObject({
      status: 'completed',
      conclusion: 'startup_failure',
      problems: [expect.stringContaining('strategy')],
    });
  });
});

describe('workflow_dispatch', () => {
  it('starts one workflow on a branch, and gives its run when asked', async () => {
    repository({ '.github/workflows/a.yml': listening('workflow_dispatch'), '.github/workflows/b.yml': listening('repository_dispatch') });
    const path = (file: string) => `/repos/acme/net/actions/workflows/${file}/dispatches`;
    expect((await stage.call('POST', path('a.yml'), { body: { ref: 'main' } })).status).toBe(204);
    const told = await stage.call('POST', path('a.yml'), { body: { ref: 'main', inputs: { id: '1' }, return_run_details: true } });
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({ workflow_run_id: stage.github.runs[1]?.id });
    expect((await stage.call('POST', path('b.yml'), { body: { ref: 'main' } })).status).toBe(422);
    expect((await stage.call('POST', path('c.yml'), { body: { ref: 'main' } })).status).toBe(404);
    expect((await stage.call('POST', path('a.yml'), { body: { ref: 'none' } })).status).toBe(422);
  });

  it('lists the workflow files with their state', async () => {
    repository({ '.github/workflows/a.yml': `name: First\n${listening('workflow_dispatch')}` });
    expect((await stage.call('GET', '/repos/acme/net/actions/workflows/a.yml')).body).toMatchObject({
      name: 'First',
      state: 'active',
      path: '.github/workflows/a.yml',
    });
    expect((await stage.call('GET', '/repos/acme/net/actions/workflows/b.yml')).status).toBe(404);
  });
});
