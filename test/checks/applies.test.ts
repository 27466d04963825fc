// A check's `when` on runs that fit, do not fit, and of which nobody knows: the last must never leave a check out.
import { describe, expect, it } from '@jest/globals';
import { applicabilityOf, type Circumstances } from '../../src/checks/applies.ts';
import type { When } from '../../src/contracts/checks-file.ts';
import type { ConfiguredResource, Plan } from '../../src/plan/model.ts';
import { aChange, aPlan, aRun } from './builders.ts';

const configured = (...addresses: string[]): Pick<Plan, 'configuration'> => ({
  configuration: {
    providers: [],
    modules: [],
    resources: addresses.map((address): ConfiguredResource => ({
      ...{ address, module: '', mode: 'managed', type: 'aws_x', name: 'a', provider: null, expressions: {} },
    })),
  },
});
const of = (when: When, over: Partial<Circumstances> = {}): string => {
  const found = applicabilityOf(when, { run: aRun(), plan: aPlan(), planProblem: null, ...over });
  return found.kind === 'applies' ? 'applies' : `${found.kind}: ${found.reason}`;
};

describe('when: project', () => {
  it.each([
    ['known and meant', 'Platform', 'applies'],
    ['known and another', 'Shop', 'excluded: project is Shop, the check is for Plat*'],
    [
      'not known',
      null,
      'unknown: `when: project` cannot be told: a run task does not carry the project. Give the action the input `hcp-token`',
    ],
  ])('%s', (_what, project, expected) => expect(of({ project: ['Plat*'] }, { run: aRun({ project }) })).toBe(expected));

  it('is not asked where another condition excludes the check already', () => {
    expect(of({ project: ['x'], stage: ['pre_plan'] })).toBe('excluded: stage is post_plan, the check is for pre_plan');
  });
});

describe('when: destroy', () => {
  const gone = aChange('module.a["x.y"].aws_x.a["k]"]', 'delete');
  const REMEDY = '. Give the action the input `hcp-token`, or leave the condition out';

  it.each([
    ['a destroy run', aPlan([gone], configured('module.a.aws_x.a')), 'applies'],
    ['a deposed object goes too', aPlan([gone, { ...gone, deposed: '1' }], configured('module.a.aws_x.a')), 'applies'],
    ['a data source is read', aPlan([gone, aChange('aws_y.b', 'read', { mode: 'data' })], configured('module.a.aws_x.a')), 'applies'],
    ['something stays', aPlan([gone, aChange('aws_x.b', 'no-op')], configured('module.a.aws_x.a', 'aws_x.b')), 'excluded'],
    ['nothing is there', aPlan([], configured()), 'excluded'],
    ['only a deposed object goes', aPlan([{ ...gone, deposed: '1' }], configured('module.a.aws_x.a')), 'excluded'],
    ['a pull request emptied the configuration', aPlan([gone], configured('aws_x.other')), 'excluded'],
    [
      'a pull request set count to 0',
      aPlan([{ ...gone, reason: 'delete_because_count_index' }], configured('module.a.aws_x.a')),
      'excluded',
    ],
    ['the plan has no configuration', aPlan([gone]), 'unknown'],
    // With `count = 0` too: Terraform 1.0 gave no reason.
    ['the plan is too old for reasons', { ...aPlan([gone], configured('module.a.aws_x.a')), formatVersion: '0.2' }, 'unknown'],
  ])('%s', (_what, plan, expected) => expect(of({ destroy: true }, { plan }).split(':')[0]).toBe(expected));

  it('takes the word of HCP Terraform before that of the plan', () => {
    expect(of({ destroy: false }, { run: aRun({ destroy: true }) })).toBe(
      'excluded: the run is a destroy run, the check is for runs that are not',
    );
    expect(of({ destroy: true }, { run: aRun({ destroy: true }), plan: null })).toBe('applies');
  });

  it('cannot be told without a plan', () => {
    expect(of({ destroy: false }, { plan: null, planProblem: 'HCP Terraform has none.' })).toBe(
      `unknown: \`when: destroy\` cannot be told: it needs the plan, and there is none: HCP Terraform has none${REMEDY}`,
    );
    expect(of({ destroy: false }, { plan: aPlan([gone]) })).toBe(
      `unknown: \`when: destroy\` cannot be told: the plan does not say whether everything was asked to go${REMEDY}`,
    );
  });
});

describe('when: changes', () => {
  const quiet = aChange('aws_x.a', 'no-op');
  it.each([
    ['created', aPlan([aChange('aws_x.a', 'create')]), 'applies'],
    ['unknown to us', aPlan([aChange('aws_x.a', 'frobnicate')]), 'applies'],
    ['forgotten', aPlan([aChange('aws_x.a', 'forget')]), 'applies'],
    ['moved', aPlan([{ ...quiet, previousAddress: 'aws_x.b' }]), 'applies'],
    ['moved from that type', aPlan([{ ...aChange('aws_y.a', 'no-op'), previousAddress: 'module.m["a.b"].aws_x.b[0]' }]), 'applies'],
    ['imported', aPlan([{ ...quiet, importing: { id: null } }]), 'applies'],
    ['deferred', aPlan([], { deferred: [{ reason: 'unknown', change: aChange('aws_x.a', 'create') }] }), 'applies'],
    ['left as it is', aPlan([quiet]), 'excluded: the plan changes no aws_x*'],
    ['only read', aPlan([aChange('aws_x.a', 'read', { mode: 'data' })]), 'excluded: the plan changes no aws_x*'],
    ['of another type', aPlan([aChange('aws_y.a', 'create')]), 'excluded: the plan changes no aws_x*'],
  ])('%s', (_what, plan, expected) => expect(of({ changes: ['aws_x*'] }, { plan })).toBe(expected));

  it('cannot be told without a plan', () => {
    expect(of({ changes: ['*'] }, { plan: null, run: aRun({ stage: 'pre_plan' }) })).toBe(
      'unknown: `when: changes` cannot be told: in pre_plan there is no plan yet. Add `stage: [post_plan, pre_apply]` to it',
    );
    expect(of({ changes: ['*'] }, { plan: null })).toBe(
      'unknown: `when: changes` cannot be told: it needs the plan, and none was delivered',
    );
  });
});
