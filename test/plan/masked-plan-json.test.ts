import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../src/plan/model.ts';
import { maskedPlanJson } from '../../src/plan/masked-plan-json.ts';
import { createMasker } from '../../src/plan/masking.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { buildOutput, buildPlan, buildResource, chunksOf } from './build-plan.ts';

const SECRET = 'correct-horse-battery';

const maskedText = (plan: Plan): string => [...maskedPlanJson(plan, createMasker(plan))].join('');

const resource = buildResource({
  address: 'module.m.t.n["k"]',
  module: 'module.m',
  previousAddress: 't.old',
  index: 'k',
  deposed: '0a1b',
  reason: 'replace_because_cannot_update',
  actions: ['create', 'delete'],
  replaceOrder: 'create-first',
  replacePaths: [['input', 0]],
  importing: { id: `id-${SECRET}` },
  before: { s: SECRET, m: { hidden_key: 1 }, input: [1, null], copy: `x ${SECRET}` },
  after: { s: 'another-secret', m: { hidden_key: 2 }, input: [2] },
  unknown: { id: true, m: { hidden_key_2: true }, input: [false, true] },
  beforeSensitive: { s: true, m: true },
  afterSensitive: { s: true, m: true },
});

describe('maskedPlanJson', () => {
  it('is a plan that reads as the same plan, less what is hidden', async () => {
    const plan = buildPlan([resource], {
      drift: [buildResource({ before: { a: 1 }, after: { a: 2 } })],
      outputs: [buildOutput('o', { after: SECRET, afterSensitive: true, unknown: false })],
      deferred: [{ reason: 'r', change: buildResource() }],
    });
    const read = await readPlan(chunksOf(maskedText(plan), 100));
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    expect(read.value.changes).toEqual([
      {
        ...resource,
        importing: { id: 'id-(sensitive value)' },
        before: { copy: 'x (sensitive value)', input: [1, null], m: '(sensitive value)', s: '(sensitive value)' },
        after: { id: null, input: [2, null], m: '(sensitive value)', s: '(sensitive value)' },
        unknown: { id: true, input: [false, true] },
        beforeSensitive: { input: [false, false], m: true, s: true },
        afterSensitive: { input: [false, false], m: true, s: true },
      },
    ]);
    expect([read.value.drift.length, read.value.deferred.length, read.value.counts]).toEqual([1, 1, plan.counts]);
    expect(read.value.outputs).toMatchObject([{ name: 'o', after: '(sensitive value)', afterSensitive: true }]);
  });

  it('hides the keys of a marked map also where marks name them', () => {
    expect(maskedText(buildPlan([resource]))).not.toContain('hidden_key');
  });

  it('hands nothing through that only pretends to be a mark', () => {
    const change = buildResource({ after: { a: 1 }, afterSensitive: { a: SECRET }, unknown: { b: SECRET } });
    expect(maskedText(buildPlan([change]))).not.toContain(SECRET);
  });
});
