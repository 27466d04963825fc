import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changeJson, planJson } from '../report/models.ts';

// The command in a process of its own, as a shell starts it; index.ts, which gathers all commands, is not needed for that.
const PROGRAM = `
import { Command } from 'commander';
import { addRenderCommand } from './src/cli/render.ts';
const program = new Command('runtask');
addRenderCommand(program);
await program.parseAsync();
`;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-'));
  const change = changeJson('aws_s3_bucket.logs', ['delete'], { bucket: 'acme-logs', key: 'a-secret-key-1' }, null, {
    change: { before_sensitive: { key: true } },
  });
  await writeFile(join(folder, 'plan.json'), planJson([change]));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const node = ['--no-warnings', '--input-type=module', '-e', PROGRAM, '--', 'render', ...args];
    execFile(process.execPath, node, { cwd: ROOT, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

describe('runtask render', () => {
  it.each([
    ['terminal', '  -   aws_s3_bucket.logs'],
    ['comment', '### 📋 local: 1 to destroy'],
    ['summary', '### 📋 local: 1 to destroy'],
    ['html', '<h1 class="verdict plain">local: 1 to destroy</h1>'],
    ['comment-page', '<h3>📋 local: 1 to destroy</h3>'],
    ['outcomes', '"outcomes": []'],
  ])('--format %s', async (format, expected) => {
    const { code, stdout, stderr } = await run('--plan', join(folder, 'plan.json'), '--format', format);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(expected);
    expect(stdout).not.toContain('a-secret-key-1');
  });

  it('says nothing of a run, a stage and a gate that a plan from a file does not have', async () => {
    for (const format of ['summary', 'terminal', 'html', 'comment-page'])
      expect((await run('--plan', join(folder, 'plan.json'), '--format', format)).stdout).not.toMatch(/mandatory|speculative|post.plan/);
    expect((await run('--plan', join(folder, 'plan.json'), '--format', 'comment')).stdout.split('\n').slice(1, 5)).toEqual([
      '### 📋 local: 1 to destroy',
      '',
      'Plan: 0 to add, 0 to change, 1 to destroy',
      '',
    ]);
  });

  it('--output writes a page that needs nothing else', async () => {
    const output = join(folder, 'plan.html');
    for (const [format, expected] of [
      ['comment-page', '<title>net: plan</title>'],
      ['html', '<title>net: 1 to destroy</title>'],
    ] as const) {
      expect(await run('--plan', join(folder, 'plan.json'), '--format', format, '--output', output, '--workspace', 'net')).toMatchObject({
        code: 0,
        stdout: '',
      });
      const page = await readFile(output, 'utf8');
      expect(page).toContain(expected);
      expect(page).toContain('</html>');
      expect(page).not.toMatch(/<script|<link/);
    }
  });

  it('shows several plans as the comment for all of their workspaces, by name', async () => {
    const plan = join(folder, 'plan.json');
    const both = ['--plan', `net-prod=${plan}`, '--plan', plan];
    const comment = await run(...both, '--format', 'comment');
    expect(comment).toMatchObject({ code: 0, stderr: '' });
    expect(comment.stdout).toContain('<!-- runtask combined v1 ');
    expect(comment.stdout).toContain('### 📋 2 workspaces · 2 to destroy');
    expect(comment.stdout).toContain('| net-prod, plan | **−1** |');
    expect((await run(...both, '--format', 'comment-page')).stdout).toContain('<td>net-prod, plan</td>');
    expect((await run(...both)).stdout.match(/aws_s3_bucket\.logs/g)).toHaveLength(2);
    const wrong = await run(...both, '--workspace', 'net');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('--plan NAME=FILE');
  });

  it('ends with 2 and a reason for a file that is no plan, and for an unknown format', async () => {
    await writeFile(join(folder, 'state.json'), '{"version":4,"serial":1,"lineage":"x","resources":[]}');
    const noPlan = await run('--plan', join(folder, 'state.json'));
    expect(noPlan.code).toBe(2);
    expect(noPlan.stderr).toContain('state.json');
    const missing = await run('--plan', join(folder, 'nothing.json'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect((await run('--plan', join(folder, 'plan.json'), '--format', 'pdf')).stderr).toContain('One of comment, summary');
  });
});
