import { describe, expect, it } from '@jest/globals';
import { compareWithFingerprint, fingerprintOf, type PlanDifference } from '../../src/plan/fingerprint.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { Plan, ResourceChange } from '../../src/plan/model.ts';
import { buildChange, buildOutput, buildPlan, buildResource } from './build-plan.ts';
import { githubToken } from './credentials.ts';

const ROOM = 32_000;
const print = (plan: Plan, room = ROOM): string => fingerprintOf(plan, createMasker(plan), room);
const compare = (before: Plan, after: Plan, room = ROOM): PlanDifference | null =>
  compareWithFingerprint(print(before, room), after, createMasker(after));

const update = (name: string, rest: Partial<ResourceChange> = {}): ResourceChange =>
  buildResource({
    address: `aws_instance.${name}`,
    actions: ['update'],
    action: 'update',
    before: { id: 'i-1', size: 'small', noise: 'a' },
    after: { id: 'i-1', size: 'large', noise: 'a' },
    ...rest,
  });
const NOTHING: PlanDifference = { added: [], changed: [], gone: 0, isUnnamed: false };

describe('a fingerprint', () => {
  it('is the same for the same plan, in any order of resources', () => {
    expect(compare(buildPlan([update('a'), update('b')]), buildPlan([update('b'), update('a')]))).toBeNull();
    expect(compare(buildPlan([]), buildPlan([]))).toBeNull();
  });

  it('does not see what stays as it is, and what is only read', () => {
    const later = [
      update('a', { before: { id: 'i-1', size: 'small', noise: 'b' }, after: { id: 'i-1', size: 'large', noise: 'b' } }),
      buildResource({ address: 'aws_vpc.same', actions: ['no-op'], action: 'no-op', before: { a: 1 }, after: { a: 1 } }),
      buildResource({ address: 'data.aws_ami.it', mode: 'data', actions: ['read'], action: 'read', after: { x: 1 } }),
    ];
    expect(compare(buildPlan([update('a')]), buildPlan(later))).toBeNull();
  });

  it('names what came and what is another change, and counts what is gone', () => {
    const before = buildPlan([update('a'), update('b'), update('c')]);
    const after = buildPlan([update('a', { after: { id: 'i-1', size: 'huge', noise: 'a' } }), update('b'), update('d')]);
    expect(compare(before, after)).toEqual({ added: ['aws_instance.d'], changed: ['aws_instance.a'], gone: 1, isUnnamed: false });
  });

  it.each<[string, Partial<ResourceChange>]>([
    ['another action', { actions: ['delete', 'create'], action: 'replace' }],
    ['another value before', { before: { id: 'i-1', size: 'tiny', noise: 'a' } }],
    ['one attribute more', { after: { id: 'i-1', size: 'large', noise: 'changed' } }],
    ['a value that is not known any more', { after: { id: 'i-1', noise: 'a' }, unknown: { size: true } }],
    ['a move', { previousAddress: 'aws_instance.old' }],
    ['an import', { importing: { id: 'i-9' } }],
    ['a value that becomes sensitive', { afterSensitive: { size: true } }],
    ['another provider', { provider: 'registry.terraform.io/other/aws' }],
    ['sides that are no objects', { before: ['a'], after: ['b'] }],
  ])('sees %s', (_name, rest) => {
    expect(compare(buildPlan([update('a')]), buildPlan([update('a', rest)]))).toEqual({ ...NOTHING, changed: ['aws_instance.a'] });
  });

  it('sees numbers that are the same double, but where they are hidden', () => {
    const numbers = (last: string): Partial<ResourceChange> => ({
      // What JSON.parse makes of all of them.
      before: { serial: 9223372036854775807, list: [1] },
      after: { serial: 9223372036854775807, list: [9223372036854775807] },
      exactNumbers: {
        before: new Map([['["serial"]', '9223372036854775807']]),
        after: new Map([
          ['["serial"]', '9223372036854775807'],
          ['["list",0]', last],
        ]),
      },
    });
    const plan = (last: string, rest: Partial<ResourceChange> = {}): Plan => buildPlan([update('a', { ...numbers(last), ...rest })]);
    expect(compare(plan('9223372036854775806'), plan('9223372036854775805'))).toEqual({ ...NOTHING, changed: ['aws_instance.a'] });
    const marked = { afterSensitive: { list: [true] } };
    expect(compare(plan('9223372036854775806', marked), plan('9223372036854775805', marked))).toBeNull();
    const output = (exact: string): Plan => ({
      ...buildPlan([]),
      outputs: [
        buildOutput('serial', {
          before: 1,
          after: 9223372036854775807,
          exactNumbers: { before: new Map(), after: new Map([['[]', exact]]) },
        }),
      ],
    });
    expect(compare(output('9223372036854775806'), output('9223372036854775805'))).toEqual({ ...NOTHING, changed: ['output.serial'] });
  });

  it('sees what is imported by identity, and an action that is not deferred any more', () => {
    const imported = (id: string): Plan => buildPlan([update('a', { importing: { id: null, identity: { id } } })]);
    expect(compare(imported('a'), imported('b'))).toEqual({ ...NOTHING, changed: ['aws_instance.a'] });
    const config = buildChange({ actions: ['create'], after: {} });
    const invoked = (deferred: string | null): Plan => ({
      ...buildPlan([]),
      invocations: [{ address: 'action.x.y', type: 'x', name: 'y', trigger: null, deferred, config }],
    });
    expect(compare(invoked('provider_config_unknown'), invoked(null))).toEqual({ ...NOTHING, changed: ['action.x.y'] });
  });

  it('holds nothing by which the other side of a credential could be guessed', () => {
    const plan = (password: string): Plan => buildPlan([update('a', { before: { size: githubToken }, after: { size: password } })]);
    expect(print(plan('hunter2-hunter2'))).toBe(print(plan('something-else')));
  });

  it('sees outputs and invoked actions', () => {
    const config = buildChange({ actions: ['create'], after: { colour: 'green' } });
    const action = { address: 'action.x.y', type: 'x', name: 'y', trigger: null, deferred: null, config };
    const outputs = [buildOutput('url', { before: 'a', after: 'b' })];
    expect(compare(buildPlan([]), { ...buildPlan([]), outputs, invocations: [action] })).toEqual({
      ...NOTHING,
      added: ['action.x.y', 'output.url'],
    });
  });

  it('holds nothing by which a marked value could be guessed', () => {
    const secret = (value: string): Plan =>
      buildPlan([update('a', { after: { id: 'i-1', size: value, noise: 'a' }, afterSensitive: { size: true } })]);
    expect(print(secret('hunter2-hunter2'))).toBe(print(secret('something-else')));
  });

  it('names nothing where the plan before was too large, and says so', () => {
    const before = buildPlan(Array.from({ length: 300 }, (_, i) => update(`r${i}`)));
    const short = print(before, 1000);
    expect([short.length, print(before).length]).toEqual([24, 25 + 300 * 12]);
    expect(compare(before, buildPlan([update('r1')]), 1000)).toEqual({ ...NOTHING, isUnnamed: true });
    expect(compare(before, before, 1000)).toBeNull();
  });

  it.each(['', '1.', '2.AAAAAAAAAAAAAAAAAAAAAA', '1.AAAAAAAAAAAAAAAAAAAAAA.abc', '<script>'])('takes %j for another plan', (text) => {
    const plan = buildPlan([update('a')]);
    expect(compareWithFingerprint(text, plan, createMasker(plan))).toEqual({ ...NOTHING, isUnnamed: true });
  });
});
