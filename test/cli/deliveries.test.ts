// `runtask deliveries` against a relay that runs: what it lists, shows and exports, and what it says when nobody answers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordingSchema } from '../../src/contracts/deliveries.ts';
import { createWorld, type World } from '../relay/support/world.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/index.ts');

let world: World;
let folder: string;
let admin: string;
beforeEach(async () => {
  world = await createWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'cli-deliveries-'));
  admin = (await world.relay.admin.listen({ host: '127.0.0.1', port: 0 })).url;
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** Not spawnSync: the relay that answers lives in this process. */
function run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, 'deliveries', ...args], { cwd: folder });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += String(chunk)));
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

describe('runtask deliveries', () => {
  it('lists, shows and exports a run task', async () => {
    const { client_payload: payload } = await world.dispatched();
    const list = await run('list', '--admin', admin);
    expect(list).toMatchObject({ status: 0, stderr: '' });
    expect(list.stdout.split('\n')).toEqual([
      expect.stringMatching(/^ID +ACCEPTED \(UTC\) +WORKSPACE +STAGE +STATE/),
      expect.stringMatching(new RegExp(`^${payload.id}  .*  acme/net-prod  post_plan  dispatched`)),
      '',
    ]);
    const show = await run('show', payload.id, '--admin', admin);
    expect(show.stdout).toMatch(/^state +dispatched$/m);
    const file = path.join(folder, 'run.json');
    expect(await run('export', payload.id, '--admin', admin, '--output', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    const text = readFileSync(file, 'utf8');
    expect(recordingSchema.parse(JSON.parse(text)).delivery.facts).toMatchObject({ workspace: 'net-prod', stage: 'post_plan' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(text).not.toMatch(/atlasv1|\/api\/v2\//);
    expect(await run('export', payload.id, '--admin', admin, '--output', file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('EEXIST'),
    });
  });

  it('ends with 2 for an unknown id and a bad limit, with 3 when nobody answers', async () => {
    expect(await run('show', 'none', '--admin', admin)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('No run task has this id'),
    });
    expect(await run('list', '--limit', 'x', '--admin', admin)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('limit is a whole number'),
    });
    expect(await run('list', '--admin', 'http://127.0.0.1:1')).toMatchObject({ status: 3, stderr: expect.stringContaining('`admin:`') });
  });
});
