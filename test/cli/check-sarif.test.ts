// `runtask check --sarif`: the findings with the lines of their blocks, waivers included, as a file for other tools.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Log } from 'sarif';
import { changeJson, planJson } from '../report/models.ts';

const MAIN = `terraform {}

resource "aws_s3_bucket" "logs" {
  bucket = "x"
}
`;
const CHECKS = `version: 1
checks:
  - { name: stay, protect: { types: ["aws_*"] } }
waivers:
  - { check: stay, addresses: [aws_vpc.main], reason: It moves, owner: net@example.com, expires: 2999-12-31 }
`;

it('writes findings with file and line, what is waived as suppressed, and says when it cannot', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-sarif-'));
  try {
    const gone = (address: string): object => changeJson(address, ['delete'], { id: 'x' }, null);
    await writeFile(join(folder, 'plan.json'), planJson([gone('aws_s3_bucket.logs'), gone('aws_vpc.main')]));
    await writeFile(join(folder, 'main.tf'), MAIN);
    await writeFile(join(folder, 'checks.yml'), CHECKS);
    const check = (sarif: string): Promise<[number, string]> =>
      promisify(execFile)(process.execPath, [
        new URL('../../src/cli/index.ts', import.meta.url).pathname,
        ...['check', '--plan', join(folder, 'plan.json'), '--directory', folder, '--checks', 'checks.yml'],
        ...['--configuration', folder, '--sarif', sarif],
      ]).then(
        ({ stderr }) => [0, stderr],
        (error: { code: number; stderr: string }) => [error.code, error.stderr],
      );
    const file = join(folder, 'out.sarif');
    expect((await check(file))[0]).toBe(1);
    const log = JSON.parse(await readFile(file, 'utf8')) as Log;
    expect(
      log.runs[0]?.results?.map(({ locations, suppressions }) => [
        locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        locations?.[0]?.physicalLocation?.region?.startLine,
        suppressions?.[0]?.justification,
      ]),
    ).toEqual([
      ['main.tf', 3, undefined],
      ['terraform-plan', 1, 'It moves (net@example.com, until 2999-12-31)'],
    ]);
    expect(await check(join(folder, 'none', 'out.sarif'))).toEqual([
      2,
      expect.stringContaining('--sarif: the file cannot be written. ENOENT'),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
