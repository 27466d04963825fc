// What is told of waivers: by whom and until when, what has no effect and what to do. Nothing waived is counted as failed anywhere.
import { describe, expect, it } from '@jest/globals';
import type { WaiverReport } from '../../src/findings/finding.ts';
import { renderComment } from '../../src/report/comment.ts';
import { toStatusLine } from '../../src/report/status-line.ts';
import { toView } from '../../src/report/view.ts';
import { waiverTrouble } from '../../src/report/waiver-words.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';

const aReport = (state: WaiverReport['state'], matched: number, over: Partial<WaiverReport['waiver']> = {}): WaiverReport => ({
  waiver: { check: 'tags', reason: 'r', owner: 'net@example.com', expires: '2026-10-31', ...over },
  state,
  matched,
});
const waived = { reason: 'until the move', owner: 'net@example.com', expires: '2026-12-31' };

describe('waiverTrouble', () => {
  it.each<[WaiverReport, string | null]>([
    [aReport('in-effect', 2), null],
    [aReport('not-asked', 0), null],
    [
      aReport('expired', 2),
      'The waiver for "tags" (net@example.com) ended on 2026-10-31. It would cover 2 findings of this run: renew or remove it.',
    ],
    [aReport('expired', 0, { owner: undefined }), 'The waiver for "tags" ended on 2026-10-31. Nothing in this run needs it: remove it.'],
    [
      aReport('unowned', 1, { rule: 'CKV_1', addresses: ['a.b', 'a.c', 'a.d', 'a.e'] }),
      'The waiver for "tags", rule `CKV_1`, at `a.b` `a.c` `a.d` and 1 more has no owner, so it has no effect. It would cover 1 finding of this run: write its `owner`, or remove it.',
    ],
    [aReport('unmatched', 0), 'Nothing in this run needs the waiver for "tags". If that stays so, remove it.'],
  ])('%#', (report, text) => expect(waiverTrouble(report)).toBe(text));
});

describe('a waiver without effect', () => {
  it('is a warning above the checks where it was meant to have one, and else stands in the fold', () => {
    const of = (...waivers: WaiverReport[]): string => renderComment(aModel(null, { waivers }));
    const alert = '> [!WARNING]\n> The waiver for "tags"';
    expect(of(aReport('expired', 2))).toContain(alert);
    expect(of(aReport('unowned', 1))).toContain(alert);
    const idle = of(
      aReport('expired', 0),
      aReport('unowned', 0),
      aReport('unmatched', 0),
      aReport('not-asked', 0),
      aReport('in-effect', 1),
    );
    expect(idle).not.toContain('[!WARNING]');
    expect(idle).toContain('<summary>3 waivers that nothing needs</summary>');
    expect(of(...Array.from({ length: 7 }, () => aReport('expired', 2)))).toContain('> … and 2 more waivers without effect.');
  });
});

describe('a waived finding', () => {
  it('is told with its reason and counted as waived, and no view calls it a failure', async () => {
    const plan = await planFrom(planJson([changeJson('a.b', ['create'], null, { x: 1 })]));
    const findings = [aFinding({ address: 'a.b', action: 'create', message: 'lacks Owner', standsFor: 3, waived })];
    const model = aModel(plan, { results: [aResult({ findings })] });
    const comment = renderComment(model);
    expect(comment).toContain('### ✅ net-prod: 1 check passed, 3 findings waived · 1 to create');
    expect(comment).toContain('<summary>🔕 3 findings waived</summary>');
    expect(comment).toContain('`a.b` (create): lacks Owner · **high** — waived: until the move (`net@example.com`, until 2026-12-31)');
    expect(comment).not.toContain('❌');
    expect(toStatusLine(model)).toEqual({ state: 'success', description: '1 check passed, 3 findings waived · 1 to create' });
    expect(toView(model).groups[0]?.items[0]?.failedChecks.size).toBe(0);
  });

  it('does not hide the warnings and the failures beside it', () => {
    const findings = [
      aFinding({ message: 'open' }),
      aFinding({ message: 'covered', waived }),
      aFinding({ level: 'warning', message: 'covered warning', waived }),
    ];
    const comment = renderComment(
      aModel(null, { results: [aResult({ status: 'failed', findings })], verdict: { status: 'failed', message: 'm' } }),
    );
    expect(comment).toContain('❌ <b>required tags</b> · 1 finding</summary>\n\n- open · **high**\n\n</details>');
    expect(comment).toContain('🔕 2 findings waived');
    expect(comment).not.toContain('1 warning');
  });
});
