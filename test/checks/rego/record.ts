// Records what a real engine says to the cases, for the stand-in. To be run by hand where one is installed, whenever a case or the way in
// which engines are asked changes:
//
//   node test/checks/rego/record.ts opa /usr/local/bin/opa opa-1.9.0
//   npx prettier --write test/checks/rego/recorded
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { makeBin, runRego } from './harness.ts';
import { recordingProgram, toAnswers } from './recorder.ts';
import type { Answer } from './stand-in.ts';

const [engine = '', program = '', name = ''] = process.argv.slice(2);
const folder = join(import.meta.dirname, 'recorded');
const log = join(process.env['TMPDIR'] ?? '/tmp', `record-${process.pid}.jsonl`);

// Asks the real one with the same arguments in the same folder, and writes down what it said.
const { bin, remove } = await makeBin({ [engine]: recordingProgram(program, log) });

const answers: Record<string, Answer> = {};
for (const one of CASES) {
  await writeFile(log, '');
  await runRego(one, { bin });
  Object.assign(answers, toAnswers(await readFile(log, 'utf8'), one.name));
}
await remove();
await mkdir(folder, { recursive: true });
const sorted = Object.fromEntries(Object.entries(answers).sort(([a, x], [b, y]) => x.of.localeCompare(y.of) || a.localeCompare(b)));
await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ engine, answers: sorted }, null, 1)}\n`);
