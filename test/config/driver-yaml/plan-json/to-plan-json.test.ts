import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../../src/contracts/json.ts';
import { ExactNumber, UNKNOWN, type ValueMap } from '../../../../src/config/engine/values.ts';
import { hasChanges, toPlanJson } from '../../../../src/config/driver-yaml/plan-json/to-plan-json.ts';
import { toJson } from '../../../../src/config/driver-yaml/plan-json/values.ts';
import type { ConfigPlan } from '../../../../src/config/driver-yaml/plan.ts';
import { aPlan, ATTACHMENT, attachment, change, NEW_ATTACHMENT, planned, TASK, task } from './plans.ts';

const FACTS = { version: '0.1.0', now: Date.UTC(2026, 10, 22) };
/** As it is written: through the text. */
const document = (plan: ConfigPlan): Record<string, Json> => JSON.parse(JSON.stringify(toPlanJson(plan, FACTS))) as Record<string, Json>;
const changes = (plan: ConfigPlan): Json => document(plan)['resource_changes'] ?? null;

describe('toPlanJson', () => {
  it('writes a new object as Terraform does: unknown apart, the key marked and nowhere', () => {
    const plan = aPlan([planned(TASK, 'gate', null, change(null, task({ id: UNKNOWN })))]);
    expect(changes(plan)).toEqual([
      {
        address: 'runtask_organization_run_task.gate',
        mode: 'managed',
        type: 'runtask_organization_run_task',
        name: 'gate',
        provider_name: 'registry.terraform.io/org/runtask',
        change: {
          actions: ['create'],
          before: null,
          after: {
            description: 'Checks in acme/terraform-gate',
            enabled: true,
            global: null,
            hmac_key_version: 1,
            name: 'gate',
            organization: 'acme',
            url: 'https://relay.example.com/hooks/gate',
          },
          after_unknown: { hmac_key: true, id: true },
          before_sensitive: false,
          after_sensitive: { hmac_key: true },
        },
      },
    ]);
    expect(JSON.stringify(document(plan))).not.toContain('the-hmac-key-of-gate');
  });

  it('writes an import that changes something, a replacement and what is no longer declared', () => {
    const plan = aPlan([
      planned(TASK, 'gate', null, change(task(), task({ enabled: false })), { importing: true }),
      planned(ATTACHMENT, 'gate', 'a', change(attachment('a'), attachment('a', { run_task: 'b', ...NEW_ATTACHMENT }), [['run_task']])),
      planned(ATTACHMENT, 'gate', 'gone', change(attachment('gone'), null)),
      planned(TASK, 'old', null, change(task(), null)),
      planned(TASK, 'destroyed', null, change(task(), null), { deleteReason: 'destroy' }),
    ]);
    expect(changes(plan)).toMatchObject([
      { change: { actions: ['update'], importing: { id: 'acme/gate' } } },
      {
        index: 'a',
        change: { actions: ['delete', 'create'], replace_paths: [['run_task']] },
        action_reason: 'replace_because_cannot_update',
      },
      { change: { actions: ['delete'], after: null, after_unknown: {}, after_sensitive: false }, action_reason: 'delete_because_each_key' },
      { action_reason: 'delete_because_no_resource_config' },
      { address: 'runtask_organization_run_task.destroyed' },
    ]);
    expect(changes(plan)).not.toHaveProperty('[4].action_reason');
  });

  it.each([
    ['another version', { hmac_key_version: 1 }, { hmac_key_version: 2 }, { hmac_key: true }],
    ['a run task whose key others have set', { hmac_key_version: null }, {}, { hmac_key: true }],
    ['the same version', { enabled: false }, {}, {}],
    ['nothing to be changed', {}, {}, {}],
  ])('shows that the key is sent to what is there: %s', (_, before, after, unknown) => {
    const plan = aPlan([planned(TASK, 'gate', null, change(task(before), task(after)))]);
    expect(changes(plan)).toMatchObject([{ change: { after_unknown: unknown, after_sensitive: unknown } }]);
    expect(JSON.stringify(document(plan))).not.toContain('the-hmac-key-of-gate');
  });

  it('leaves sensitive values out at any depth, and marks their places', () => {
    const global = { token: 'a-sensitive-token', stages: ['post_plan'] };
    const plan = aPlan([planned(TASK, 'gate', null, change(task(), task({ global })))]);
    expect(changes(plan)).toMatchObject([
      { change: { after: { global: { token: null, stages: ['post_plan'] } }, after_sensitive: { global: { token: true } } } },
    ]);
    expect(JSON.stringify(document(plan))).not.toContain('a-sensitive-token');
  });

  it('tells what is declared once for all instances: what is the same, and where it comes from', () => {
    const plan = aPlan(['a', 'b'].map((name) => planned(ATTACHMENT, 'gate', name, change(null, attachment(name, NEW_ATTACHMENT)))));
    expect(document(plan)['configuration']).toMatchObject({
      root_module: {
        resources: [
          {
            address: 'runtask_workspace_run_task.gate',
            expressions: {
              enforcement_level: { constant_value: 'mandatory' },
              run_task: { references: ['runtask_organization_run_task.gate.name', 'runtask_organization_run_task.gate'] },
              workspace: { references: ['each.key'] },
            },
          },
        ],
      },
    });
  });

  it('says whether it can be applied, whether another apply must follow, and what was changed outside', () => {
    const same = planned(TASK, 'gate', null, change(task(), task()));
    const error = { severity: 'error', summary: 'No', detail: 'Why', path: 'hcp', file: 'c.yml', line: 2, column: 3 } as const;
    const waiting = { ...same, pending: 'waits for acme/net#7', changedOutside: true };
    expect(document(aPlan([same]))).toMatchObject({
      applyable: false,
      complete: true,
      errored: false,
      timestamp: '2026-11-22T00:00:00.000Z',
    });
    expect(document(aPlan([{ ...same, importing: true }]))).toMatchObject({ applyable: true });
    expect(document(aPlan([waiting]))).toMatchObject({
      complete: false,
      runtask: { changed_outside: [same.address], pending: [{ address: same.address, reason: 'waits for acme/net#7' }] },
    });
    expect(document(aPlan([{ ...same, importing: true }], { diagnostics: [error] }))).toMatchObject({
      applyable: false,
      errored: true,
      diagnostics: [
        { severity: 'error', summary: 'No', detail: 'Why', path: 'hcp', range: { filename: 'c.yml', start: { line: 2, column: 3 } } },
      ],
    });
    expect([aPlan([]), aPlan([same])].map(hasChanges)).toEqual([false, false]);
  });
});

describe('values in plan JSON', () => {
  it('keeps numbers as they are written, and keys that are called like parts of JavaScript', () => {
    const value: ValueMap = { b: new ExactNumber('9007199254740993.10'), a: [1, UNKNOWN], ['__proto__']: 'x', gone: UNKNOWN };
    expect(JSON.stringify(toJson(value))).toBe('{"__proto__":"x","a":[1,null],"b":9007199254740993.10}');
  });
});
