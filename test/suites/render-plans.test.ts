// Every plan of the collection beside this repository, in every view: no crash, within limits, well formed, and nothing that Terraform
// marks as sensitive.
import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { taskResultSchema } from '../../src/contracts/task-result.ts';
import type { Change, Plan } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { isCommon } from '../../src/plan/secret-values.ts';
import { MAX_COMMENT, renderComment } from '../../src/report/comment.ts';
import { toHtml } from '../../src/report/comment-page.ts';
import { renderHtmlReport } from '../../src/report/html/report.ts';
import { toStatusLine } from '../../src/report/status-line.ts';
import { MAX_SUMMARY_BYTES, renderSummary } from '../../src/report/summary.ts';
import { toTaskResult } from '../../src/report/task-result.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { HARMLESS, inspect } from '../report/gfm.ts';
import { HARMLESS as HARMLESS_PAGE, inspectPage } from '../report/html/page.ts';
import { aFinding, aModel, aResult } from '../report/models.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/plans/', import.meta.url));
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith('.json')) : [];
if (files.length === 0) console.log(`skipped: the collection of plans is not at ${FOLDER}`);
// They lie beside the project and not in it: a clone alone does not have them.
const suite = files.length === 0 ? describe.skip : describe;

// A walk of its own over values and marks, so that the suite does not trust the masker that it tests.
function marked(value: unknown, marks: unknown, found: Set<string>): void {
  if (typeof value === 'string' && marks === true) found.add(value);
  if (typeof value !== 'object' || value === null || marks === false || marks === null) return;
  for (const [step, inner] of Object.entries(value)) {
    marked(inner, marks === true || (typeof marks === 'object' ? (marks as Record<string, unknown>)[step] : undefined), found);
  }
}

function secretsOf(plan: Plan): string[] {
  const found = new Set<string>();
  const changes: Change[] = [...plan.changes, ...plan.drift, ...plan.outputs, ...plan.deferred.map((deferred) => deferred.change)];
  for (const change of changes) {
    marked(change.before, change.beforeSensitive, found);
    marked(change.after, change.afterSensitive, found);
  }
  return [...found].filter((text) => text.length >= 4 && !isCommon(text));
}

/** Long ones anywhere; short ones where they would be a value: in quotes. */
const leaked = (text: string, secrets: readonly string[]): string[] =>
  secrets.filter((secret) => text.includes(secret.length >= 8 ? secret : JSON.stringify(secret)));

suite('the collection of plans, rendered', () => {
  it.each(files)('%s', async (file) => {
    const read = await readPlan({ path: FOLDER + file });
    // plans.test.ts says which are refused, and why.
    if (!read.ok) return;
    const plan = read.value;
    const addresses = plan.changes.filter((change) => change.action !== 'no-op').map((change) => change.address);
    const findings = addresses.slice(0, 3).map((address) => aFinding({ address, message: `${address} is not allowed` }));
    const model = aModel(plan, {
      results: [aResult(), aResult({ check: 'c', status: findings.length > 0 ? 'failed' : 'passed', findings })],
    });

    const comment = renderComment(model);
    const summary = renderSummary(model);
    const terminal = renderTerminal(model, { colour: false, width: 100 });
    const result = toTaskResult(model);
    const page = [...renderHtmlReport([model])].join('');

    expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
    expect(taskResultSchema.safeParse(result).error).toBeUndefined();
    expect(toStatusLine(model).description.length).toBeLessThanOrEqual(140);
    // A megabyte of summary takes the parser seconds; what it would see is what the comment shows.
    for (const markdown of [comment, ...(summary.length < 100_000 ? [summary] : [])]) {
      const { links, ...seen } = inspect(markdown);
      expect(seen).toEqual(HARMLESS);
      expect(links.filter((url) => !/^https:\/\/(?:app\.terraform\.io|github\.com\/acme)\//.test(url))).toEqual([]);
    }
    expect(inspectPage(page)).toEqual(HARMLESS_PAGE);
    const secrets = secretsOf(plan);
    for (const text of [comment, summary, terminal, page, JSON.stringify(result), toHtml(comment)])
      expect(leaked(text, secrets)).toEqual([]);
    // A plan that fits is told whole: every resource that changes is named.
    if (!comment.includes('more to'))
      for (const change of plan.changes.filter((one) => one.action === 'delete')) expect(comment).toContain(change.type);
  });
});
