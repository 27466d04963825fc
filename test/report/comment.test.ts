import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_MARKED_FINGERPRINT, readCommentMarker, writeCommentMarker } from '../../src/contracts/comment-marker.ts';
import type { Finding, WaiverReport } from '../../src/findings/finding.ts';
import { MAX_COMMENT, renderComment } from '../../src/report/comment.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { MAX_SUMMARY_BYTES, renderSummary } from '../../src/report/summary.ts';
import { githubToken } from '../plan/credentials.ts';
import { HARMLESS, hostile, inspect, nodes, parse } from './gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';
import { showcase } from './showcase.ts';

const update = (address: string, size: number): object =>
  changeJson(address, ['update'], { input: 'a'.repeat(size) }, { input: 'b'.repeat(size) });
const create = (address: string, size: number): object => changeJson(address, ['create'], null, { input: 'c'.repeat(size) });
const destroy = (address: string, size: number): object => changeJson(address, ['delete'], { input: 'd'.repeat(size) }, null);
const many = (n: number, make: (address: string, size: number) => object, name: string, size: number): object[] =>
  Array.from({ length: n }, (_, i) => make(`terraform_data.${name}_${i}`, size));

const aWaived = (text: string): NonNullable<Finding['waived']> => ({ reason: text, owner: text, expires: '2026-12-31' });
const aMissedWaiver = (text: string): WaiverReport => ({
  waiver: { check: text, rule: text, addresses: [text, text], reason: text, owner: text, expires: '2026-01-31' },
  state: 'expired',
  matched: 3,
});

/** The addresses that stand with a diff, and those that only stand. */
function told(markdown: string, prefix: string): { inFull: number; named: number } {
  const inFull = markdown.match(new RegExp(`<summary>[^\\n]*<code>terraform_data\\.${prefix}_\\d+`, 'g'))?.length ?? 0;
  const listed = markdown.match(new RegExp(`^- [^\\n]*\`terraform_data\\.${prefix}_\\d+`, 'gm'))?.length ?? 0;
  return { inFull, named: inFull + listed };
}

describe('renderComment', () => {
  it('begins with its marker, then verdict and counts in plain text', async () => {
    const text = renderComment(await showcase());
    expect(readCommentMarker(text)).toEqual({
      organization: 'acme',
      workspace: 'net-prod',
      run: 'run-example',
      created: '2026-11-22T09:59:00.000Z',
      stage: 'post_plan',
      sha: '0123456789abcdef0123456789abcdef01234567',
    });
    expect(text.split('\n')[1]).toBe(
      '### ❌ net-prod: 1 check failed, 1 could not run, 1 advisory failed, 2 findings waived · 1 to destroy, 1 to replace, 1 to forget, 2 to update, 1 to create, 1 to import, 1 to move, 1 action to invoke, 1 deferred',
    );
  });

  it('cautions of an imported object that would be destroyed, and says what a deposed one is', async () => {
    const gone = { a: 'x' };
    const plan = await planFrom(
      planJson([
        changeJson('terraform_data.new', ['delete', 'create'], gone, gone, { change: { importing: { id: 'i-1' } } }),
        { ...changeJson('terraform_data.old', ['delete'], gone, null), deposed: '0a1b2c3d' },
      ]),
    );
    const caution = renderComment(aModel(plan))
      .split('\n')
      .filter((line) => line.startsWith('> - '));
    expect(caution).toEqual([
      '> - 🗑️ `terraform_data.old (deposed object 0a1b2c3d)` — left over from a replacement that failed in part',
      '> - ♻️ `terraform_data.new` — the old one is destroyed first, this destroys the imported object',
    ]);
  });

  it('names no action where the plan names none', async () => {
    const plan = await planFrom(planJson([changeJson('terraform_data.a', [], { a: 1 }, { a: 1 })]));
    expect(renderComment(aModel(plan))).toContain('❔ `terraform_data.a` · the plan names no action');
  });

  it('gives the same bytes for the same model', async () => {
    expect(renderComment(await showcase())).toBe(renderComment(await showcase()));
  });

  it('tells danger before everything else', async () => {
    const text = renderComment(await showcase());
    const places = [
      '[!CAUTION]',
      '<b>data stores stay',
      'could not run:',
      '#### Destroy',
      '#### Replace',
      '#### Forget',
      '#### Update',
      '#### Create',
      'Outputs',
    ];
    const at = places.map((place) => text.indexOf(place));
    expect(at.every((index) => index > 0)).toBe(true);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  it('holds no marked value, and says how many it hides', async () => {
    const text = renderComment(await showcase());
    expect(text).not.toMatch(/horse-battery/);
    expect(text).toContain('1 sensitive value hidden');
    expect(text).toMatch(/! password +=.*\(sensitive value\).*changed/);
  });

  it('is one line and a small footer for a plan without changes and without findings', async () => {
    const plan = await planFrom(planJson([changeJson('a.b', ['no-op'], { x: 1 }, { x: 1 })]));
    expect(renderComment(aModel(plan)).split('\n').slice(1)).toEqual([
      '### ✅ net-prod: 1 check passed · no changes',
      '',
      '<sub>[`run-example`](https://app.terraform.io/app/acme/net-prod/runs/run-example) · post-plan · mandatory · Plan: 0 to add, 0 to change, 0 to destroy · ' +
        'commit [`0123456789ab`](https://github.com/acme/net/commit/0123456789abcdef0123456789abcdef01234567) · ' +
        '[workflow run](https://github.com/acme/net/actions/runs/1) · Terraform 1.14.1 · runtask</sub>',
      '',
    ]);
    // Whatever there is to say makes it a whole comment.
    expect(renderComment(aModel(plan, { results: [aResult({ findings: [aFinding({ level: 'warning' })] })] }))).toContain('⚠️ 1 warning');
  });

  it('tells what applying comes to where no resource changes', async () => {
    const output = { actions: ['create'], before: null, after: 'x', after_unknown: false, before_sensitive: false, after_sensitive: false };
    const text = renderComment(aModel(await planFrom(planJson([], { output_changes: { url: output } }))));
    expect(text.split('\n')[1]).toBe('### ✅ net-prod: 1 check passed · 1 output to change, no resources');
    expect(text).toContain('\nOnly outputs change. ');
    expect(text).toContain('<details open><summary><b>Outputs</b> (1)</summary>\n\n```diff\n+ url = "x"\n```');
  });

  it('groups by module where there are several, and enough to group', async () => {
    const inModule = (module: string, i: number): object =>
      changeJson(
        `${module === '' ? '' : `${module}.`}terraform_data.x_${i}`,
        ['create'],
        null,
        { input: 1 },
        module === '' ? {} : { module_address: module },
      );
    const changes = [
      inModule('', 0),
      ...[1, 2, 3].map((i) => inModule('module.a["x`y"]', i)),
      ...[4, 5, 6, 7].map((i) => inModule('module.b', i)),
    ];
    const headings = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('####'));
    expect(headings(renderComment(aModel(await planFrom(planJson(changes)))))).toEqual([
      '#### Create (8)',
      '##### Root module',
      '##### ``module.a["x`y"]``',
      '##### `module.b`',
    ]);
    expect(headings(renderComment(aModel(await planFrom(planJson(changes.slice(0, 7))))))).toEqual(['#### Create (7)']);
    expect(headings(renderComment(aModel(await planFrom(planJson(changes.slice(4))))))).toEqual(['#### Create (4)']);
    const scattered = [...changes.slice(0, 5), ...[8, 9, 10].map((i) => inModule(`module.c${i}`, i))];
    expect(headings(renderComment(aModel(await planFrom(planJson(scattered)))))).toEqual(['#### Create (8)']);
  });

  it('says above all that a value looks like a credential', async () => {
    const text = renderComment(aModel(await planFrom(planJson([changeJson('a.b', ['create'], null, { token: githubToken })]))));
    expect(text).not.toContain(githubToken);
    expect(text).toContain('> **1 value looks like a credential and is withheld.** Mark it sensitive where it comes from.');
  });

  it('leaves room for the fingerprint of what was reviewed, which whoever writes over it keeps', async () => {
    const plan = await planFrom(planJson(many(3000, update, 'x', 300)));
    const reviewed = { run: 'run-1', fingerprint: 'f'.repeat(MAX_MARKED_FINGERPRINT) };
    const own = renderComment(aModel(plan));
    const marker = readCommentMarker(own);
    if (marker === null) throw new Error('no marker');
    expect(own.replace(/^.*\n/, `${writeCommentMarker({ ...marker, reviewed })}\n`).length).toBeLessThanOrEqual(MAX_COMMENT);
    const given = renderComment(aModel(plan), reviewed);
    expect(given.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(readCommentMarker(given)?.reviewed).toEqual(reviewed);
  });

  it('names the resource of a finding once', () => {
    const findings = [aFinding({ address: 'a.b', action: 'delete', message: 'a.b would be destroyed' })];
    const text = renderComment(
      aModel(null, { results: [aResult({ status: 'failed', findings })], verdict: { status: 'failed', message: 'm' } }),
    );
    expect(text).toContain('- `a.b` (delete): would be destroyed · **high**');
  });

  it('tells what a check found before it broke, on the pull request and on the terminal', () => {
    const finding = aFinding({ address: 'aws_x.a', message: 'is open to the world' });
    const model = aModel(null, { results: [aResult({ status: 'errored', reason: 'no answer for the rest', findings: [finding] })] });
    const comment = renderComment(model);
    expect(comment).toContain('1 finding before it broke');
    for (const text of [comment, renderTerminal(model, { colour: false, width: 120 })]) {
      expect(text).toContain('no answer for the rest');
      expect(text).toContain('is open to the world');
    }
  });

  it('shows an action that it does not know literally, and early', async () => {
    const text = renderComment(
      aModel(await planFrom(planJson([create('terraform_data.n_0', 1), changeJson('a.b', ['open', 'shut'], { x: 1 }, { x: 2 })]))),
    );
    expect(text).toContain('❔ <code>a.b</code> · <code>open, shut</code>');
    expect(text.indexOf('Other actions')).toBeLessThan(text.indexOf('#### Create'));
  });
});

describe('a verdict that is not the checks’ own', () => {
  it.each([
    ['deadline', 'Decided by the relay: the time was up'],
    ['never-started', 'Decided by the relay: no workflow started'],
    ['operator', 'Decided by an operator'],
  ] as const)('%s is said first', async (decidedBy, words) => {
    const text = renderComment(await showcase({ verdict: { status: 'failed', message: 'No answer until 10:09.', decidedBy } }));
    expect(text.split('\n')[1]).toContain('### ❌ net-prod: failed');
    expect(text).toContain(`> **${words}** (on record: failed). No answer until 10:09.`);
  });

  it('passed by an operator although checks failed is not shown as clean', async () => {
    const text = renderComment(await showcase({ verdict: { status: 'passed', message: 'Break glass.', decidedBy: 'operator' } }));
    expect(text.split('\n')[1]).toContain('### ⚠️ net-prod: passed');
  });

  it('observed only says so', async () => {
    const text = renderComment(
      await showcase({ observe: true, verdict: { status: 'passed', message: 'Would have failed.', decidedBy: 'action' } }),
    );
    expect(text.split('\n')[1]).toContain('⚠️ net-prod: observed only, 1 check failed');
    expect(text).toContain('**Observed only.**');
  });

  it('undeliverable says so, with the reason', async () => {
    const text = renderComment(await showcase({ delivery: { state: 'undeliverable', reason: 'HTTP 404' } }));
    expect(text).toContain('> **HCP Terraform did not take this verdict.** HTTP 404');
  });

  it('without a plan tells why', () => {
    const text = renderComment(
      aModel(null, {
        planProblem: 'The plan JSON is not there (HTTP 404).',
        verdict: { status: 'failed', message: 'm', decidedBy: 'action' },
      }),
    );
    expect(text.split('\n')[1]).toContain('no plan');
    expect(text).toContain('> **There is no plan to show.** The plan JSON is not there (HTTP 404).');
  });

  it.each([
    ['no check applied', [aResult({ status: 'not-applicable', reason: 'stage' })]],
    ['only advisory checks ran', [aResult({ enforcement: 'advisory' })]],
    ['there are no checks', []],
  ])('failed because %s is not shown as passed, and says why', (_, results) => {
    const text = renderComment(
      aModel(null, { results, verdict: { status: 'failed', message: 'No mandatory check judged this run.', decidedBy: 'action' } }),
    );
    expect(text.split('\n')[1]).toBe('### ❌ net-prod: failed');
    expect(text).toContain('> No mandatory check judged this run.');
  });

  it('in a stage without a plan by nature shows the checks alone', () => {
    const text = renderComment(aModel(null));
    expect(text).toContain('### ✅ net-prod: 1 check passed\n');
    expect(text).not.toContain('WARNING');
  });
});

describe('a comment that would be too long', () => {
  it('drops the bodies of creates before those of updates, and says so', async () => {
    const plan = await planFrom(
      planJson([...many(60, create, 'new', 350), ...many(60, update, 'old', 350), destroy('terraform_data.gone_0', 350)]),
    );
    const text = renderComment(aModel(plan));
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(told(text, 'gone')).toEqual({ inFull: 1, named: 1 });
    expect(told(text, 'old')).toEqual({ inFull: 60, named: 60 });
    expect(told(text, 'new').named).toBe(60);
    expect(told(text, 'new').inFull).toBeLessThan(60);
    expect(text).toMatch(/_Left out for length: the attributes of \d+ resources to create\. The whole is in the \[job summary\]/);
  });

  it('drops addresses after bodies, and keeps every body of what is destroyed', async () => {
    const plan = await planFrom(planJson([...many(3000, create, 'new', 100), ...many(40, destroy, 'gone', 350)]));
    const text = renderComment(aModel(plan));
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(told(text, 'gone')).toEqual({ inFull: 40, named: 40 });
    const { inFull, named } = told(text, 'new');
    // What is left of the room after the last address may hold a body or two.
    expect(inFull).toBeLessThan(5);
    expect(text).toContain(`… and ${3000 - named} more to create`);
    expect(text).toContain('#### Create (3000)');
  });

  it('keeps failed findings when nothing else has room', async () => {
    const findings = Array.from({ length: 300 }, (_, i) =>
      aFinding({ address: `terraform_data.gone_${i}`, action: 'delete', message: `Finding number ${i} ${'x'.repeat(100)}` }),
    );
    const plan = await planFrom(planJson(many(2000, destroy, 'gone', 300)));
    const model = aModel(plan, {
      results: [aResult({ check: 'c', status: 'failed', findings })],
      verdict: { status: 'failed', message: 'm', decidedBy: 'action' },
    });
    const text = renderComment(model);
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text.match(/Finding number \d+/g)).toHaveLength(300);
    expect(text).toContain('#### Destroy (2000)');
    expect(text).toMatch(/… and \d+ more to destroy/);
  });

  it('folds a long list of addresses, but never of what is destroyed', async () => {
    const moves = Array.from({ length: 40 }, (_, i) =>
      changeJson(`a.moved_${i}`, ['no-op'], { x: 1 }, { x: 1 }, { previous_address: `a.old_${i}` }),
    );
    const text = renderComment(aModel(await planFrom(planJson([...moves, ...many(60, destroy, 'gone', 900)]))));
    expect(text).toContain('<details><summary>40 to move</summary>\n\n- ↪️ `a.moved_0` · moved from `a.old_0`\n- ');
    expect(told(text, 'gone').named).toBe(60);
    expect(text).not.toContain('to destroy</summary>');
  });

  it('tells of warnings and passes however large the plan is', async () => {
    const warnings = Array.from({ length: 300 }, (_, i) => aFinding({ level: 'warning', message: `warning ${i} ${'w'.repeat(200)}` }));
    const plan = await planFrom(planJson(many(3000, destroy, 'gone', 300)));
    const text = renderComment(aModel(plan, { results: [aResult({ findings: warnings }), aResult({ check: 'another' })] }));
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text).toContain('<details><summary>⚠️ 300 warnings · ✅ 2 checks passed</summary>');
    expect(text).toMatch(/- … and \d+ more\n\n<\/details>/);
    expect(text).toContain('`terraform_data.gone_0`');
  });

  it('names every failed check even where their findings have no room', () => {
    const results = Array.from({ length: 50 }, (_, check) =>
      aResult({
        check: `check ${check}`,
        status: 'failed',
        findings: Array.from({ length: 40 }, () => aFinding({ message: 'm'.repeat(900) })),
      }),
    );
    const text = renderComment(aModel(null, { results, verdict: { status: 'failed', message: 'm', decidedBy: 'action' } }));
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    for (let check = 0; check < 50; check++) expect(text).toContain(`<b>check ${check}</b> · 40 findings`);
    expect(text).toMatch(/… and \d+ more findings, left out for length/);
  });

  it('is within the limit, valid and balanced for any sizes', async () => {
    const sizes = fc.record({ news: fc.nat(700), olds: fc.nat(300), gone: fc.nat(400), size: fc.nat(3000) });
    await fc.assert(
      fc.asyncProperty(sizes, hostile, async ({ news, olds, gone, size }, text) => {
        const changes = [...many(news, create, 'new', size), ...many(olds, update, 'old', size), ...many(gone, destroy, 'gone', size)];
        const comment = renderComment(
          aModel(
            await planFrom(planJson([...changes, changeJson(`x.y["${text}"]`, ['update'], { [text]: text }, { [text]: `${text}!` })])),
          ),
        );
        expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT);
        expect(comment.isWellFormed()).toBe(true);
        const { links, ...seen } = inspect(comment);
        expect(seen).toEqual(HARMLESS);
        expect(links.every((url) => /^https:\/\/(?:app\.terraform\.io|github\.com\/acme)\//.test(url))).toBe(true);
        for (const group of comment.match(/#### \w+ \((\d+)\)/g) ?? []) expect(group).toMatch(/Destroy|Update|Create/);
      }),
      { numRuns: 25 },
    );
  });
});

describe('hostile content', () => {
  it.each(['é<`', '`', '\u202e', '\u{e0001}', '<!--', '"', '@a ', '\n'])(
    'of any length stays within the limit, or GitHub would take no comment at all: %j',
    async (piece) => {
      const long = piece.repeat(3000);
      const url = `https://example.com/${'a'.repeat(8000)}`;
      const change = changeJson(
        `a.b["${long}"]`,
        ['delete', 'create'],
        { [long]: long },
        { [long]: 'x' },
        { action_reason: long, change: { replace_paths: [[long], ['b', long]], importing: { id: long } } },
      );
      const plan = await planFrom(
        planJson(
          Array.from({ length: 30 }, () => change),
          { terraform_version: long },
        ),
      );
      const finding = aFinding({ check: long, ruleId: long, message: long, help: long, address: long, action: long, file: long, url });
      const base = aModel(plan, {
        results: [
          aResult({ check: long, status: 'failed', findings: Array(50).fill(finding) as [] }),
          aResult({ check: long, status: 'errored', reason: long }),
          aResult({ check: long, origin: long, findings: Array(50).fill({ ...finding, waived: aWaived(long) }) as [] }),
        ],
        waivers: Array(50).fill(aMissedWaiver(long)) as [],
        sources: Array(50).fill({ name: long, digest: long, checks: 1 }) as [],
        verdict: { status: 'failed', message: long, decidedBy: 'lease' },
        planProblem: long,
        workflowUrl: url,
        commit: long,
        delivery: { state: 'undeliverable', reason: long },
      });
      const run = {
        ...base.run,
        organization: long,
        workspace: long,
        run_id: long,
        run_created_at: long,
        run_url: url,
        vcs: { ...base.run.vcs, commit_url: url },
      };
      const text = renderComment({ ...base, run });
      expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
      expect(inspect(text)).toMatchObject(HARMLESS);
      expect(text).toContain('#### Replace (30)');
      expect(text).toMatch(/\*\*Replaces 30 resources\*\*[\s\S]*… and \d+ more/);
    },
  );

  it('opens nothing anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const evil = { [text]: text, list: [text], nested: { [text]: { deep: text } } };
        const more = {
          previous_address: `a.b["${text}"]`,
          action_reason: text,
          deposed: text,
          change: { replace_paths: [[text, 0, text]], importing: { id: text } },
        };
        const plan = await planFrom(
          planJson(
            [
              changeJson(`a.c["${text}"]`, ['create'], null, evil),
              changeJson(`a.d["${text}"]`, ['delete', 'create'], evil, { ...evil, more: text }, more),
              changeJson(`a.e["${text}"]`, [text], evil, null),
              changeJson(`a.f["${text}"]`, ['no-op'], evil, evil, more),
            ],
            {
              terraform_version: text,
              output_changes: { o: { actions: ['create'], before: null, after: evil } },
              resource_drift: [changeJson(text, ['update'], evil, { x: text })],
            },
          ),
        );
        const finding = aFinding({
          check: text,
          ruleId: text,
          message: text,
          help: text,
          address: text,
          action: text,
          file: text,
          line: 3,
          url: text,
        });
        const results = [
          aResult({ check: text, status: 'failed', findings: [finding, { ...finding, level: 'warning' }] }),
          aResult({ check: text, status: 'errored', reason: text }),
          aResult({ check: text, status: 'not-applicable', reason: text }),
          aResult({ check: text, origin: text, findings: [{ ...finding, waived: aWaived(text) }] }),
        ];
        const model = aModel(plan, {
          results,
          waivers: [aMissedWaiver(text), { ...aMissedWaiver(text), state: 'unmatched' }],
          sources: [{ name: text, digest: text, checks: 1 }],
          planProblem: text,
          verdict: { status: 'failed', message: text, decidedBy: 'deadline' },
          delivery: { state: 'undeliverable', reason: text },
        });
        for (const markdown of [
          renderComment({ ...model, run: { ...model.run, workspace: text, run_id: text, organization: text } }),
          renderSummary(model),
        ]) {
          const { links, ...seen } = inspect(markdown);
          expect(seen).toEqual(HARMLESS);
          expect(links.filter((url) => !/^https?:\/\//.test(url))).toEqual([]);
          const headings = nodes(parse(markdown)).flatMap((node) => (node.type === 'heading' ? [node.depth] : []));
          expect(headings.filter((depth) => depth < 3)).toEqual([]);
          expect(nodes(parse(markdown)).filter((node) => node.type === 'table')).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('renderSummary', () => {
  it('counts bytes, and has no marker', async () => {
    const plan = await planFrom(
      planJson(many(3000, (address) => changeJson(address, ['create'], null, { input: '€'.repeat(390) }), 'new', 0)),
    );
    const text = renderSummary(aModel(plan));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
    expect(Buffer.byteLength(text)).toBeGreaterThan(MAX_SUMMARY_BYTES - 10_000);
    expect(text.startsWith('### ')).toBe(true);
    expect(text).toContain('Left out for length');
  });
});
