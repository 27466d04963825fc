// Lines on the real configurations that lie beside the project with their plans. Skipped where they are absent.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { createLocate } from '../../../src/checks/locate/locate.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';

const PLANS = join(import.meta.dirname, '../../../../shared/plans');
const present = existsSync(PLANS);
if (!present) console.warn(`skipped: no plans at ${PLANS}`);
const withSource = present
  ? readdirSync(PLANS).filter((name) => name.endsWith('.tf') && existsSync(join(PLANS, name.replace(/tf$/, 'json'))))
  : [];

// They lie beside the project and not in it: a clone alone does not have them.
(present ? describe : describe.skip)('real configurations', () => {
  it('have each planned resource of the root module on the line that is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runtask-locate-'));
    let found = 0;
    try {
      for (const name of withSource) {
        const plan = await readPlan({ path: join(PLANS, name.replace(/tf$/, 'json')) });
        // Terragrunt's file generates the configuration, which is not there.
        if (!plan.ok || name.includes('terragrunt')) continue;
        copyFileSync(join(PLANS, name), join(folder, 'main.tf'));
        const lines = readFileSync(join(PLANS, name), 'utf8').split('\n');
        const locate = createLocate({ configurationDir: folder, workingDirectory: '', plan: plan.value, clock: systemClock });
        // What is deleted or forgotten has left the configuration.
        for (const change of plan.value.changes.filter(
          ({ module, action }) => module === '' && action !== 'delete' && action !== 'forget',
        )) {
          const place = locate(change.address, null);
          const text = place === null ? '(no line)' : (lines[place.line - 1] ?? '(beyond the end)');
          expect([name, change.address, text]).toEqual([
            name,
            change.address,
            expect.stringContaining(`"${change.type}" "${change.name}"`),
          ]);
          found++;
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(found).toBeGreaterThan(1000);
  });
});
