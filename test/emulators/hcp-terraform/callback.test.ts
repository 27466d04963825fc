import { afterEach, describe, expect, it } from '@jest/globals';
import { arrange, patch, type Scene } from './arrange.ts';

const outcome = (attributes: Record<string, unknown> = {}) => ({
  type: 'task-result-outcomes',
  attributes: { 'outcome-id': 'A-1', 'description': 'one line', ...attributes },
});
const body = (attributes: Record<string, unknown>, outcomes?: unknown[]) => ({
  data: {
    type: 'task-results',
    attributes,
    ...(outcomes === undefined ? {} : { relationships: { outcomes: { data: outcomes } } }),
  },
});

describe('the callback', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const running = async (options: Parameters<typeof arrange>[0] = {}) => {
    scene = await arrange(options);
    const run = await scene.startPosted({ speculative: true });
    return { run, result: run.taskResults[0]! };
  };

  it('takes progress and a verdict, and answers with the task result', async () => {
    const { run, result } = await running();
    const progress = await patch(
      result.callbackUrl,
      result.accessToken,
      body({ status: 'running', message: 'looking', url: 'https://ci/1' }),
    );
    expect(progress.status).toBe(200);
    expect(result).toMatchObject({ status: 'running', message: 'looking', url: 'https://ci/1', terminalCount: 0 });
    const verdict = await patch(result.callbackUrl, result.accessToken, body({ status: 'failed', message: 'no' }, [outcome()]));
    expect(verdict.status).toBe(200);
    expect(await verdict.json()).toMatchObject({
      data: { id: result.id, type: 'task-results', attributes: { 'status': 'failed', 'message': 'no', 'task-result-outcomes-count': 1 } },
    });
    expect(result).toMatchObject({ status: 'failed', message: 'no', url: 'https://ci/1', terminalCount: 1 });
    expect(result.callbacks.map(({ status }) => status)).toEqual([200, 200]);
    expect(await run.stage('post_plan')).toBe(result);
  });

  it('appends outcomes from call to call', async () => {
    const { result } = await running();
    const tags = { Status: [{ label: 'Denied', level: 'error' }] };
    await patch(result.callbackUrl, result.accessToken, body({ status: 'running' }, [outcome()]));
    await patch(
      result.callbackUrl,
      result.accessToken,
      body({ status: 'passed' }, [outcome({ 'outcome-id': 'A-2', tags, 'body': '# b', 'url': 'https://x.y/z' })]),
    );
    expect(result.outcomes).toEqual([
      { outcomeId: 'A-1', description: 'one line' },
      { outcomeId: 'A-2', description: 'one line', body: '# b', url: 'https://x.y/z', tags },
    ]);
  });

  it('may come before the post is answered', async () => {
    scene = await arrange();
    scene.relay.answers.push('hold');
    const run = await scene.start();
    await scene.relay.arrived(1);
    expect(run.taskResults[0]!.status).toBe('pending');
    expect((await scene.callback(run.taskResults[0]!, 'passed')).status).toBe(200);
    scene.relay.release();
    await scene.hcp.until(() => scene.hcp.sent.find(({ kind, status }) => kind === 'run-task' && status === 200));
    await run.finished();
    expect(run.taskResults[0]).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('answers 409 after a verdict, whatever comes, and keeps the first', async () => {
    const { result } = await running();
    await scene.callback(result, 'failed');
    const again = await patch(result.callbackUrl, result.accessToken, body({ status: 'passed', message: 'changed my mind' }));
    expect(again.status).toBe(409);
    expect(await again.json()).toEqual({
      errors: [{ status: '409', title: 'conflict', detail: 'The task result is in a terminal state (failed) and cannot be updated' }],
    });
    expect((await patch(result.callbackUrl, result.accessToken, 'not even JSON')).status).toBe(409);
    expect(result).toMatchObject({ status: 'failed', message: 'it failed', terminalCount: 1 });
    expect(result.callbacks.map(({ status }) => status)).toEqual([200, 409, 409]);
  });

  it('answers 401 to no token, a wrong one, another task result’s and an administrator’s', async () => {
    const { result } = await running();
    const other = (await scene.startPosted()).taskResults[0]!;
    const good = body({ status: 'passed' });
    const bare = await fetch(result.callbackUrl, { method: 'PATCH', body: '{}', headers: { 'content-type': 'application/vnd.api+json' } });
    expect(bare.status).toBe(401);
    for (const token of ['wrong', other.accessToken, scene.hcp.adminToken])
      expect((await patch(result.callbackUrl, token, good)).status).toBe(401);
    expect(result).toMatchObject({ status: 'running', terminalCount: 0 });
  });

  it('answers 404 to an unknown id, also to the task result’s own', async () => {
    const { result } = await running();
    for (const id of ['8b1a9953-0000-4000-a000-000000000000', result.id]) {
      const answer = await patch(`${scene.hcp.url}/api/v2/task-results/${id}/callback`, result.accessToken, body({ status: 'passed' }));
      expect(answer.status).toBe(404);
    }
  });

  it('wants the url_code of the URL that was posted, when there is one', async () => {
    const { result } = await running({ callbackUrlCode: true });
    expect(result.callbackUrl).toContain('?url_code=');
    expect((await patch(result.callbackUrl.split('?')[0]!, result.accessToken, body({ status: 'passed' }))).status).toBe(401);
    expect((await patch(result.callbackUrl, result.accessToken, body({ status: 'passed' }))).status).toBe(200);
  });

  it('answers 415 to another content type and 400 to what is not JSON', async () => {
    const { result } = await running();
    const plain = await fetch(result.callbackUrl, {
      method: 'PATCH',
      headers: { 'Authorization': `Bearer ${result.accessToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body({ status: 'passed' })),
    });
    expect(plain.status).toBe(415);
    expect((await patch(result.callbackUrl, result.accessToken, '{')).status).toBe(400);
  });

  const emoji = '😀';
  it.each<[string, unknown]>([
    ['a message of 1000 characters, counted as people count', body({ status: 'passed', message: emoji.repeat(1000) })],
    ['no message', body({ status: 'passed' })],
    [
      '250 outcomes',
      body(
        { status: 'passed' },
        Array.from({ length: 250 }, () => outcome()),
      ),
    ],
    ['a body of 10,000 characters', body({ status: 'passed' }, [outcome({ body: 'x'.repeat(10_000) })])],
    ['a URL of 500 characters', body({ status: 'passed', url: `https://x.y/${'a'.repeat(488)}` })],
  ])('accepts %s', async (_what, good) => {
    const { result } = await running();
    expect((await patch(result.callbackUrl, result.accessToken, good)).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['a status outside the three', body({ status: 'errored' })],
    ['no status', body({ message: 'x' })],
    ['no type', { data: { attributes: { status: 'passed' } } }],
    ['an unknown attribute', body({ status: 'passed', stage: 'post_plan' })],
    ['an empty message', body({ status: 'passed', message: '' })],
    ['a message of 1001 characters', body({ status: 'passed', message: 'x'.repeat(1001) })],
    ['a link that is not http', body({ status: 'passed', url: 'ftp://x.y' })],
    ['a link of 501 characters', body({ status: 'passed', url: `https://x.y/${'a'.repeat(489)}` })],
    ['an empty list of outcomes', body({ status: 'passed' }, [])],
    [
      '251 outcomes',
      body(
        { status: 'passed' },
        Array.from({ length: 251 }, () => outcome()),
      ),
    ],
    ['an outcome id of 65 characters', body({ status: 'passed' }, [outcome({ 'outcome-id': 'x'.repeat(65) })])],
    ['an outcome without description', body({ status: 'passed' }, [{ type: 'task-result-outcomes', attributes: { 'outcome-id': 'x' } }])],
    ['a body of 10,001 characters', body({ status: 'passed' }, [outcome({ body: 'x'.repeat(10_001) })])],
    ['a tag key with a space', body({ status: 'passed' }, [outcome({ tags: { 'Cost Centre': [{ label: 'x' }] } })])],
    [
      'eleven tag keys',
      body({ status: 'passed' }, [outcome({ tags: Object.fromEntries([...'abcdefghijk'].map((k) => [k, [{ label: 'x' }]])) })]),
    ],
    ['a label of 33 characters', body({ status: 'passed' }, [outcome({ tags: { Status: [{ label: 'x'.repeat(33) }] } })])],
    ['a level that is not one', body({ status: 'passed' }, [outcome({ tags: { Status: [{ label: 'x', level: 'fatal' }] } })])],
    [
      'the relationship under the name of the OpenAPI',
      {
        data: { type: 'task-results', attributes: { status: 'passed' }, relationships: { 'task-result-outcomes': { data: [outcome()] } } },
      },
    ],
  ])('answers 422 to %s, and stays open', async (_what, bad) => {
    const { result } = await running();
    const answer = await patch(result.callbackUrl, result.accessToken, bad);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      errors: [{ status: '422', title: 'invalid attribute', detail: expect.stringContaining('/data') }],
    });
    expect(result).toMatchObject({ status: 'running', terminalCount: 0 });
    expect((await scene.callback(result, 'passed')).status).toBe(200);
  });
});
