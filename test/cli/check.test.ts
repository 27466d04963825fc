// `runtask check` as a process: what it prints and how it ends.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('judges a plan file in a process of its own: 0 passed, 1 failed, 2 unusable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-check-'));
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const main = join(folder, 'main.mjs');
  await writeFile(
    main,
    `import { Command } from ${url('../../node_modules/commander/index.js')};
     import { addCheckCommand } from ${url('../../src/cli/check.ts')};
     const program = new Command('runtask').exitOverride((error) => process.exit(error.exitCode));
     addCheckCommand(program);
     await program.parseAsync();`,
  );
  const plan = (actions: string[], more: object = {}): string =>
    JSON.stringify({
      format_version: '1.2',
      ...more,
      resource_changes: [
        {
          address: 'aws_x.a',
          mode: 'managed',
          type: 'aws_x',
          name: 'a',
          change: { actions, before: {}, after: { n: 1 }, after_unknown: {} },
        },
      ],
    });
  await writeFile(join(folder, 'good.json'), plan(['update']));
  await writeFile(join(folder, 'part.json'), plan(['update'], { errored: true }));
  await writeFile(join(folder, 'bad.json'), plan(['delete', 'create']));
  await writeFile(
    join(folder, 'checks.yml'),
    'version: 1\nchecks:\n  - { name: stay, protect: { types: [aws_x] } }\n  - { name: one, cel: { assert: after.n == 1 } }\n',
  );
  await writeFile(join(folder, 'hostile.yml'), 'version: 1\nchecks:\n  - { name: "##[add-mask]a", cel: { assert: "true" } }\n');
  const check = (...args: string[]): Promise<[number, string, string]> =>
    promisify(execFile)(process.execPath, [main, 'check', '--directory', folder, '--checks', 'checks.yml', ...args]).then(
      ({ stdout, stderr }) => [0, stdout, stderr],
      (error: { code: number; stdout: string; stderr: string }) => [error.code, error.stdout, error.stderr],
    );
  try {
    const [good, part, bad, none, stage, hostile] = await Promise.all([
      check('--plan', join(folder, 'good.json'), '--json'),
      check('--plan', join(folder, 'part.json')),
      check('--plan', join(folder, 'bad.json')),
      check('--plan', join(folder, 'none.json'), '--checks', 'none.yml'),
      check('--plan', join(folder, 'good.json'), '--stage', 'noon'),
      check('--plan', join(folder, 'good.json'), '--checks', 'hostile.yml', '--json'),
    ]);
    expect(good[0]).toBe(0);
    expect(JSON.parse(good[1])).toMatchObject({
      verdict: { status: 'passed', message: 'All 2 checks passed' },
      results: [{ status: 'passed' }, { status: 'passed' }],
    });
    // What is printed may stand in the log of a job, whose runner obeys such words.
    expect(JSON.parse(hostile[1])).toMatchObject({ results: [{ check: '##[add-mask]a' }] });
    expect(hostile[1]).not.toContain('##[');
    expect([part[0], part[1]]).toEqual([1, expect.stringContaining('met an error while it planned')]);
    expect([bad[0], bad[1]]).toEqual([1, expect.stringMatching(/aws_x\.a[\s\S]*would be destroyed and created anew/)]);
    expect([none[0], none[2]]).toEqual([
      2,
      expect.stringMatching(/plan file cannot be read[\s\S]*There is no checks file at none\.yml\. Write one, or name it with --checks/),
    ]);
    expect([stage[0] > 0, stage[2]]).toEqual([true, expect.stringContaining('One of pre_plan, post_plan, pre_apply, post_apply')]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
