// A plan reads the same wherever its chunks are cut, and whether its changes are kept as they are or packed.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import type { Plan } from '../../../src/plan/model.ts';
import { readPlan, type ReadPlanOptions } from '../../../src/plan/read-plan.ts';
import { createPlanBytes } from '../../../src/plan/read/plan-bytes.ts';
import { collectSecretValues } from '../../../src/plan/secret-values.ts';
import { chunksOf } from '../build-plan.ts';

const TINY = { plainBytes: 0, shelfBytes: 100 };

async function read(text: string | Uint8Array, size: number, options: ReadPlanOptions = {}): Promise<Plan> {
  const result = await readPlan(chunksOf(text, size), options);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' });
const change = fc.record(
  {
    actions: fc.constantFrom(['create'], ['update'], ['delete', 'create'], ['no-op'], ['open']),
    before: value,
    after: value,
    after_unknown: value,
    before_sensitive: value,
    after_sensitive: value,
    replace_paths: fc.constantFrom([['a', 0]], []),
    importing: fc.constantFrom(null, { id: 'i-1' }),
  },
  { requiredKeys: ['actions'] },
);
const word = fc.string({ maxLength: 6, unit: 'grapheme' });
const resource = fc.record(
  { address: word, type: word, name: word, index: fc.oneof(fc.nat(9), word), module_address: word, action_reason: word, change },
  { requiredKeys: ['address', 'type', 'name', 'change'] },
);
const resources = fc.array(resource, { maxLength: 5 });
const values = fc.record({
  outputs: fc.dictionary(word, fc.record({ sensitive: fc.boolean(), value })),
  root_module: fc.record({
    resources: fc.array(fc.record({ values: value, sensitive_values: value }), { maxLength: 3 }),
    child_modules: fc.array(fc.record({ resources: fc.array(fc.record({ values: value, sensitive_values: value }), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  }),
});
const configured = fc.record({ address: word, type: word, name: word, expressions: value });
const document = fc.record(
  {
    format_version: fc.constant('1.2'),
    resource_changes: resources,
    resource_drift: resources,
    deferred_changes: fc.array(fc.record({ reason: word, resource_change: resource }), { maxLength: 3 }),
    output_changes: fc.dictionary(word, change, { maxKeys: 4 }),
    planned_values: values,
    prior_state: fc.record({ values }),
    variables: fc.dictionary(word, fc.record({ value })),
    configuration: fc.record({
      provider_config: fc.dictionary(word, fc.record({ name: word })),
      root_module: fc.record({
        variables: fc.dictionary(word, fc.record({ sensitive: fc.boolean() })),
        resources: fc.array(configured, { maxLength: 3 }),
        module_calls: fc.dictionary(
          word,
          fc.record({ source: word, expressions: value, module: fc.record({ resources: fc.array(configured, { maxLength: 2 }) }) }),
        ),
      }),
    }),
    something_new: value,
    errored: fc.boolean(),
  },
  { requiredKeys: ['format_version'] },
);

describe('a plan in chunks', () => {
  it('is the plan that it is at once, also packed with room for nothing', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 2), async (plan, size, indent) => {
        const text = JSON.stringify(plan, null, indent);
        const atOnce = await read(text, Infinity);
        expect(await read(text, size)).toEqual(atOnce);
        const packed = await read(text, size, { store: TINY });
        expect(packed).toEqual(atOnce);
        expect(collectSecretValues(packed)).toEqual(collectSecretValues(atOnce));
        // The last first: what was looked at before is not kept.
        expect(packed.changes.toReversed().map((one) => one.after)).toEqual(atOnce.changes.toReversed().map((one) => one.after));
        expect(structuredClone(packed.changes)).toEqual(atOnce.changes);
        expect(JSON.parse(JSON.stringify(packed.drift))).toEqual(JSON.parse(JSON.stringify(atOnce.drift)));
      }),
      { numRuns: 100 },
    );
  });

  it('may become a large one while it is read', async () => {
    const change = (i: number): object => ({
      address: `a.b[${i}]`,
      type: 'a',
      name: 'b',
      change: { actions: ['create'], before: null, after: { i, text: 'x'.repeat(100) }, after_sensitive: { text: i % 2 === 0 } },
    });
    const text = JSON.stringify({
      format_version: '1.2',
      resource_changes: Array.from({ length: 50 }, (_, i) => change(i)),
      resource_drift: [change(99)],
      relevant_attributes: [{ resource: 'a.b[99]', attribute: ['i'] }],
    });
    const atOnce = await read(text, Infinity);
    expect(atOnce.drift[0]?.isRelevant).toBe(true);
    expect(await read(text, 64, { store: { plainBytes: 3000, shelfBytes: 500 } })).toEqual(atOnce);
  });
});

describe('a packed change', () => {
  it.each(['before', 'after'])('that is marked in %s only has its secrets known', async (side) => {
    const change = {
      actions: ['update'],
      before: { s: 'hunter2-hunter2' },
      after: { s: 'hunter3-hunter3' },
      [`${side}_sensitive`]: { s: true },
    };
    const text = JSON.stringify({ format_version: '1.2', resource_changes: [{ address: 'a.b', type: 'a', name: 'b', change }] });
    expect(collectSecretValues(await read(text, 9, { store: TINY })).whole).toEqual(new Set(['hunter2-hunter2', 'hunter3-hunter3']));
  });

  const text = JSON.stringify({
    format_version: '1.2',
    resource_changes: [
      {
        address: 'a.b',
        type: 'a',
        name: 'b',
        change: { actions: ['update'], before: { a: 1 }, after: { a: 12345678901234567890n.toString() } },
      },
      { address: 'a.c', type: 'a', name: 'c', change: { actions: ['update'], before: { a: 3 }, after: { a: 4 } } },
    ],
  }).replace('"12345678901234567890"', '12345678901234567890');

  it('can be spread, and what is said besides counts', async () => {
    const { changes } = await read(text, 50, { store: TINY });
    const [first, second] = changes;
    if (first === undefined || second === undefined) throw new Error('no change');
    expect({ ...second, after: null }).toEqual({ ...(await read(text, 50)).changes[1], after: null });
    expect(Object.keys(first).sort()).toEqual(Object.keys((await read(text, 50)).changes[0] ?? {}).sort());
    expect(Object.hasOwn(second, 'exactNumbers')).toBe(false);
    expect(first.exactNumbers?.after).toEqual(new Map([['["a"]', '12345678901234567890']]));
  });
});

describe('the bytes of a plan', () => {
  it('are UTF-8 or refused, wherever a character is cut', () => {
    const bytes = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }),
      fc
        .tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 2 }))
        .map(([text, more]) => Buffer.concat([Buffer.from(text), more])),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 5 }), (all, size) => {
        fc.pre(all.length > 0 && !isMarked(all));
        const input = createPlanBytes(1000);
        const passed: Uint8Array[] = [];
        let isGood = true;
        for (let at = 0; at <= all.length && isGood; at += size) {
          const isLast = at + size > all.length;
          for (const result of [input.push(all.subarray(at, at + size)), ...(isLast ? [input.end()] : [])]) {
            if (result.ok) passed.push(new Uint8Array(result.value));
            else isGood = false;
          }
        }
        expect(isGood).toBe(isUtf8(all));
        if (isGood) expect(Buffer.concat(passed)).toEqual(Buffer.from(all));
      }),
      { numRuns: 3000 },
    );
  });
});

/** With a byte order mark of any kind. */
const isMarked = ([first = 0, second = 0]: Uint8Array): boolean =>
  first === 0xef || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
