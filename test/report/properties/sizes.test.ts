// Random sizes, up to far more than any reader takes: no view is longer than what GitHub, HCP Terraform and the relay take, and nothing is
// cut anywhere but between two things.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SECTION_LIMITS } from '../../../src/contracts/relay-api.ts';
import { taskResultSchema } from '../../../src/contracts/task-result.ts';
import { MAX_COMMENT, renderComment } from '../../../src/report/comment.ts';
import { renderCombined, type CombinedPart } from '../../../src/report/combined.ts';
import { renderDocument } from '../../../src/report/document.ts';
import { renderHtmlReport } from '../../../src/report/html/report.ts';
import type { ReportModel } from '../../../src/report/model.ts';
import { readSection, toSection, writeSection } from '../../../src/report/section.ts';
import { MAX_SUMMARY_BYTES, renderCheckRun, renderSummary } from '../../../src/report/summary.ts';
import { toTaskResult } from '../../../src/report/task-result.ts';
import { nodes, parse } from '../gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from '../models.ts';
import { runs, TIMEOUT_MS } from './runs.ts';
import { htmlOddities, oddities } from './structure.ts';
import { dataViews } from './views.ts';

interface Size {
  readonly resources: number;
  readonly attributes: number;
  readonly valueLength: number;
  readonly nameLength: number;
  readonly findings: number;
  readonly checks: number;
  readonly messageLength: number;
  readonly outputs: number;
  readonly modules: number;
  readonly filler: string;
}

const few = (max: number): fc.Arbitrary<number> => fc.oneof(fc.nat(3), fc.nat(max));
const sizes: fc.Arbitrary<Size> = fc.record({
  resources: few(900),
  attributes: few(25),
  valueLength: few(1500),
  nameLength: few(400),
  findings: few(120),
  checks: few(12),
  messageLength: few(1200),
  outputs: few(120),
  modules: fc.nat(5),
  // Of one, two, three and four bytes, of two UTF-16 units, and of what becomes longer where it is escaped.
  filler: fc.constantFrom('a', 'é', '€', '😀', '`', '<', '&', '\u202e', 'x\n', '"', '@a '),
});

const ACTIONS = [['create'], ['update'], ['delete'], ['delete', 'create'], ['forget'], ['renovate']];

async function modelOf(size: Size, workspace = 'net-prod'): Promise<ReportModel> {
  const { resources, attributes, valueLength, nameLength, findings, checks, messageLength, outputs, modules, filler } = size;
  const filled = (length: number): string => filler.repeat(Math.ceil(length / filler.length));
  const tail = filled(nameLength);
  const addressOf = (n: number): string => `${n % 3 === 0 && modules > 0 ? `module.m${n % modules}.` : ''}aws_x.r${n}["${tail}"]`;
  const sideOf = (side: string, n: number): object =>
    Object.fromEntries(Array.from({ length: attributes }, (_, i) => [`attribute_${i}`, `${side} ${n} ${i} ${filled(valueLength)}`]));
  const changes = Array.from({ length: resources }, (_, n) => {
    const actions = ACTIONS[n % ACTIONS.length] ?? [];
    const [isNew, isGone] = [actions[0] === 'create', actions[0] === 'delete' && actions.length === 1];
    const more = n % 3 === 0 && modules > 0 ? { module_address: `module.m${n % modules}` } : {};
    return changeJson(addressOf(n), actions, isNew ? null : sideOf('old', n), isGone ? null : sideOf('new', n), more);
  });
  const outputChanges = Object.fromEntries(
    Array.from({ length: outputs }, (_, n) => [`output_${n}${tail}`, { actions: ['update'], before: `a${filled(valueLength)}`, after: n }]),
  );
  const plan = await planFrom(planJson(changes, { output_changes: outputChanges }));
  const base = aModel(plan, {
    results: Array.from({ length: checks }, (_, c) =>
      aResult({
        check: `check ${c} ${tail}`,
        status: findings > 0 ? 'failed' : 'passed',
        findings: Array.from({ length: findings }, (_, f) =>
          aFinding({
            address: addressOf(f),
            message: `message ${f} ${filled(messageLength)}`,
            help: f % 7 === 0 ? filled(messageLength) : null,
            ruleId: `R${f}`,
          }),
        ),
      }),
    ),
    verdict: { status: checks * findings > 0 ? 'failed' : 'passed', message: filled(messageLength), decidedBy: 'action' },
  });
  return { ...base, run: { ...base.run, workspace: `${workspace}${tail}` } };
}

/** Each block of a resource stands there as it would if there were room for everything; only the list of outputs may end early. */
function brokenBlocks(cut: string, whole: string): string[] {
  const blocksOf = (markdown: string): string[] => nodes(parse(markdown)).flatMap((node) => (node.type === 'code' ? [node.value] : []));
  const all = new Set(blocksOf(whole));
  const isWhole = (block: string): boolean => all.has(block);
  const endsEarly = (block: string): boolean => /^. "?output_/.test(block) && [...all].some((one) => one.startsWith(`${block}\n`));
  return blocksOf(cut)
    .filter((block) => !isWhole(block) && !endsEarly(block))
    .map((block) => block.slice(0, 200));
}

describe('a view of any size', () => {
  it(
    'is never longer than its reader takes, and is cut between resources only',
    async () => {
      await fc.assert(
        fc.asyncProperty(sizes, async (size) => {
          const model = await modelOf(size);
          const comment = renderComment(model);
          const summary = renderSummary(model);
          const result = toTaskResult(model);
          const data = dataViews(model);
          expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT);
          expect(oddities(comment, { marker: 'runtask v1', tables: 0 })).toEqual([]);
          const whole = renderDocument(toSection(model), model.run, { limit: 4_000_000, measure: (text) => text.length, marker: null });
          if (whole.length < 400_000) expect(brokenBlocks(comment, whole)).toEqual([]);
          expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
          expect(summary.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(renderCheckRun(model))).toBeLessThanOrEqual(65_535);
          expect(taskResultSchema.safeParse(result).error).toBeUndefined();
          expect(JSON.stringify(result).isWellFormed()).toBe(true);
          expect(Array.from(data['status line'] ?? '').length).toBeLessThanOrEqual(140);
          for (const length of ['large', 'medium', 'small'] as const) {
            const text = data[`${length} section`] ?? '';
            expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SECTION_LIMITS[length]);
            expect([text.isWellFormed(), readSection(text) === null]).toEqual([true, false]);
          }
          expect(htmlOddities([...renderHtmlReport([model], { maxBytes: 100_000 })].join(''))).toEqual([]);
          expect(Buffer.byteLength(data['fingerprint'] ?? '')).toBeLessThanOrEqual(SECTION_LIMITS.reviewed);
        }),
        runs(10),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'holds for the comment of hundreds of workspaces',
    async () => {
      const input = fc.tuple(
        fc.array(sizes, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 400, max: 600 })),
      );
      await fc.assert(
        fc.asyncProperty(input, async ([several, count]) => {
          const models = await Promise.all(several.map((size) => modelOf(size)));
          const written = models.map((model) => writeSection(toSection(model)));
          const length = count > 32 ? 'small' : count > 4 ? 'medium' : 'large';
          const parts = Array.from({ length: count }, (_, n): CombinedPart => {
            const { run } = models[n % models.length] ?? aModel(null);
            const text = written[n % written.length];
            return {
              organization: `org-${n % 2}`,
              workspace: `${run.workspace}-${n}`,
              run_id: `run-${n}`,
              run_url: `https://app.terraform.io/app/acme/${n}`,
              run_created_at: run.run_created_at,
              // Every third says something of its own, as far as the digest tells.
              digest: n % 3 === 0 ? `${text?.digest}${n}` : (text?.digest ?? ''),
              section: n % 17 === 16 ? null : readSection(text?.[length] ?? ''),
            };
          });
          const comment = renderCombined(parts, { task: 'gate', revision: count });
          expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT);
          const tables = parts.length === 1 ? [0, 1] : [1];
          const odd = tables.map((expected) => oddities(comment, { marker: 'runtask combined v1', tables: expected }));
          expect(odd.some((one) => one.length === 0) ? [] : odd).toEqual([]);
          expect(renderCombined([...parts].reverse(), { task: 'gate', revision: count })).toBe(comment);
        }),
        runs(8),
      );
    },
    TIMEOUT_MS,
  );
});
