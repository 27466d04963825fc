// Sections that somebody wrote by hand: whoever judges one workspace of a pull request can send the relay any JSON, and the jobs of all
// others render it. It may say what it likes about its own workspace, and nothing else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENFORCEMENT_LEVELS, STAGES } from '../../../src/contracts/run-facts.ts';
import { SECTION_LIMITS } from '../../../src/contracts/relay-api.ts';
import { renderCombined, type CombinedPart } from '../../../src/report/combined.ts';
import { MAX_COMMENT } from '../../../src/report/comment.ts';
import { readSection } from '../../../src/report/section.ts';
import { STATES } from '../../../src/report/section/data.ts';
import { GROUPS } from '../../../src/report/words.ts';
import { HARMLESS, hostile, inspect } from '../gfm.ts';
import { runs, TIMEOUT_MS } from './runs.ts';

const text = hostile;
const url = fc.oneof(
  text.map((tail) => `https://link.example/${tail}`),
  text,
  fc.constant('javascript:alert(1)'),
);
const count = fc.oneof(fc.nat(3), fc.constantFrom(0, 1000, 100_000));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });
const listed = <T>(arbitrary: fc.Arbitrary<T>) => maybe(fc.record({ items: some(arbitrary), more: count }));
const phrase = some(fc.oneof(text, fc.record({ code: text }), fc.record({ bold: text })));
const finding = fc.record(
  { message: text, severity: text, address: text, action: text, file: text, source: url, rule: text, url },
  { requiredKeys: ['message', 'severity'] },
);
const check = fc.record({ name: text, isAdvisory: fc.boolean(), origin: maybe(text), count, findings: listed(finding), help: some(text) });
const aside = fc.record({
  kind: fc.constantFrom('warning', 'note', 'passed', 'skipped', 'waived', 'idle'),
  name: maybe(text),
  origin: maybe(text),
  finding: maybe(finding),
  words: maybe(text),
});
const body = maybe(some(text));
const resource = fc.record({
  group: fc.oneof(fc.constantFrom(...GROUPS), text, fc.constant('__proto__')),
  module: maybe(text),
  address: text,
  why: maybe(phrase),
  notes: some(phrase),
  failed: some(fc.record({ name: text, isAdvisory: fc.boolean() })),
  body,
});
const withBody = fc.record({ line: phrase, body });
const section = fc.record({
  version: fc.constant(1),
  run: fc.record({ stage: fc.constantFrom(...STAGES), enforcement: fc.constantFrom(...ENFORCEMENT_LEVELS), speculative: fc.boolean() }),
  state: fc.record({ kind: fc.constantFrom(...STATES), at: fc.option(fc.oneof(text, fc.constant('2026-11-22T10:00:00Z'))) }),
  commit: fc.option(fc.record({ sha: text, url: fc.option(url) })),
  workflow: fc.option(url),
  verdict: fc.constantFrom('passed', 'failed', null),
  isObserved: fc.boolean(),
  headline: fc.record({ checks: text, plan: text }),
  notices: some(phrase),
  checks: fc.record({
    counts: fc.record({
      failed: count,
      errored: count,
      advisory: count,
      passed: count,
      notApplicable: count,
      warnings: count,
      waived: count,
    }),
    failed: listed(check),
    broken: listed(fc.record({ name: text, reason: text, origin: maybe(text) })),
  }),
  conditions: listed(fc.record({ line: phrase, problems: some(text) })),
  quiet: maybe(fc.record({ items: some(aside), more: count, notes: count })),
  waivers: maybe(fc.record({ items: some(aside), more: count, idle: count })),
  plan: fc.option(
    fc.record({
      tally: fc.dictionary(fc.oneof(fc.constantFrom(...GROUPS, '__proto__', 'constructor'), text), count, { maxKeys: 6 }),
      line: text,
      effect: fc.option(text),
      resources: some(resource),
      outputs: listed(some(text)),
      invocations: listed(withBody),
      deferred: listed(phrase),
      drift: listed(withBody),
      otherDrift: count,
      hidden: count,
    }),
  ),
  sources: listed(fc.record({ name: text, digest: text, checks: count })),
  terraform: fc.option(text),
});

/** Texts and lists that could be longer. */
const growable = (value: unknown): (string | unknown[])[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? [...(Array.isArray(value) ? [value as unknown[]] : []), ...Object.values(value).flatMap(growable)]
      : [];

/** One of its texts or lists takes all the room that a section has. */
function filled(one: object, which: number): string {
  const json = JSON.stringify(one);
  const all = growable(one);
  const chosen = all[which % all.length] ?? '';
  const size = Buffer.byteLength(JSON.stringify(chosen)) - 1;
  const times = Math.floor((SECTION_LIMITS.large - Buffer.byteLength(json)) / Math.max(size, 1));
  if (times < 2 || chosen.length === 0) return json;
  let isDone = false;
  return JSON.stringify(one, (_key, value: unknown) => {
    if (isDone || value !== chosen) return value;
    isDone = true;
    return typeof chosen === 'string' ? chosen.repeat(times) : Array.from({ length: times }, () => chosen).flat();
  });
}
const forged = fc
  .tuple(section, fc.option(fc.nat()))
  .map(([one, which]) => (which === null ? JSON.stringify(one) : filled(one, which)))
  .filter((json) => Buffer.byteLength(json) <= SECTION_LIMITS.large);

const part = (workspace: string, json: string): CombinedPart => ({
  organization: 'acme',
  workspace,
  run_id: 'run-1',
  run_url: 'https://app.terraform.io/app/acme/x/runs/run-1',
  run_created_at: '2026-11-22T10:00:00Z',
  digest: workspace,
  section: readSection(json),
});

describe('a comment of sections that somebody wrote by hand', () => {
  it('adds up counts that lie', () => {
    const json = JSON.stringify({
      ...{ version: 1, run: { stage: 'post_plan', enforcement: 'mandatory' }, state: { kind: 'planned' } },
      ...{ headline: { checks: '', plan: '' }, checks: { counts: {} } },
      plan: { line: '', tally: { destroy: Number.MAX_SAFE_INTEGER } },
    });
    const [, heading] = renderCombined([part('a', json), part('b', json)], { task: 'gate', revision: 1 }).split('\n');
    expect(heading).toBe('### 📋 2 workspaces · 2000000000 to destroy');
  });

  it(
    'has no structure of theirs, and is never too long',
    () => {
      fc.assert(
        fc.property(fc.array(forged, { minLength: 1, maxLength: 4 }), (sections) => {
          const parts = sections.map((json, i) => part(`net-${i}`, json));
          const markdown = renderCombined(parts, { task: 'gate', revision: 1 });
          expect(markdown.length).toBeLessThanOrEqual(MAX_COMMENT);
          expect(markdown.isWellFormed()).toBe(true);
          const { links, ...seen } = inspect(markdown);
          expect(seen).toEqual(HARMLESS);
          expect(links.filter((one) => !/^https?:\/\//.test(one))).toEqual([]);
        }),
        { ...runs(60), endOnFailure: true },
      );
    },
    TIMEOUT_MS,
  );
});
