// An object that is imported is new to the gate, also when nothing of it changes: what other hands made may not come in unjudged.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { checksFileSchema } from '../../src/contracts/checks-file.ts';
import type { Plan } from '../../src/plan/model.ts';
import { aChange, aPlan, aRun } from './builders.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imported-'));
  mkdirSync(path.join(folder, 'checks'));
  const script = `import { check } from 'runtask-action/check';
export default check(({ plan, fail }) => { for (const c of plan.changes) if (c.after?.public) fail(c, 'is public'); });`;
  writeFileSync(path.join(folder, 'checks/a.js'), script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KINDS: readonly (readonly [string, object])[] = [
  ['require', { require: { attributes: { public: false } } }],
  ['schema', { schema: { resources: { '*': { properties: { public: { const: false } } } } } }],
  ['cel', { cel: { assert: '!after.public' } }],
  ['script', { script: 'checks/a.js' }],
  ['limit', { limit: { only_types: ['aws_y'] } }],
];

const unchanged = (importing: { id: string } | null): Plan => {
  const value = { public: true };
  return aPlan([aChange('aws_x.a', 'no-op', { before: value, after: value, importing })]);
};

async function findings(check: object, plan: Plan): Promise<readonly (string | null)[]> {
  const { results } = await runChecks({
    set: toCheckSet(checksFileSchema.parse({ version: 1, checks: [{ name: 'it', ...check }] }), folder),
    run: aRun(),
    plan,
    planProblem: null,
    planPath: null,
    configurationDir: null,
    workspaceDir: folder,
    masker: { text: (text) => text },
    env: { PATH: process.env['PATH'] },
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return results.flatMap(({ reason, findings: found }) => [...(reason === null ? [] : [reason]), ...found.map(({ address }) => address)]);
}

describe.each(KINDS)('%s', (_kind, check) => {
  it('is asked of what is imported unchanged', async () => expect(await findings(check, unchanged({ id: 'i-1' }))).toEqual(['aws_x.a']));
  it('is not asked of what is there and stays', async () => expect(await findings(check, unchanged(null))).toEqual([]));
});
