// Every plan of the collection beside this repository, against its index: read, counted as Terraform counts, and nothing marked comes out.
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../src/contracts/json.ts';
import { planLine } from '../../src/plan/counts.ts';
import { diffChange } from '../../src/plan/diff/diff-change.ts';
import { maskedPlanJson } from '../../src/plan/masked-plan-json.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { Change, Plan } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { isCommon } from '../../src/plan/secret-values.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/plans/', import.meta.url));
const isPresent = existsSync(FOLDER + 'INDEX.tsv');
if (!isPresent) console.log(`skipped: the collection of plans is not at ${FOLDER}`);
const suite = isPresent ? describe : describe.skip;

/** No plans, and refused as what they are. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['cycloidio_terracost__noprovider.json', 'The plan is not valid JSON: something follows the document'],
  ['hashicorp_terraform-json__invalid.json', 'The plan is not valid JSON: something follows the document'],
  ['opentofu_opentofu__cloud_plan-json-error_redacted.json', 'The plan is an empty JSON object'],
]);

interface IndexRow {
  readonly file: string;
  readonly resourceChanges: string;
  readonly planLine: string;
  readonly drift: string;
}

function readIndex(): IndexRow[] {
  if (!isPresent) return [{ file: 'none', resourceChanges: '', planLine: '', drift: '' }];
  const [head = '', ...lines] = readFileSync(FOLDER + 'INDEX.tsv', 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    return { file: cell('file'), resourceChanges: cell('resource_changes'), planLine: cell('plan_line'), drift: cell('drift') };
  });
}

/** Terraform's (or OpenTofu's) own line, where its text lies beside the plan and has one. */
function lineOfText(file: string): string | null {
  const path = FOLDER + file.replace(/\.json$/, '.txt');
  return existsSync(path) ? (/^Plan: (.*)\.$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? null) : null;
}

// A walk of its own over the document, so that the suite does not trust the marks that it tests.
function markedTexts(value: unknown, marks: unknown, found: Set<string>): void {
  if (marks === true) {
    if (typeof value === 'string') found.add(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) markedTexts(inner, true, found);
  } else if (typeof marks === 'object' && marks !== null && typeof value === 'object' && value !== null) {
    for (const [step, mark] of Object.entries(marks)) markedTexts((value as { [key: string]: unknown })[step], mark, found);
  }
}

function textsIn(value: Json, found: Set<string>): Set<string> {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) textsIn(inner, found);
  return found;
}

const allChanges = (plan: Plan): Change[] => [...plan.changes, ...plan.drift, ...plan.outputs, ...plan.deferred.map((d) => d.change)];

suite('the collection of plans', () => {
  it.each(readIndex().map((row) => [row.file, row] as const))('%s', async (file, row) => {
    const read = await readPlan({ path: FOLDER + file });
    if (!read.ok) {
      expect(read.error.map((d) => d.summary)).toEqual([REFUSED.get(file)]);
      return;
    }
    const plan = read.value;
    // The index was written without the actions to invoke, which Terraform 1.14 adds to its line.
    const { invoke: _invoke, ...counts } = plan.counts;
    expect(planLine(counts)).toBe(row.planLine);
    const told = lineOfText(file) ?? row.planLine;
    expect(planLine(told.includes('to invoke') ? plan.counts : counts)).toBe(told);
    expect(String(plan.changes.length)).toBe(row.resourceChanges);
    expect(String(plan.drift.length)).toBe(row.drift);

    const marked = new Set<string>();
    for (const change of allChanges(plan)) {
      markedTexts(change.before, change.beforeSensitive, marked);
      markedTexts(change.after, change.afterSensitive, marked);
    }
    const secrets = [...marked].filter((text) => text.length >= 4 && !isCommon(text));
    const masker = createMasker(plan);
    const shown = allChanges(plan).map((change) => [masker.maskedBefore(change), masker.maskedAfter(change), diffChange(change, masker)]);
    const texts = textsIn(JSON.parse(JSON.stringify(shown)) as Json, new Set());
    // Short ones are found as whole values, the others also within longer texts; the texts of a large plan are looked through once.
    const long = secrets.filter((secret) => secret.length >= 8);
    const anyLong = long.length === 0 ? null : new RegExp(long.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
    expect([...texts].filter((text) => secrets.includes(text) || anyLong?.test(text))).toEqual([]);
  });

  it('refuses no other', () => {
    const files = new Set(readIndex().map((row) => row.file));
    expect([...REFUSED.keys()].filter((file) => !files.has(file))).toEqual([]);
  });
});

const GENERATOR = fileURLToPath(new URL('../../../shared/tools/gen-plan.mjs', import.meta.url));
if (!existsSync(GENERATOR)) console.log(`skipped: the generator of plans is not at ${GENERATOR}`);

(existsSync(GENERATOR) ? describe : describe.skip)('a generated plan', () => {
  it('is counted as its generator says, and none of its sentinels comes out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'generated-plan-'));
    try {
      const path = join(folder, 'plan.json');
      execFileSync(process.execPath, [GENERATOR, '600', path, '--full', '--seed=7'], { stdio: 'ignore' });
      const expected = JSON.parse(readFileSync(join(folder, 'plan.expect.json'), 'utf8')) as { plan_line: object; moved: number };
      const read = await readPlan({ path });
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      const plan = read.value;
      expect(plan.counts).toMatchObject({ ...expected.plan_line, move: expected.moved });
      const masker = createMasker(plan);
      const shown = allChanges(plan).map((change) => [masker.maskedBefore(change), masker.maskedAfter(change), diffChange(change, masker)]);
      const document = readFileSync(path, 'utf8');
      expect(document.match(/S3NTINEL/g)?.length).toBeGreaterThan(100);
      expect(JSON.stringify([shown, [...maskedPlanJson(plan, masker)].join(''), masker.text(document)])).not.toContain('S3NTINEL');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
