// The views of one plan with something of everything, as files to be read by eye. `UPDATE_GOLDEN=1 npm test -- test/report/golden`
// writes them anew; the difference is reviewed like code.
import { describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { renderComment } from '../../src/report/comment.ts';
import { toHtml } from '../../src/report/comment-page.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { toTaskResult } from '../../src/report/task-result.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { taskResultSchema } from '../../src/contracts/task-result.ts';
import { showcase } from './showcase.ts';

const VIEWS: readonly (readonly [string, (model: ReportModel) => string])[] = [
  ['comment.md', renderComment],
  ['summary.md', renderSummary],
  ['terminal.txt', (model) => renderTerminal(model, { colour: false, width: 100 })],
  ['body.html', (model) => toHtml(renderComment(model))],
  ['outcomes.json', (model) => `${JSON.stringify(taskResultSchema.parse(toTaskResult(model)), null, 2)}\n`],
];

describe('the showcase', () => {
  it.each(VIEWS)('is %s', async (name, render) => {
    const file = new URL(`../fixtures/report/showcase.${name}`, import.meta.url);
    const text = render(await showcase());
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, text);
    expect(text).toBe(await readFile(file, 'utf8'));
  });
});
