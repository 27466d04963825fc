import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeSchema, resourceChangeSchema } from '../../../src/contracts/plan-json.ts';
import { isChange, isResourceChange } from '../../../src/plan/read/quick-check.ts';

const odd = fc.oneof(
  fc.constantFrom(null, undefined, true, 0, '', 'x', Infinity, [], ['x'], [1], {}, { id: 1 }, { id: 'x' }, { unknown: 1 }),
);
const text = fc.oneof({ weight: 30, arbitrary: fc.string() }, odd);
const change = fc.record(
  {
    actions: fc.oneof({ weight: 30, arbitrary: fc.array(fc.string()) }, odd),
    before: odd,
    importing: fc.oneof({ weight: 30, arbitrary: fc.record({ id: text, unknown: odd }, { requiredKeys: [] }) }, odd),
    generated_config: text,
  },
  { requiredKeys: [] },
);
const resource = fc.record(
  {
    address: text,
    previous_address: text,
    module_address: text,
    mode: text,
    type: text,
    name: text,
    index: fc.oneof(text, fc.double()),
    index_unknown: odd,
    provider_name: text,
    deposed: text,
    action_reason: text,
    change: fc.oneof({ weight: 30, arbitrary: change }, odd),
  },
  { requiredKeys: ['address', 'type', 'name', 'change'] },
);

describe('the quick look at a change', () => {
  it('accepts nothing that the schema refuses, and gives the same', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(resource, odd), (value) => {
        if (!isResourceChange(value)) return;
        accepted += 1;
        const judged = resourceChangeSchema.safeParse(value);
        expect(judged.error?.issues).toBeUndefined();
        expect(value).toEqual(judged.data);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.oneof(change, odd), (value) => {
        if (isChange(value)) expect(changeSchema.safeParse(value).success).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('accepts what Terraform writes', () => {
    const usual = {
      address: 'module.m.a.b["k"]',
      module_address: 'module.m',
      mode: 'managed',
      type: 'a',
      name: 'b',
      index: 'k',
      provider_name: 'p',
      change: { actions: ['update'], before: {}, after: {}, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
    };
    expect(isResourceChange(usual)).toBe(true);
  });
});
