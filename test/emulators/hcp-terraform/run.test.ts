import { afterEach, describe, expect, it } from '@jest/globals';
import type { Stage } from '../../../src/contracts/run-facts.ts';
import { sign } from '../../../src/emulators/hcp-terraform/signature.ts';
import { arrange, KEY, type Scene } from './arrange.ts';

const ALL: readonly Stage[] = ['pre_plan', 'post_plan', 'pre_apply', 'post_apply'];

describe('a run', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  /** Gives every result its verdict as soon as it is running. */
  const answerAll = (verdict: (stage: Stage) => string): (() => void) => {
    const answered = new Set<string>();
    return scene.hcp.watch((event) => {
      if (event.type !== 'result' || event.result.status !== 'running' || answered.has(event.result.id)) return;
      answered.add(event.result.id);
      void scene.callback(event.result, verdict(event.result.stage));
    });
  };

  it('walks all four stages in order when it is confirmed', async () => {
    scene = await arrange({ attach: [{ stages: ALL }] });
    answerAll(() => 'passed');
    const run = await scene.start();
    expect(await run.finished()).toMatchObject({ status: 'applied', reason: null });
    expect(scene.relay.received.map(({ payload }) => payload['stage'])).toEqual(ALL);
    expect(run.status).toBe('applied');
  });

  it('leaves the apply stages out when it is speculative', async () => {
    scene = await arrange({ attach: [{ stages: ALL }] });
    answerAll(() => 'passed');
    const run = await scene.start({ speculative: true });
    expect(await run.finished()).toMatchObject({ status: 'planned_and_finished' });
    expect(run.taskResults.map(({ stage, status }) => [stage, status])).toEqual([
      ['pre_plan', 'passed'],
      ['post_plan', 'passed'],
      ['pre_apply', 'unreachable'],
      ['post_apply', 'unreachable'],
    ]);
  });

  it('ends as discarded when nobody confirms it', async () => {
    scene = await arrange({ attach: [{ stages: ALL }] });
    answerAll(() => 'passed');
    expect(await (await scene.start({ confirmed: false })).finished()).toMatchObject({ status: 'discarded' });
  });

  it('stops at a mandatory failure', async () => {
    scene = await arrange({ attach: [{ stages: ALL }] });
    answerAll((stage) => (stage === 'post_plan' ? 'failed' : 'passed'));
    const run = await scene.start();
    expect(await run.finished()).toMatchObject({ status: 'errored', reason: 'Mandatory run task gate failed in post_plan: it failed' });
    expect((await run.stage('pre_apply')).status).toBe('unreachable');
    expect(scene.relay.received).toHaveLength(2);
  });

  it('goes on after an advisory failure', async () => {
    scene = await arrange({ attach: [{ stages: ['post_plan', 'pre_apply'], enforcementLevel: 'advisory' }] });
    answerAll(() => 'failed');
    expect(await (await scene.start()).finished()).toMatchObject({ status: 'applied' });
    expect(scene.relay.received.map(({ payload }) => payload['task_result_enforcement_level'])).toEqual(['advisory', 'advisory']);
  });

  it('takes every task of post_apply as advisory', async () => {
    scene = await arrange({ attach: [{ stages: ['post_apply'], enforcementLevel: 'mandatory' }] });
    answerAll(() => 'failed');
    const run = await scene.start();
    expect(await run.finished()).toMatchObject({ status: 'applied' });
    expect(scene.relay.received[0]!.payload['task_result_enforcement_level']).toBe('advisory');
  });

  it('calls all tasks of a stage at once, and waits for all', async () => {
    scene = await arrange({
      attach: [
        { stages: ['post_plan'], task: 'a' },
        { stages: ['post_plan'], task: 'b' },
      ],
    });
    const run = await scene.start({ speculative: true });
    await scene.hcp.until(() => run.taskResults.every(({ status }) => status === 'running'));
    await scene.callback(run.taskResults[1]!, 'passed');
    expect(run.status).toBe('post_plan_running');
    await scene.callback(run.taskResults[0]!, 'passed');
    expect(await run.finished()).toMatchObject({ status: 'planned_and_finished' });
    expect(new Set(run.taskResults.map((one) => one.accessToken)).size).toBe(2);
  });

  it('calls no task that is disabled, and none in stages that were not asked for', async () => {
    scene = await arrange({ attach: [{ stages: ALL }] });
    await scene.hcp
      .createRunTask({ organization: 'acme', name: 'off', url: scene.relay.url, enabled: false })
      .then((task) =>
        scene.hcp.attachRunTask({ organization: 'acme', workspace: 'net', task, stages: ALL, enforcementLevel: 'mandatory' }),
      );
    answerAll(() => 'passed');
    const run = await scene.start({ stages: ['pre_apply'] });
    await run.finished();
    expect(run.taskResults.map(({ stage, task }) => [stage, task])).toEqual([['pre_apply', 'gate']]);
    await expect(run.stage('post_plan')).rejects.toThrow('no enabled run task in post_plan');
  });

  it('cancelled, ends at once and tells nobody', async () => {
    scene = await arrange();
    const run = await scene.startPosted();
    run.cancel();
    expect(await run.finished()).toMatchObject({ status: 'canceled' });
    expect(run.taskResults[0]!.status).toBe('canceled');
    expect(await scene.callback(run.taskResults[0]!, 'passed')).toMatchObject({ status: 409 });
    expect(scene.relay.received).toHaveLength(1);
  });
});

describe('closing', () => {
  it('lets the callback that ended the run have its answer', async () => {
    const scene = await arrange();
    const run = await scene.startPosted();
    const answer = scene.callback(run.taskResults[0]!, 'failed');
    await scene.hcp.until(() => run.taskResults[0]!.status === 'failed');
    await scene.close();
    expect((await answer).status).toBe(200);
  });
});

describe('what a run posts', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('is the documented payload, signed over the bytes that are sent', async () => {
    scene = await arrange();
    scene.hcp.createWorkspace({ organization: 'acme', name: 'w', workingDirectory: 'envs/prod' });
    const run = await scene.startPosted({ message: 'Merge #7', createdBy: 'ada', configuration: Buffer.from('tgz'), speculative: true });
    const [result] = run.taskResults;
    const { url } = scene.hcp;
    const { payload, headers, text } = scene.relay.received[0]!;
    expect(headers['x-tfc-task-signature']).toBe(sign(Buffer.from(text), KEY));
    expect(headers['content-type']).toBe('application/json');
    const hash = String(payload['vcs_commit_hash']);
    expect(hash).toMatch(/^[0-9a-f]{40}$/);
    const cv = String(payload['configuration_version_id']);
    expect(payload).toEqual({
      payload_version: 1,
      stage: 'post_plan',
      access_token: result!.accessToken,
      capabilities: { outcomes: true },
      configuration_version_download_url: `${url}/api/v2/configuration-versions/${cv}/download`,
      configuration_version_id: expect.stringMatching(/^cv-\w{16}$/),
      is_speculative: true,
      organization_name: 'acme',
      plan_json_api_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2\/plans\/plan-\w{16}\/json-output$/),
      run_app_url: `${url}/app/acme/net/runs/${run.id}`,
      run_created_at: '2026-11-22T10:00:00.000Z',
      run_created_by: 'ada',
      run_id: run.id,
      run_message: 'Merge #7',
      task_result_callback_url: `${url}/api/v2/task-results/${result!.callbackId}/callback`,
      task_result_enforcement_level: 'mandatory',
      task_result_id: result!.id,
      vcs_branch: 'main',
      vcs_commit_hash: hash,
      vcs_commit_url: `https://github.com/acme/net/commit/${hash}`,
      vcs_pull_request_url: null,
      vcs_repo_url: 'https://github.com/acme/net',
      workspace_app_url: `${url}/app/acme/net`,
      workspace_id: run.workspaceId,
      workspace_name: 'net',
      workspace_working_directory: '',
    });
    expect(result!.accessToken).toMatch(/^\w{14}\.atlasv1\.\w{67}$/);
    expect(result!.callbackId).not.toBe(result!.id);
  });

  it('has no plan URL before the plan, and nulls without VCS and configuration', async () => {
    scene = await arrange({ attach: [{ stages: ['pre_plan'] }] });
    await scene.startPosted({ vcs: null });
    const { payload } = scene.relay.received[0]!;
    expect(payload).not.toHaveProperty('plan_json_api_url');
    expect(payload).toMatchObject({
      configuration_version_download_url: null,
      vcs_branch: null,
      vcs_commit_hash: null,
      vcs_commit_url: null,
      vcs_pull_request_url: null,
      vcs_repo_url: null,
    });
  });

  it('has the form of 2021 on request', async () => {
    scene = await arrange();
    await scene.startPosted({ apiForm: '2021-beta', vcs: { commitHash: 'ab12' } });
    const { payload, headers } = scene.relay.received[0]!;
    expect(payload).toMatchObject({
      payload_version: '1',
      vcs_repo_url: 'https://github.com/acme/net.git',
      vcs_commit_url: 'https://github.com/acme/net/-/commit/ab12',
      vcs_pull_request_url: '',
      plan_json_api_url: expect.stringContaining('/json-output'),
    });
    for (const key of ['stage', 'capabilities', 'is_speculative', 'vcs_commit_hash', 'configuration_version_id'])
      expect(payload).not.toHaveProperty(key);
    expect(headers['x-tfc-event-hook-signature']).toBe(headers['x-tfc-task-signature']);
  });

  it('may be hostile and rightly signed, or forged', async () => {
    scene = await arrange();
    await scene.startPosted({ mutatePayload: (payload) => ({ ...payload, stage: 'mid_plan' }) });
    await scene.startPosted({ mutateBody: (bytes) => Buffer.concat([bytes, Buffer.from([0xff])]) });
    await scene.startPosted({ mutateSignature: (signature) => signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) });
    const [unknownStage, broken, forged] = scene.hcp.sent.filter(({ kind }) => kind === 'run-task');
    expect(JSON.parse(unknownStage!.body)).toMatchObject({ stage: 'mid_plan' });
    expect(unknownStage!.headers['X-TFC-Task-Signature']).toBe(sign(unknownStage!.bytes, KEY));
    expect(broken!.bytes.at(-1)).toBe(0xff);
    expect(broken!.headers['X-TFC-Task-Signature']).toBe(sign(broken!.bytes, KEY));
    expect(forged!.headers['X-TFC-Task-Signature']).not.toBe(sign(forged!.bytes, KEY));
  });

  it('is posted again, the same bytes, after anything but 200', async () => {
    scene = await arrange();
    scene.relay.answers.push(202, 'reset');
    const run = await scene.start();
    await scene.hcp.until(() => scene.hcp.sent.length === 2);
    await scene.clock.advance(999);
    expect(scene.relay.received).toHaveLength(1);
    await scene.clock.advance(1);
    await scene.hcp.until(() => scene.hcp.sent.length === 3);
    await scene.clock.advance(2000);
    await scene.hcp.until(() => run.taskResults[0]!.status === 'running');
    const posts = scene.hcp.sent.filter(({ kind }) => kind === 'run-task');
    expect(posts.map(({ attempt, status, at }) => [attempt, status, at - posts[0]!.at])).toEqual([
      [1, 202, 0],
      [2, null, 1000],
      [3, 200, 3000],
    ]);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
  });

  it('errors the result when nobody ever says 200', async () => {
    scene = await arrange({ posting: { attempts: 2, backoffMs: 10 } });
    scene.relay.answers.push(500, 503);
    const run = await scene.start();
    await scene.hcp.until(() => scene.hcp.sent.length === 2);
    await scene.clock.advance(10);
    expect(await run.finished()).toMatchObject({ status: 'errored' });
    expect(run.taskResults[0]).toMatchObject({
      status: 'errored',
      message: 'The run task could not be triggered: HTTP 503 after 2 attempts',
    });
  });

  it('waits on for a relay that is at work although it never said 200', async () => {
    scene = await arrange({ posting: { attempts: 1 } });
    scene.relay.answers.push('hold');
    const run = await scene.start();
    await scene.relay.arrived(1);
    await scene.callback(run.taskResults[0]!, 'running');
    await scene.clock.advance(30_000);
    await scene.hcp.until(() => scene.hcp.sent.at(-1)?.error === 'no answer within 30000 ms');
    expect(run.taskResults[0]).toMatchObject({ status: 'running', message: 'it running' });
    await scene.callback(run.taskResults[0]!, 'passed');
    expect(await run.finished()).toMatchObject({ status: 'applied' });
  });

  it('gives up on a post that hangs', async () => {
    scene = await arrange({ posting: { attempts: 1, timeoutMs: 5000 } });
    scene.relay.answers.push('hang');
    const run = await scene.start();
    await scene.clock.advance(5000);
    await run.finished();
    expect(run.taskResults[0]).toMatchObject({ status: 'errored', message: expect.stringContaining('no answer within 5000 ms') });
  });
});
