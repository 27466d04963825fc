// Records what a real engine says to the cases, for the stand-in. To be run by hand where one is installed, whenever a case or the way in
// which engines are asked changes:
//
//   node test/checks/rego/record.ts opa /usr/local/bin/opa opa-1.9.0
//   npx prettier --write test/checks/rego/recorded
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { makeBin, runRego } from './harness.ts';
import type { Answer } from './stand-in.ts';

const [engine = '', program = '', name = ''] = process.argv.slice(2);
const folder = join(import.meta.dirname, 'recorded');
const standIn = join(import.meta.dirname, 'stand-in.ts');
const log = join(process.env['TMPDIR'] ?? '/tmp', `record-${process.pid}.jsonl`);

// Asks the real one with the same arguments in the same folder, and writes down what it said.
const { bin, remove } = await makeBin({
  [engine]: `
    const { spawnSync } = require('node:child_process');
    const { appendFileSync } = require('node:fs');
    const args = process.argv.slice(2);
    const { status, stdout, stderr } = spawnSync(${JSON.stringify(program)}, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    import(${JSON.stringify(standIn)}).then(({ questionKey }) => {
      appendFileSync(${JSON.stringify(log)}, JSON.stringify({ key: questionKey(args, process.cwd()), args, code: status, stdout, stderr }) + '\\n');
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      process.exitCode = status;
    });`,
});

const answers: Record<string, Answer> = {};
for (const one of CASES) {
  await writeFile(log, '');
  await runRego(one, { bin });
  for (const line of (await readFile(log, 'utf8')).split('\n').filter(Boolean)) {
    const { key, args, code, stdout, stderr } = JSON.parse(line) as {
      key: string;
      args: string[];
      code: number;
      stdout: string;
      stderr: string;
    };
    const isQuestion = args[0] === 'eval' || args[0] === 'test';
    answers[key] = { of: isQuestion ? one.name : args.join(' '), code, stdout: short(args, stdout), stderr };
  }
}
await remove();
await mkdir(folder, { recursive: true });
const sorted = Object.fromEntries(Object.entries(answers).sort(([a, x], [b, y]) => x.of.localeCompare(y.of) || a.localeCompare(b)));
await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ engine, answers: sorted }, null, 1)}\n`);

/** Of the capabilities (100 KB) a few are enough. */
function short(args: readonly string[], stdout: string): unknown {
  let parsed: unknown;
  try {
    // Where the plan stood on this machine is of no interest.
    parsed = JSON.parse(stdout.replace(/("filename": )"[^"]*"/g, '$1"input.json"'));
  } catch {
    return stdout;
  }
  if (args[0] !== 'capabilities') return parsed;
  const { builtins, ...rest } = parsed as { builtins: { name: string }[] };
  return {
    ...rest,
    builtins: builtins.filter(({ name: builtin }) => /^(count|http\.send|net\.lookup_ip_addr|opa\.runtime)$/.test(builtin)),
  };
}
