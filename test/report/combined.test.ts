import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCombinedMarker } from '../../src/contracts/comment-marker.ts';
import { renderCombined, type CombinedPart } from '../../src/report/combined.ts';
import { MAX_COMMENT, renderComment } from '../../src/report/comment.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { readSection } from '../../src/report/section.ts';
import { githubToken } from '../plan/credentials.ts';
import { HARMLESS, hostile, inspect, nodes, parse } from './gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';
import { aPart, type Length } from './parts.ts';
import { showcase } from './showcase.ts';

const MARKER = { task: 'net', revision: 7 };

const update = (name: string, size = 1): object =>
  changeJson(`terraform_data.${name}`, ['update'], { input: 'a'.repeat(size) }, { input: 'b'.repeat(size) });
const create = (name: string, size = 1): object => changeJson(`terraform_data.${name}`, ['create'], null, { input: 'c'.repeat(size) });
const destroy = (name: string, size = 1): object => changeJson(`terraform_data.${name}`, ['delete'], { input: 'd'.repeat(size) }, null);
const many = (n: number, make: (name: string, size: number) => object, name: string, size = 1): object[] =>
  Array.from({ length: n }, (_, i) => make(`${name}_${i}`, size));

const modelOf = async (changes: readonly object[], change: Partial<ReportModel> = {}): Promise<ReportModel> =>
  aModel(await planFrom(planJson(changes)), change);
const failing = (check: string, findings = [aFinding({ message: `found by ${check}` })]): Partial<ReportModel> => ({
  results: [aResult({ check, status: 'failed', findings })],
  verdict: { status: 'failed', message: '1 check failed', decidedBy: 'action' },
});

/** The cells of the table, as a reader of GitHub's Markdown sees them. */
function tableOf(markdown: string): string[][] {
  const table = nodes(parse(markdown)).find((node) => node.type === 'table');
  if (table?.type !== 'table') return [];
  const textOf = (node: Parameters<typeof nodes>[0]): string =>
    nodes(node)
      .map((one) => (one.type === 'text' || one.type === 'inlineCode' ? one.value : ''))
      .join('');
  return table.children.slice(1).map((row) => row.children.map(textOf));
}
const foldsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^<details(?: open)?><summary>(?:❌|⚠️|✅|📋) <b>(.*?)<\/b> · 1 check /gm)].flatMap(([, name]) => name ?? []);

describe('renderCombined', () => {
  it('begins with its marker, then the worst verdict and the sum of all plans in plain text', async () => {
    const text = renderCombined(
      [
        aPart('net-dev', await modelOf([update('a'), create('b')])),
        aPart('net-prod', await modelOf([destroy('c'), update('d')], failing('stays'))),
        aPart('net-old', await modelOf([])),
      ],
      MARKER,
    );
    expect(readCombinedMarker(text)).toEqual(MARKER);
    expect(text.split('\n')[1]).toBe('### ❌ 1 of 3 workspaces failed · 1 to destroy, 2 to update, 1 to create in 2 workspaces');
  });

  it('opens a workspace that has a warning, also one that passed; where many are open, its line says so', async () => {
    const leaky = await modelOf([changeJson('a.b', ['create'], null, { token: githubToken })]);
    const opened = (text: string): string[] =>
      [...text.matchAll(/^<details open><summary>.. ?<b>(net-\d)<\/b>/gmu)].flatMap(([, name]) => name ?? []);
    const few = renderCombined([aPart('net-1', leaky), aPart('net-2', await modelOf([update('x')]))], MARKER);
    expect(opened(few)).toEqual(['net-1']);
    expect(few).not.toContain('with a warning');
    const failed = await Promise.all([3, 4, 5].map(async (i) => aPart(`net-${i}`, await modelOf([update(`x${i}`)], failing('stays')))));
    const many = renderCombined([aPart('net-1', leaky), ...failed], MARKER);
    expect(opened(many)).toEqual([]);
    expect(many).toContain('<b>net-1</b> · 1 check passed · 1 to create · ⚠️ with a warning</summary>');
  });

  it('tells in order of danger: failed, destroying, changing, and all without changes in one line', async () => {
    const parts = [
      aPart('a-calm', await modelOf([])),
      aPart('b-updates', await modelOf([update('x')])),
      aPart('c-destroys', await modelOf([destroy('x')])),
      aPart('d-fails', await modelOf([create('x')], failing('no'))),
      aPart('e-calm', await modelOf([])),
    ];
    const text = renderCombined(parts, MARKER);
    expect(tableOf(text)).toEqual([
      ['d-fails', '+1', '❌ 1', 'mandatory', 'post-plan · workflow'],
      ['c-destroys', '−1', '✅ 1', 'mandatory', 'post-plan · workflow'],
      ['b-updates', '~1', '✅ 1', 'mandatory', 'post-plan · workflow'],
    ]);
    expect(foldsOf(text)).toEqual(['d-fails', 'c-destroys', 'b-updates']);
    expect(text).toContain(
      '\n✅ 2 workspaces without changes, passed: [a-calm](https://app.terraform.io/app/acme/a-calm/runs/run-1), [e-calm](https://app.terraform.io/app/acme/e-calm/runs/run-1)\n',
    );
    expect(text).toContain('> **Destroys 1 resource**\n>\n> - 🗑️ c-destroys: `terraform_data.x`\n');
    // The same parts in any order: the same bytes.
    expect(renderCombined([...parts].reverse(), MARKER)).toBe(text);
  });

  it('tells once what many workspaces say, and links each of them', async () => {
    const same = await modelOf([destroy('x')]);
    const names = Array.from({ length: 120 }, (_, i) => `net-${String(i).padStart(3, '0')}`);
    const text = renderCombined([...names.map((name) => aPart(name, same)), aPart('other', await modelOf([update('y')]))], MARKER);
    expect(tableOf(text)[0]?.[0]).toBe(`${names.slice(0, 20).join(', ')}, 100 more`);
    expect(text).toContain('<summary>✅ <b>net-000, net-001, net-002, 117 more</b> · 1 check passed · 1 to destroy · identical</summary>');
    expect(text).toContain('> **Destroys 120 resources**\n>\n> - 🗑️ net-000 and 119 more: `terraform_data.x`\n\n');
    expect(text.split('\n')[1]).toBe('### ✅ 121 workspaces passed · 120 to destroy, 1 to update');
  });

  it('looks like the comment of a workspace where there is one', async () => {
    const model = await showcase();
    const own = renderComment(model);
    const { organization, workspace, run_id, run_url, run_created_at } = model.run;
    const part = aPart(workspace, model, { organization, run_id, run_url, run_created_at });
    expect(renderCombined([part], MARKER).split('\n').slice(1)).toEqual(own.split('\n').slice(1));
  });

  it('names a workspace whose section it cannot read', async () => {
    const text = renderCombined(
      [aPart('net-prod', await modelOf([]), { section: null }), aPart('net-dev', await modelOf([update('a')]))],
      MARKER,
    );
    expect(text.split('\n')[1]).toBe('### ⚠️ 1 of 2 workspaces passed · 1 to update in 1 workspace');
    expect(tableOf(text)[0]?.slice(0, 2)).toEqual(['net-prod', 'not known: told by another version of runtask']);
    expect(renderCombined([aPart('net-prod', await modelOf([]), { section: null })], MARKER)).toContain('| [net-prod](');
  });

  it('says which workspace was planned at an older commit', async () => {
    const old = { ...(await modelOf([update('a')])), commit: 'abc1234abc1234' };
    const calm = { ...(await modelOf([])), commit: 'abc1234abc1234' };
    const text = renderCombined(
      [
        aPart('net-old', old, { run_created_at: '2026-11-22T09:00:00Z' }),
        aPart('net-calm', calm, { run_created_at: '2026-11-22T09:00:00Z' }),
        aPart('net-new', await modelOf([update('b')]), { run_created_at: '2026-11-22T10:00:00Z' }),
      ],
      MARKER,
    );
    const runs = tableOf(text).map(([name, , , , run]) => `${name}: ${run}`);
    expect(runs).toEqual([
      'net-new: post-plan · workflow',
      'net-old: post-plan · workflow · planned at abc1234, an older commit',
      'net-calm: post-plan · workflow · planned at abc1234, an older commit',
    ]);
    expect(foldsOf(text)).toEqual(['net-new', 'net-old']);
    expect(text).toContain('1 to update · planned at <code>abc1234</code>, an older commit</summary>');
  });

  it.each([
    ['applied', 'applied 2026-11-22 12:04 UTC', '✅'],
    ['errored', 'apply failed 2026-11-22 12:04 UTC', '❌'],
    ['discarded', 'discarded 2026-11-22 12:04 UTC', '✅'],
    ['canceled', 'canceled 2026-11-22 12:04 UTC', '✅'],
    ['finished', 'apply over, how it ended is not known 2026-11-22 12:04 UTC', '✅'],
  ] as const)('says that a run was %s, and when', async (kind, words, sign) => {
    const model = await modelOf([update('a')], { state: { kind, at: '2026-11-22T12:04:31.000Z' } });
    const text = renderCombined([aPart('net-prod', model), aPart('net-dev', await modelOf([]))], MARKER);
    expect(text).toContain(`<summary>${sign} <b>net-prod</b> · ${words} · 1 check passed · 1 to update</summary>`);
    expect(tableOf(text)[0]?.[1]).toBe(`${words}: ~1`);
    expect(renderCombined([aPart('net-prod', model)], MARKER)).toContain(`### ${sign} net-prod: ${words} · 1 check passed · 1 to update\n`);
  });

  it('does not sum up or warn of what is applied already', async () => {
    const applied = await modelOf([destroy('a'), update('b')], { state: { kind: 'applied', at: '2026-11-22T12:04:31.000Z' } });
    const text = renderCombined([aPart('net-prod', applied), aPart('net-dev', await modelOf([update('c')]))], MARKER);
    expect(text.split('\n')[1]).toBe('### ✅ 2 workspaces passed · 1 to update in 1 workspace · 1 applied');
    expect(text).not.toContain('CAUTION');
    expect(tableOf(text).map(([name]) => name)).toEqual(['net-dev', 'net-prod']);
    expect(renderCombined([aPart('net-prod', applied), aPart('net-dev', applied)], MARKER).split('\n')[1]).toBe(
      '### ✅ 2 workspaces passed · 2 applied',
    );
  });

  it('tells what makes a verdict another than the checks’ before anybody’s details', async () => {
    const model = await modelOf([], { verdict: { status: 'failed', message: 'No answer until 10:09.', decidedBy: 'deadline' } });
    const text = renderCombined([aPart('net-prod', model), aPart('net-dev', await modelOf([]))], MARKER);
    expect(tableOf(text)[0]?.[2]).toBe('❌ failed · ✅ 1');
    expect(text).toContain('> **Decided by the relay: the time was up** (on record: failed). No answer until 10:09.');
  });

  it('tells two organizations apart', async () => {
    const model = await modelOf([update('a')]);
    const text = renderCombined([aPart('net', model), aPart('net', model, { organization: 'umbrella' })], MARKER);
    expect(tableOf(text)[0]?.[0]).toBe('acme/net, umbrella/net');
  });
});

describe('a table', () => {
  it('has five cells in each row, whatever stands in them', async () => {
    const plain = await modelOf([update('a')]);
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const model: ReportModel = { ...plain, commit: text, planProblem: text, results: [aResult({ check: text })] };
        const part = aPart('x', model, { workspace: text, organization: text, run_id: text, run_url: `https://x.example/${text}` });
        const older = { ...part, workspace: `${text}|`, run_created_at: '2026-11-22T08:00:00Z', digest: 'another' };
        const rows = tableOf(renderCombined([part, older, aPart('other', plain)], MARKER));
        expect(rows.map((row) => row.length)).toEqual([5, 5, 5]);
        expect(rows.every(([, , checks, gate]) => checks === '✅ 1' && gate === 'mandatory')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a comment with more than there is room for', () => {
  const lengthFor = (count: number): Length => (count > 32 ? 'small' : count > 4 ? 'medium' : 'large');
  const check = (text: string): void => {
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text.isWellFormed()).toBe(true);
    const { links, ...seen } = inspect(text);
    expect(seen).toEqual(HARMLESS);
    expect(links.every((url) => /^https:\/\/(?:app\.terraform\.io|github\.com\/acme)\//.test(url))).toBe(true);
  };
  async function parts(count: number, make: (i: number) => Promise<ReportModel>, name = 'net'): Promise<CombinedPart[]> {
    const all = Array.from({ length: count }, async (_, i) =>
      aPart(`${name}-${String(i).padStart(3, '0')}`, await make(i), {}, lengthFor(count)),
    );
    return Promise.all(all);
  }

  it('drops the bodies of creates in all workspaces before those of updates in any', async () => {
    const text = renderCombined(
      await parts(10, (i) =>
        modelOf([...many(8, create, `new_${i}`, 350), ...many(10, update, `old_${i}`, 300), destroy(`gone_${i}`, 300)]),
      ),
      MARKER,
    );
    check(text);
    const inFull = (word: string): number =>
      text.match(new RegExp(`<summary>[^\\n]*<code>terraform_data\\.${word}_\\d+`, 'g'))?.length ?? 0;
    expect(inFull('gone')).toBe(10);
    expect(inFull('old')).toBeGreaterThan(50);
    // What is left of the room after the last update may hold one or two.
    expect(inFull('new')).toBeLessThan(5);
    expect(text).toMatch(/_Left out for length: the attributes of \d+ resources to create\. The whole is in the \[job summary\]/);
  });

  it('is not filled by one of them: what is urgent of each is told', async () => {
    const failed = (check: string, message: string): Partial<ReportModel> => failing(check, [aFinding({ message })]);
    const loud = Array.from({ length: 700 }, (_, i) => failed(`${'x'.repeat(60)}_${i}`, 'm'.repeat(200)).results?.[0]).flatMap(
      (result) => result ?? [],
    );
    const long = many(20, destroy, 'y'.repeat(450));
    const others = ['prod-1', 'prod-2', 'prod-3'].map(async (name, i) =>
      aPart(name, await modelOf([destroy(`real_${i}`)], failed(`check of ${name}`, `found in ${name}`))),
    );
    const first = aPart('a', await modelOf(long, { results: loud, verdict: { status: 'failed', message: 'no', decidedBy: 'action' } }));
    const text = renderCombined([first, ...(await Promise.all(others))], MARKER);
    check(text);
    for (const [i, name] of ['prod-1', 'prod-2', 'prod-3'].entries()) {
      expect(text).toContain(`> - 🗑️ ${name}: \`terraform_data.real_${i}\`\n`);
      expect(text).toContain(`<summary>❌ <b>check of ${name}</b>`);
      expect(text).toContain(`- found in ${name} · `);
      // With its attributes or without.
      expect(text).toMatch(new RegExp(`🗑️ (?:<code>|\`)terraform_data\\.real_${i}(?:</code>|\`\\n)`));
    }
    // What the others leave is the first one's.
    expect(text.length).toBeGreaterThan(MAX_COMMENT * 0.9);
  });

  it('holds 500 workspaces that are all different: rows for all, what fails and destroys before the rest', async () => {
    const text = renderCombined(
      await parts(500, (i) =>
        modelOf(
          [
            ...(i % 5 === 0 ? many(2, destroy, `gone_${i}`, 60) : []),
            ...many(10, update, `old_${i}`, 60),
            ...many(10, create, `new_${i}`, 60),
          ],
          i % 25 === 0 ? failing(`check ${i}`) : {},
        ),
      ),
      MARKER,
    );
    check(text);
    expect(text.length).toBeGreaterThan(MAX_COMMENT * 0.9);
    expect(text.split('\n')[1]).toBe('### ❌ 20 of 500 workspaces failed · 200 to destroy, 5000 to update, 5000 to create');
    const rows = tableOf(text);
    expect(rows.length).toBe(500);
    expect(rows.slice(0, 20).every(([, , checks]) => checks === '❌ 1')).toBe(true);
    const found = Array.from({ length: 20 }, (_, i) => i * 25).filter((i) => !text.includes(`- found by check ${i} · `));
    expect(found).toEqual([]);
    expect(foldsOf(text).slice(0, 20).length).toBe(20);
    expect(text).toMatch(/_Left out for length: what \d+ more workspaces would say here\. The whole is in the job summary of each\._/);
  }, 60_000);

  it('names those without changes before anybody’s details', async () => {
    const parts30 = await parts(30, (i) => modelOf(i < 5 ? [] : many(40, update, `old_${i}`, 200)));
    const text = renderCombined(parts30, MARKER);
    check(text);
    expect(text).toContain('✅ 5 workspaces without changes, passed: net-000, net-001, net-002, net-003, net-004\n');
  });

  it('counts the workspaces that have no row', async () => {
    const name = 'a-workspace-with-a-name-that-is-as-long-as-hcp-terraform-takes-it-which-is-ninety-characters'.slice(0, 86);
    const text = renderCombined(await parts(700, (i) => modelOf([update(`old_${i}`)]), name), MARKER);
    check(text);
    const rows = tableOf(text);
    const [last] = rows.slice(-1);
    expect(last?.[0]).toBe(`… and ${700 - (rows.length - 1)} more workspaces`);
    expect(last?.[1]).toBe(`~${700 - (rows.length - 1)}`);
    expect(rows.length).toBeGreaterThan(300);
  }, 60_000);

  it.each([1, 3])('is within the limit with %i sections that somebody else wrote', async (count) => {
    const words = '<b>@x `y` '.repeat(400);
    const many500 = <T>(one: T): T[] => Array.from({ length: 500 }, () => one);
    const forged = readSection(
      JSON.stringify({
        version: 1,
        run: { stage: 'post_plan', enforcement: 'mandatory' },
        state: { kind: 'applied', at: words },
        commit: { sha: words, url: 'javascript:alert(1)' },
        workflow: `https://x.example/${'a'.repeat(5000)}`,
        headline: { checks: words, plan: words },
        notices: many500([words, { code: words }, { bold: words }]),
        checks: { counts: {}, failed: { items: many500({ name: words, count: 90_000 }), more: 90_000 } },
        sources: { items: many500({ name: words, digest: words, checks: 1 }) },
        terraform: words,
        plan: {
          tally: { destroy: 90_000, constructor: 1 },
          line: words,
          effect: words,
          resources: many500({ group: 'destroy', address: words, why: [words] }),
        },
      }),
    );
    expect(forged).not.toBeNull();
    const all = Array.from({ length: count }, (_, i) => ({ ...aPart(`w${i}`, aModel(null)), digest: `d${i}`, section: forged }));
    const text = renderCombined(all, MARKER);
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    const { links, ...seen } = inspect(text);
    expect(seen).toEqual(HARMLESS);
    expect(links.filter((url) => !/^https:\/\/app\.terraform\.io\//.test(url))).toEqual([]);
  });

  it('is within the limit, valid and balanced, whatever the sections hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: hostile, times: fc.constantFrom(1, 30, 2000) }), { minLength: 1, maxLength: 12 }),
        async (texts) => {
          const all = texts.map(async ({ text: piece, times }, i) => {
            const text = piece.repeat(times);
            const evil = { [text]: text, deep: { [text]: [text] } };
            const finding = aFinding({
              check: text,
              ruleId: text,
              message: text,
              help: text,
              address: text,
              action: text,
              file: text,
              url: text,
            });
            const model = await modelOf(
              [
                changeJson(`a.c["${text}"]`, ['create'], null, evil, { module_address: text }),
                changeJson(`a.d["${text}"]`, ['delete', 'create'], evil, { x: text }, { action_reason: text, previous_address: text }),
                changeJson(`a.e["${text}"]`, [text], evil, null),
              ],
              {
                planProblem: text,
                commit: text,
                results: [
                  aResult({ check: text, status: 'failed', findings: [finding, finding] }),
                  aResult({ check: text, status: 'errored', reason: text }),
                ],
                verdict: { status: 'failed', message: text, decidedBy: i % 2 === 0 ? 'deadline' : 'action' },
                delivery: { state: 'undeliverable', reason: text },
              },
            );
            return aPart(`w${i}`, model, { workspace: text, organization: text, run_id: text, run_url: text }, lengthFor(texts.length));
          });
          const text = renderCombined(await Promise.all(all), MARKER);
          expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
          expect(text.isWellFormed()).toBe(true);
          const { links, ...seen } = inspect(text);
          expect(seen).toEqual(HARMLESS);
          expect(links.filter((url) => !/^https?:\/\//.test(url))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);
});
