// The views of one plan with something of everything, as files to be read by eye. `UPDATE_GOLDEN=1 npm test -- test/report/golden`
// writes them anew; the difference is reviewed like code.
import { describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { renderCombined } from '../../src/report/combined.ts';
import { renderComment } from '../../src/report/comment.ts';
import { toHtml } from '../../src/report/comment-page.ts';
import { renderHtmlReport } from '../../src/report/html/report.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { toTaskResult } from '../../src/report/task-result.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { taskResultSchema } from '../../src/contracts/task-result.ts';
import { aModel, changeJson, planFrom, planJson } from './models.ts';
import { aPart } from './parts.ts';
import { showcase } from './showcase.ts';

const VIEWS: readonly (readonly [string, (model: ReportModel) => string])[] = [
  ['comment.md', renderComment],
  ['summary.md', renderSummary],
  ['terminal.txt', (model) => renderTerminal(model, { colour: false, width: 100 })],
  // Without head and style sheet.
  ['report.html', (model) => `${/<nav[\s\S]*<\/main>/.exec([...renderHtmlReport([model])].join(''))?.[0]}\n`],
  ['body.html', (model) => toHtml(renderComment(model))],
  ['outcomes.json', (model) => `${JSON.stringify(taskResultSchema.parse(toTaskResult(model)), null, 2)}\n`],
];

/** Six workspaces: one that fails, two that say the same, two without changes; one of them was planned before the last commit. */
async function pullRequest(): Promise<string> {
  const web = (to: string): object => changeJson('aws_instance.web', ['update'], { ami: 'ami-1' }, { ami: to });
  const [prod, updated, applied, calm] = [
    await showcase(),
    aModel(await planFrom(planJson([web('ami-2')]))),
    aModel(await planFrom(planJson([web('ami-3')])), { state: { kind: 'applied', at: '2026-11-22T12:04:00Z' } }),
    aModel(await planFrom(planJson([]))),
  ];
  return renderCombined(
    [
      aPart('net-prod', prod),
      aPart('net-dev', updated),
      aPart('net-stg', updated),
      aPart('dns', applied),
      aPart('iam', calm),
      aPart('logs', { ...calm, commit: 'fedcba9876543210fedcba9876543210fedcba98' }, { run_created_at: '2026-11-21T09:00:00Z' }),
    ],
    { task: 'net', revision: 12 },
  );
}

describe('the showcase', () => {
  it('is, among others, combined.md', async () => {
    await compare('combined.md', await pullRequest());
  });

  it.each(VIEWS)('is %s', async (name, render) => {
    await compare(name, render(await showcase()));
  });
});

async function compare(name: string, text: string): Promise<void> {
  const file = new URL(`../fixtures/report/showcase.${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
}
