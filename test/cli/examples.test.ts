// The examples do what their pages say, judged as `runtask check` judges.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const cwd = path.join(root, 'examples/terraform-data');

function check(scenario: string) {
  const args = ['check', '--plan', `recorded/${scenario}.json`, '--checks', '../.runtask/checks.yml'];
  const child = spawnSync(process.execPath, [path.join(root, 'src/cli/index.ts'), ...args], { cwd, encoding: 'utf8', timeout: 20_000 });
  return { exit: child.status, output: child.stdout + child.stderr };
}

describe('examples/terraform-data with examples/.runtask/checks.yml', () => {
  it('passes a release', () =>
    expect(check('passes')).toMatchObject({ exit: 0, output: expect.stringMatching(/Plan: 1 to add, 2 to change, 0 to destroy/) }));

  it('refuses to replace the database, and says which rule it is', () => {
    const { exit, output } = check('fails');
    expect(exit).toBe(1);
    expect(output).toMatch(/FAILED\s+data stores stay[\s\S]*terraform_data\.database \(replace\)/);
  });

  it('shows no secret, where it was marked or not', () => {
    const { exit, output } = check('secrets');
    expect(exit).toBe(0);
    expect(output).toContain('postgres://shop:(sensitive value)@db.example.com');
    for (const secret of ['second-password', 'first-password', 'payment-key-52ad']) expect(output).not.toContain(secret);
  });
});
