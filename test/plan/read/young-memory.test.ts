import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MODULE = new URL('../../../src/plan/read/young-memory.ts', import.meta.url).href;

/** 100 MB of objects that survive; what V8 holds for young ones when it was asked to stop, and at the end. */
const program = (asks: boolean): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { keepYoungMemorySmall } from '${MODULE}';
  const size = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
  const kept = [];
  let asked = 0;
  for (let i = 0; i < 150; i++) {
    kept.push(Array.from({ length: 20_000 }, (_, j) => ({ j })));
    if (${asks} && asked === 0 && keepYoungMemorySmall()) asked = size();
  }
  console.log(JSON.stringify([asked, size()]));
`;

function sizes(asks: boolean): [number, number] {
  const argv = ['--no-warnings', '--input-type=module', '--eval', program(asks)];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) })) as [
    number,
    number,
  ];
}

it('keeps V8 from taking more memory for young objects than it has when it is asked', () => {
  const [asked, atEnd] = sizes(true);
  expect(asked).toBeGreaterThan(0);
  expect(atEnd).toBeLessThanOrEqual(asked);
  // Or there is nothing that it keeps from growing.
  expect(sizes(false)[1]).toBeGreaterThan(asked);
});
