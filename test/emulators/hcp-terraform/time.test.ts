import { afterEach, describe, expect, it } from '@jest/globals';
import type { TokenLife } from '../../../src/emulators/hcp-terraform/index.ts';
import { arrange, get, type Scene } from './arrange.ts';

const MINUTE = 60_000;

describe('the patience of HCP Terraform', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const running = async (tokenLife: TokenLife) => {
    scene = await arrange({ tokenLife });
    const run = await scene.startPosted();
    return { run, result: run.taskResults[0]! };
  };

  it('ends after ten minutes without progress', async () => {
    const { run, result } = await running('fixed-10m');
    await scene.clock.advance(10 * MINUTE - 1);
    expect(result.status).toBe('running');
    await scene.clock.advance(1);
    expect(result).toMatchObject({
      status: 'errored',
      message: 'The run task did not report progress within 10 minutes',
      terminalCount: 0,
    });
    expect(await run.finished()).toMatchObject({ status: 'errored' });
  });

  it('starts anew with each progress update, and ends after sixty minutes all the same', async () => {
    const { result } = await running('fixed-60m');
    for (let minutes = 9; minutes < 60; minutes += 9) {
      await scene.clock.advance(9 * MINUTE);
      expect(await scene.callback(result, 'running')).toMatchObject({ status: 200 });
    }
    await scene.clock.advance(6 * MINUTE - 1);
    expect(result.status).toBe('running');
    await scene.clock.advance(1);
    expect(result).toMatchObject({ status: 'errored', message: 'The run task ran for more than 60 minutes' });
  });

  it('is not shortened by a verdict that came in time', async () => {
    const { run, result } = await running('fixed-10m');
    await scene.callback(result, 'passed');
    await scene.clock.advance(61 * MINUTE);
    expect(result.status).toBe('passed');
    expect(run.status).toBe('applied');
  });

  it('a late verdict hears 409 while the token lives', async () => {
    const { result } = await running('fixed-60m');
    await scene.clock.advance(10 * MINUTE);
    expect(await scene.callback(result, 'passed')).toMatchObject({ status: 409 });
    expect(result).toMatchObject({ status: 'errored', terminalCount: 0 });
  });

  it('a token of fixed ten minutes dies then, whatever was reported', async () => {
    const { result } = await running('fixed-10m');
    await scene.clock.advance(10 * MINUTE - 1);
    expect(await scene.callback(result, 'running')).toMatchObject({ status: 200 });
    await scene.clock.advance(1);
    expect(await scene.callback(result, 'passed')).toMatchObject({ status: 401 });
    expect(result.status).toBe('running');
  });

  it('a sliding token lives ten minutes from the last progress', async () => {
    const { result } = await running('sliding-10m');
    await scene.clock.advance(9 * MINUTE);
    expect(await scene.callback(result, 'running')).toMatchObject({ status: 200 });
    await scene.clock.advance(9 * MINUTE);
    expect(await scene.callback(result, 'running')).toMatchObject({ status: 200 });
    await scene.clock.advance(10 * MINUTE);
    expect(await scene.callback(result, 'passed')).toMatchObject({ status: 401 });
  });

  it('a dead token opens nothing else either', async () => {
    scene = await arrange();
    const run = await scene.startPosted({ configuration: Buffer.from('tgz') });
    const { plan_json_api_url: plan, configuration_version_download_url: configuration } = scene.relay.received[0]!.payload;
    const token = run.taskResults[0]!.accessToken;
    expect((await get(String(plan), token)).status).toBe(307);
    await scene.clock.advance(10 * MINUTE);
    expect((await get(String(plan), token)).status).toBe(401);
    expect((await get(String(configuration), token)).status).toBe(401);
  });

  it('a token is nobody’s before its request is posted', async () => {
    scene = await arrange({ attach: [{ stages: ['pre_plan', 'post_plan'] }] });
    const run = await scene.startPosted();
    expect(await scene.callback(run.taskResults[1]!, 'passed')).toMatchObject({ status: 401 });
  });
});
