// Records what a real opa says to the policies of our documents, for the stand-in. To be run by hand where one is installed, whenever such a
// policy, its tests or the way in which opa is asked changes:
//
//   node test/house/documented/record-opa.ts /usr/local/bin/opa && npx prettier --write test/house/documented/opa.recorded.json
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordingProgram, toAnswers } from '../../checks/rego/recorder.ts';
import { listTestFiles, makeTools, RECORDING, runTests } from './run-tests.ts';
import { listSources } from './sources.ts';

const [program = 'opa'] = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'record-opa-'));
const log = path.join(folder, 'log.jsonl');
await writeFile(log, '');
const tools = await makeTools(recordingProgram(program, log));
const sources = listSources().filter(({ text }) => /^ +rego:/m.test(text));
for (const file of await listTestFiles()) {
  const source = sources.find(({ name }) => name === file.checks);
  if (source === undefined) continue;
  for (const { name, problems } of (await runTests(source, file, tools.bin)).outcomes)
    process.stdout.write(`${source.name}: ${name}: ${problems.join('; ') || 'holds'}\n`);
}
const answers = toAnswers(await readFile(log, 'utf8'), 'what a document asks');
await writeFile(RECORDING, `${JSON.stringify({ engine: 'opa', answers }, null, 1)}\n`);
await Promise.all([tools.remove(), rm(folder, { recursive: true })]);
