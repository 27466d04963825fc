// The cases, and policies on the real plans that lie beside the project, with the opa and conftest of this machine. Skipped where there
// is none: then only recorded.test.ts speaks for the engines.
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { CASES, expectedOf, toLine } from './cases.ts';
import { runRego } from './harness.ts';

const PLANS = join(import.meta.dirname, '../../../../shared/plans');

const DOCUMENTED = [
  ...readFileSync(join(import.meta.dirname, '../../../docs/checks/rego.md'), 'utf8').matchAll(/^```rego\n([\s\S]*?)^```/gm),
].map(([, text = ''], index) => [index + 1, text] as const);

function folderOf(program: string): string | null {
  const isThere = (folder: string): boolean => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return (process.env['PATH'] ?? '').split(delimiter).find(isThere) ?? null;
}

describe.each(['opa', 'conftest'])('the %s of this machine', (engine) => {
  const bin = folderOf(engine);
  if (bin === null) console.warn(`skipped: no ${engine} on the PATH`);
  // Neither comes from npm: tried wherever one is installed, while recorded.test.ts holds what they answered.
  const withEngine = bin === null ? it.skip : it;

  withEngine.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { outcome } = await runRego({ ...one, rego: { engine, ...one.rego } }, { bin: bin ?? '' });
    expect({ findings: outcome.findings.map(toLine), reason: outcome.reason }).toEqual(expectedOf(one, engine));
  });

  withEngine.each(DOCUMENTED)('the documented policy #%s finds something', async (_, text) => {
    const policy = text.includes('package ') ? text : `package main\n\n${text}`;
    const { outcome } = await runRego({ files: { 'policy/a.rego': policy }, rego: { policy: 'policy', engine } }, { bin: bin ?? '' });
    expect({ reason: outcome.reason, findings: outcome.findings.length }).toEqual({ reason: null, findings: 1 });
  });

  // The plans lie beside the project and not in it: a clone alone does not have them.
  const withPlans = existsSync(PLANS) ? withEngine : it.skip;
  withPlans(
    'finds every deletion in real plans, and nothing else',
    async () => {
      const policy = `package main
deny contains {"msg": "gone", "address": rc.address} if { some rc in input.resource_changes; "delete" in rc.change.actions }
warn contains "has no changes" if not input.resource_changes`;
      let seen = 0;
      for (const name of readdirSync(PLANS).filter((file) => file.endsWith('.json'))) {
        const planPath = join(PLANS, name);
        const bytes = readFileSync(planPath);
        if (!(await readPlan({ path: planPath })).ok) continue;
        const text = new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
        const { resource_changes: changes = [] } = JSON.parse(text) as {
          resource_changes?: { address: string; change: { actions: string[] } }[];
        };
        const lost = changes.filter(({ change }) => change.actions.includes('delete')).map(({ address }) => address);
        const { outcome } = await runRego(
          { files: { 'policy/a.rego': policy }, rego: { policy: 'policy', engine }, planPath },
          { bin: bin ?? '' },
        );
        const found = outcome.findings.filter(({ level }) => level === 'error').map(({ address }) => address);
        // A set: the same address twice, as for deposed objects, is one.
        expect([name, found.sort(), outcome.reason]).toEqual([name, [...new Set(lost)].sort(), null]);
        seen += found.length;
      }
      expect(seen).toBeGreaterThan(20);
    },
    120_000,
  );
});
