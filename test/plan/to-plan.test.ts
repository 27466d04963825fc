import { describe, expect, it } from '@jest/globals';
import type { Plan, ResourceChange } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { toAction } from '../../src/plan/to-plan.ts';
import { chunksOf, planDocument } from './build-plan.ts';

async function planOf(more: { readonly [key: string]: unknown }): Promise<Plan> {
  const result = await readPlan(chunksOf(planDocument(more), 1000));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function changeOf(resource: object, change: object = {}): Promise<ResourceChange> {
  const full = { address: 't.n', type: 't', name: 'n', ...resource, change: { actions: ['no-op'], ...change } };
  const [read] = (await planOf({ resource_changes: [full] })).changes;
  if (read === undefined) throw new Error('no change');
  return read;
}

describe('toPlan', () => {
  it('fills what a plan of Terraform 0.12 does not say', async () => {
    expect(await changeOf({})).toEqual({
      actions: ['no-op'],
      action: 'no-op',
      before: null,
      after: null,
      unknown: false,
      beforeSensitive: false,
      afterSensitive: false,
      address: 't.n',
      previousAddress: null,
      module: '',
      mode: 'managed',
      type: 't',
      name: 'n',
      index: null,
      deposed: null,
      provider: null,
      reason: null,
      replaceOrder: null,
      replacePaths: [],
      importing: null,
    });
  });

  it('keeps what a plan of today says', async () => {
    const change = await changeOf(
      {
        index: 'b/c',
        module_address: 'module.m[0]',
        deposed: '0a1b',
        action_reason: 'replace_because_tainted',
        previous_address: 't.o',
        mode: 'data',
      },
      {
        actions: ['create', 'delete'],
        replace_paths: [['a', 0, 'b']],
        importing: { id: 'i-1' },
        after_unknown: { id: true },
        after_sensitive: true,
      },
    );
    expect(change).toMatchObject({
      action: 'replace',
      replaceOrder: 'create-first',
      replacePaths: [['a', 0, 'b']],
      importing: { id: 'i-1' },
      unknown: { id: true },
      afterSensitive: true,
      index: 'b/c',
      module: 'module.m[0]',
      deposed: '0a1b',
      reason: 'replace_because_tainted',
      previousAddress: 't.o',
      mode: 'data',
    });
    expect((await changeOf({}, { actions: ['delete', 'create'] })).replaceOrder).toBe('delete-first');
  });

  it('takes null for absent everywhere', async () => {
    const nothing = {
      index: null,
      module_address: null,
      deposed: null,
      action_reason: null,
      previous_address: null,
      mode: null,
      provider_name: null,
    };
    expect(await changeOf(nothing, { importing: null, replace_paths: null })).toEqual(await changeOf({}));
  });

  it('takes an import by identity, and an index of 0, for what they are', async () => {
    const change = await changeOf({ index: 0 }, { importing: { identity: { arn: 'x' } } });
    expect([change.importing, change.index]).toEqual([{ id: null, identity: { arn: 'x' } }, 0]);
  });

  it('sees no move where the previous address is the same', async () => {
    expect((await changeOf({ previous_address: 't.n' })).previousAddress).toBeNull();
  });

  it('skips replace paths of a form that it does not know', async () => {
    const change = await changeOf({}, { replace_paths: [['a'], [{ set: 1 }], 'b', []] });
    expect(change.replacePaths).toEqual([['a']]);
  });

  it('reads drift, outputs and deferred changes, and counts none of them', async () => {
    const resource = { address: 't.n', type: 't', name: 'n', change: { actions: ['create'] } };
    const plan = await planOf({
      resource_drift: [resource],
      output_changes: { o: { actions: ['create'], before: null, after: 1 } },
      deferred_changes: [{ reason: 'provider_config_unknown', resource_change: resource }],
      errored: true,
      complete: false,
      applyable: false,
      terraform_version: '1.14.0',
    });
    expect(plan.drift.map((change) => change.address)).toEqual(['t.n']);
    expect(plan.outputs.map((output) => [output.name, output.action, output.after])).toEqual([['o', 'create', 1]]);
    expect(plan.deferred.map((deferred) => [deferred.reason, deferred.change.address])).toEqual([['provider_config_unknown', 't.n']]);
    expect(plan.counts.add).toBe(0);
    expect(plan).toMatchObject({ errored: true, complete: false, applyable: false, terraformVersion: '1.14.0' });
  });

  it('counts the actions to invoke', async () => {
    expect((await planOf({ action_invocations: [{ address: 'action.x.y' }] })).counts.invoke).toBe(1);
  });

  it.each([
    [['create'], 'create'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['create', 'forget'], 'create+forget'],
    [['open'], 'open'],
    [['delete', 'create', 'read'], 'delete+create+read'],
    [[], '(none)'],
  ])('names %j %s', (actions, action) => {
    expect(toAction(actions)).toBe(action);
  });
});

describe('markedElsewhere', () => {
  it('knows sensitive and ephemeral variables, outputs, and resources in any module', async () => {
    const resource = (secret: string): object => ({
      values: { a: [{ password: secret }], b: 'plain' },
      sensitive_values: { a: [{ password: true }] },
    });
    const plan = await planOf({
      variables: { s: { value: 'var-secret' }, e: { value: 'var-ephemeral' }, p: { value: 'var-plain' } },
      configuration: { root_module: { variables: { s: { sensitive: true, default: 'var-default' }, e: { ephemeral: true }, p: {} } } },
      planned_values: {
        outputs: { o: { sensitive: true, value: 'out-secret' }, q: { sensitive: false, value: 'out-plain' } },
        root_module: {
          resources: [resource('root-secret')],
          child_modules: [{ child_modules: [{ resources: [resource('deep-secret')] }] }],
        },
      },
      prior_state: { values: { root_module: { resources: [resource('prior-secret')] } } },
    });
    expect([...(plan.markedElsewhere ?? [])].sort()).toEqual([
      'deep-secret',
      'out-secret',
      'prior-secret',
      'root-secret',
      'var-default',
      'var-ephemeral',
      'var-secret',
    ]);
  });

  it('is absent where nothing is marked', async () => {
    expect(
      Object.hasOwn(await planOf({ planned_values: 7, prior_state: [], variables: null, configuration: 'x' }), 'markedElsewhere'),
    ).toBe(false);
  });
});
