// The cases with answers recorded from engines: CI has neither opa nor conftest. The engine is a stand-in, everything else is real. Of conftest
// 0.69 it was the test command with its JSON reader only, on OPA 1.9.0; its releases were not at hand (2026-11).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES, expectedOf, toLine } from './cases.ts';
import { makeBin, runRego } from './harness.ts';
import type { Recording } from './stand-in.ts';

const HERE = import.meta.dirname;

describe.each(['opa-1.9.0', 'opa-0.70.0', 'conftest-0.69.0'])('%s, recorded', (name) => {
  const recording = join(HERE, 'recorded', `${name}.json`);
  const { engine } = JSON.parse(readFileSync(recording, 'utf8')) as Recording;
  let machine: Awaited<ReturnType<typeof makeBin>>;
  beforeAll(async () => {
    machine = await makeBin({
      [engine]: `process.argv.splice(2, 0, ${JSON.stringify(recording)});
        import(${JSON.stringify(join(HERE, 'stand-in.ts'))}).then(({ answer }) => answer(process.argv.slice(2)));`,
    });
  });
  afterAll(() => machine.remove());

  it.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { outcome, left } = await runRego(one, machine);
    expect({ findings: outcome.findings.map(toLine), reason: outcome.reason }).toEqual(expectedOf(one, engine));
    expect(left).toEqual([]);
  });
});
