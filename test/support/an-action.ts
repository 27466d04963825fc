// Stands for the action's main step as a process: the job's secrets in its environment, hidden as `start.ts` does it, and one `run` check.
// What the check came to is written to the file of the last argument, because standard output is looked at by the test.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hideEnvironment } from '../../src/action/hide-environment.ts';
import { systemClock } from '../../src/base/clock.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { checksFileSchema } from '../../src/contracts/checks-file.ts';
import { aPlan, aRun } from '../checks/builders.ts';

const [hide, folder = '', command = ''] = process.argv.slice(2);
if (hide === 'hidden') hideEnvironment(process.env);
const { results } = await runChecks({
  set: toCheckSet(
    checksFileSchema.parse({ version: 1, checks: [{ name: 'tool', run: { command: JSON.parse(command) as unknown } }] }),
    folder,
  ),
  run: aRun(),
  plan: aPlan([]),
  planProblem: null,
  planPath: join(folder, 'plan.json'),
  configurationDir: null,
  workspaceDir: folder,
  masker: { text: (text) => text },
  env: process.env,
  clock: systemClock,
  signal: new AbortController().signal,
});
writeFileSync(join(folder, 'result.json'), JSON.stringify(results[0]));
