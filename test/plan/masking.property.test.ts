// Random values with a sentinel in every marked place, and copies of it everywhere else in every spelling: none comes out, ever.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../src/contracts/json.ts';
import { diffChange } from '../../src/plan/diff/diff-change.ts';
import { createMasker } from '../../src/plan/masking.ts';
import { buildOutput, buildPlan, buildResource } from './build-plan.ts';

const SENTINEL = 'S3NTINEL';

/** A value and its marks, true where the value holds a sentinel. */
interface Marked {
  readonly value: Json;
  readonly marks: Json;
}

// Characters that each encoding treats in its own way.
const sentinel = fc
  .tuple(fc.nat(9_999_999), fc.constantFrom('', ' ', '"', '\\', '&<', 'é', '🦊', '\n', '%2F', '\u2028'))
  .map(([n, odd]) => `${SENTINEL}-${n}${odd}-x`);

const key = fc.constantFrom('a', 'b', 'name', 'tags', '__proto__', 'constructor', 'x y', '0');
const plainLeaf: fc.Arbitrary<Json> = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));

const toMap = (entries: readonly (readonly [string, Json])[]): Json => {
  const map = Object.create(null) as { [key: string]: Json };
  for (const [name, value] of entries) map[name] = value;
  // What JSON.parse makes: an own property, also for __proto__.
  return JSON.parse(JSON.stringify(map)) as Json;
};

const marked: fc.Arbitrary<Marked> = fc.letrec<{ node: Marked; secretTree: Json }>((tie) => ({
  secretTree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    sentinel,
    fc.array(tie('secretTree'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('secretTree')), { maxLength: 3 }).map(toMap),
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plainLeaf.map((value) => ({ value, marks: false })),
    tie('secretTree').map((value) => ({ value, marks: true })),
    fc
      .tuple(fc.array(tie('node'), { maxLength: 4 }), fc.nat(3))
      // Marks may be longer than the value.
      .map(([nodes, more]) => ({
        value: nodes.map((n) => n.value),
        marks: [...nodes.map((n) => n.marks), ...Array<boolean>(more).fill(true)],
      })),
    fc.uniqueArray(fc.tuple(key, tie('node')), { maxLength: 5, selector: ([name]) => name }).map((entries) => ({
      value: toMap(entries.map(([name, n]) => [name, n.value])),
      marks: toMap(entries.map(([name, n]) => [name, n.marks])),
    })),
  ),
})).node;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SPELLINGS: readonly ((secret: string) => string)[] = [
  (s) => s,
  (s) => `before ${s} after`,
  (s) => `x${s}${s}y`,
  (s) => JSON.stringify({ a: [s] }),
  (s) => JSON.stringify(JSON.stringify(s)),
  (s) => encodeURIComponent(`a=${s}`),
  (s) => base64(s),
  (s) => base64(`a${s}`),
  (s) => base64(`ab${s}cde`),
  (s) => Buffer.from(`abc${s}`).toString('base64url'),
];

/** The text, and what it is when taken for base64, a URL or JSON. Whoever finds the sentinel in one of them has seen the secret. */
function readings(text: string): string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  const decoded = runs.flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')));
  return [text, text.replaceAll('\\', ''), ...decoded];
}

const leaks = (output: unknown): boolean => readings(JSON.stringify(output)).some((text) => text.includes(SENTINEL));

function sentinelsIn(value: Json): string[] {
  if (typeof value === 'string') return value.startsWith(SENTINEL) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentinelsIn) : [];
}

describe('createMasker', () => {
  it('lets no marked value out of trees, diffs and texts', () => {
    fc.assert(
      fc.property(
        marked,
        marked,
        fc.array(fc.nat(SPELLINGS.length - 1), { maxLength: 4 }),
        fc.boolean(),
        (before, after, spellings, asOutput) => {
          const secrets = [...sentinelsIn(before.value), ...sentinelsIn(after.value)];
          const copies = spellings.map((at, i) => SPELLINGS[at]?.(secrets[i % Math.max(secrets.length, 1)] ?? 'none') ?? '');
          const change = {
            before: before.value,
            after: after.value,
            beforeSensitive: before.marks,
            afterSensitive: after.marks,
          };
          const copying = buildResource({
            before: { copies, [`key ${copies[0] ?? ''}`]: 1, json: JSON.stringify(copies) },
            after: { [copies[1] ?? 'k']: copies[0] ?? '', copies: copies.join('|') },
            unknown: { id: true },
          });
          const changes = asOutput ? [copying] : [buildResource(change), copying];
          const outputs = asOutput ? [buildOutput('o', change)] : [];
          const masker = createMasker(buildPlan(changes, { outputs }));
          for (const each of [...changes, ...outputs]) {
            expect(leaks([masker.maskedBefore(each), masker.maskedAfter(each), diffChange(each, masker)])).toBe(false);
          }
          expect(leaks(copies.map((copy) => masker.text(`said: ${copy}`)))).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('lets no marked value out when marks and value do not belong together', () => {
    fc.assert(
      fc.property(sentinel, fc.array(key, { maxLength: 3 }), marked, (secret, path, other) => {
        // The mark lies deeper than the value goes, or goes into a list as if it were a map.
        const marks = path.reduceRight<Json>((inner, step) => toMap([[step, inner]]), true);
        for (const value of [secret, [secret], [[secret, secret]]] as Json[]) {
          const misfit = buildResource({ after: { a: value }, afterSensitive: { a: marks } });
          const masker = createMasker(buildPlan([misfit]));
          expect(leaks([masker.maskedAfter(misfit), diffChange(misfit, masker)])).toBe(false);
        }
        const change = buildResource({
          before: other.value,
          after: [secret, secret],
          beforeSensitive: other.marks,
          afterSensitive: [true],
        });
        const masker = createMasker(buildPlan([change]));
        expect(leaks([masker.maskedBefore(change), masker.maskedAfter(change), diffChange(change, masker)])).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a plan without marks as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (value, text) => {
        const change = buildResource({ before: value as Json, after: value as Json });
        const masker = createMasker(buildPlan([change]));
        expect(masker.hiddenIn(change)).toBe(0);
        expect(masker.text(text)).toBe(text);
        expect(diffChange(change, masker)).toBeNull();
      }),
    );
  });
});
