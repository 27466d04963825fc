import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderHtmlReport } from '../../../src/report/html/report.ts';
import type { ReportModel } from '../../../src/report/model.ts';
import { hostile } from '../gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from '../models.ts';
import { showcase } from '../showcase.ts';
import { externalLinks, HARMLESS, inspectPage } from './page.ts';

const render = (models: readonly ReportModel[], maxBytes?: number): string =>
  [...renderHtmlReport(models, maxBytes === undefined ? {} : { maxBytes })].join('');

const text = (page: string): string => page.replace(/<style>[\s\S]*<\/style>/, '').replace(/<[^>]*>/g, '');

describe('renderHtmlReport', () => {
  it('is one file: no script, nothing loaded, anchors that lead somewhere', async () => {
    const page = render([await showcase()]);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son[a-z]+=/);
    expect(inspectPage(page)).toEqual(HARMLESS);
  });

  it('leads from a finding to its resource, to its line and to its rule', async () => {
    const page = render([await showcase()]);
    expect(page).toContain('<a href="#w1-replace-1"><code>aws_db_instance.main</code></a> (replace): ');
    expect(page).toContain('<div id="w1-replace-1"><pre>');
    expect(externalLinks(page)).toEqual(
      expect.arrayContaining([
        'https://github.com/acme/net/blob/0123456789abcdef0123456789abcdef01234567/s3.tf#L14',
        'https://docs.example.com/ckv_aws_20',
        'https://wiki.example.com/databases',
      ]),
    );
  });

  it('holds every change whole, however many there are', async () => {
    const plan = await planFrom(
      planJson(Array.from({ length: 3000 }, (_, i) => changeJson(`a.b[${i}]`, ['create'], null, { x: `value-${i}` }))),
    );
    const page = render([aModel(plan)]);
    expect(page.match(/value-\d+/g)).toHaveLength(3000);
    expect(page).not.toContain('id="left-out"');
  });

  it('says what comes first in a replacement', async () => {
    const plan = await planFrom(planJson([changeJson('a.b', ['create', 'delete'], { x: 1 }, { x: 2 })]));
    expect(render([aModel(plan)])).toContain('aria-hidden="true">+/-</span> <code>a.b</code>');
  });

  it('is written in pieces', async () => {
    const plan = await planFrom(planJson(Array.from({ length: 500 }, (_, i) => changeJson(`a.b[${i}]`, ['create'], null, { x: i }))));
    const pieces = [...renderHtmlReport([aModel(plan)])];
    expect(pieces.length).toBeGreaterThan(500);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(16_000);
  });

  it('tells what is dangerous first when there is a limit, stays whole as a page, and says what was left out', async () => {
    const long = 'x'.repeat(300);
    const changes = [
      ...Array.from({ length: 400 }, (_, i) => changeJson(`a.new[${i}]`, ['create'], null, { long })),
      ...Array.from({ length: 20 }, (_, i) => changeJson(`a.old[${i}]`, ['delete'], { long }, null)),
    ];
    const outputs = { output_changes: { url: { actions: ['create'], before: null, after: 'the-output', after_unknown: false } } };
    const page = render([aModel(await planFrom(planJson(changes, outputs)))], 80_000);
    expect(Buffer.byteLength(page)).toBeLessThan(80_000 + 12_000);
    expect(inspectPage(page)).toEqual(HARMLESS);
    expect(page.match(/<pre><del>/g)).toHaveLength(20);
    expect(page).toContain('the-output');
    const words = text(page);
    const attributes = Number(/the attributes of (\d+) resources to create/.exec(words)?.[1]);
    const missing = Number(/Left out for length: (\d+) more to create/.exec(words)?.[1]);
    const told = page.match(/a\.new\[\d+\]/g)?.length ?? 0;
    expect({ told, missing: missing > 0, attributes: attributes > 0 }).toEqual({ told: 400 - missing, missing: true, attributes: true });
    expect(words).toContain(`${attributes + missing} parts told shorter`);
  });

  it('shares the limit: a large workspace does not push a small one off the page', async () => {
    const large = await planFrom(
      planJson(Array.from({ length: 900 }, (_, i) => changeJson(`a.b[${i}]`, ['create'], null, { x: 'y'.repeat(200) }))),
    );
    const small = await planFrom(planJson([changeJson('c.d', ['update'], { x: 1 }, { x: 2 })]));
    const page = render([aModel(large), aModel(small)], 60_000);
    expect(page).toContain('~ x = 1 -&gt; 2');
    expect(inspectPage(page)).toEqual(HARMLESS);
  });

  it('tells several workspaces apart: a table, a heading and anchors for each', async () => {
    const model = await showcase();
    const other = { ...model, run: { ...model.run, workspace: 'net-stg' }, verdict: { status: 'passed', message: 'x' } } as const;
    const page = render([model, other]);
    expect(page).toContain('<h1 class="verdict plain">2 workspaces</h1>');
    expect(page).toContain('<tr class="bad"><th scope="row"><a href="#w1-top">net-prod</a></th><td class="verdict">failed</td>');
    expect(page).toContain('<h2 id="w2-top" class="verdict warn">net-stg: ');
    expect(inspectPage(page)).toEqual(HARMLESS);
  });

  it('says that there is no plan, and why', () => {
    const page = render([aModel(null, { planProblem: 'HCP Terraform has no plan of <this> run', results: [] })]);
    expect(text(page)).toContain('There is no plan to show. HCP Terraform has no plan of &lt;this&gt; run');
    expect(inspectPage(page)).toEqual(HARMLESS);
  });

  it('shows no marked value, and says how many are hidden', async () => {
    const secret = 'correct-horse-battery';
    const marks = { change: { before_sensitive: { password: true }, after_sensitive: { password: true } } };
    const plan = await planFrom(
      planJson([changeJson('a.b', ['update'], { password: 'old', note: 'x' }, { password: secret, note: `copy ${secret}` }, marks)]),
    );
    const page = render([aModel(plan)]);
    expect(page).not.toContain(secret);
    expect(page).toContain('(sensitive value)');
    expect(page).toContain('<h2 id="w1-hidden">Hidden values <small>2</small></h2>');
  });

  it('lets nothing from outside become markup, an anchor or a foreign link', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (evil) => {
        const value = { [evil]: evil, lines: `one\n${evil}` };
        const plan = await planFrom(
          planJson(
            [
              changeJson(`a.b["${evil}"]`, ['update'], value, { x: evil }, { module_address: evil, action_reason: evil }),
              changeJson('a.c', [evil], null, value, { change: { importing: { id: evil } } }),
            ],
            { output_changes: { [evil]: { actions: ['create'], before: null, after: value, after_unknown: false } } },
          ),
        );
        const finding = aFinding({
          check: evil,
          ruleId: evil,
          message: evil,
          help: evil,
          address: `a.b["${evil}"]`,
          action: evil,
          file: evil,
          url: evil,
        });
        const base = aModel(plan);
        const page = render([
          {
            ...base,
            run: { ...base.run, workspace: evil, organization: evil, run_message: evil, run_url: evil, run_id: evil, run_created_by: evil },
            results: [
              aResult({ check: evil, kind: evil, origin: evil, status: 'failed', findings: [finding] }),
              aResult({ status: 'errored', reason: evil }),
            ],
            verdict: { status: 'failed', message: evil, decidedBy: 'deadline' },
            sources: [{ name: evil, digest: evil, checks: 1 }],
          },
        ]);
        expect(inspectPage(page)).toEqual(HARMLESS);
        for (const url of externalLinks(page)) expect(url).toMatch(/^https?:\/\//);
      }),
      { numRuns: 200 },
    );
  });
});
