// Policies in the styles of different authors, on plans that trigger each rule and plans that do not: the example that comes with the
// project, what the documentation shows, and real plans where they are at hand.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { readChecksFile } from '../../../src/checks/checks-file.ts';
import { toCheckSet } from '../../../src/checks/check-set.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import type { CheckResult } from '../../../src/findings/finding.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import type { Plan } from '../../../src/plan/model.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { aChange, aPlan, aRun } from '../builders.ts';
import { runScript } from './run-script.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const AWS_RULES = readFileSync(path.join(ROOT, 'examples/scripts/aws-rules.ts'), 'utf8');
const PARAMS = { tags: ['Owner', 'CostCenter'], sizes: ['t3.*', 'm5.large'], regions: ['eu-west-1'], budget: 1, pinned: true };
const GOOD_TAGS = { Owner: 'a', CostCenter: 'b' };
const OPEN_SSH = { from_port: 0, to_port: 1024, protocol: 'tcp', cidr_blocks: ['10.0.0.0/8'], ipv6_cidr_blocks: ['::/0'] };

const moduleCall = (name: string, source: string, version: string | null): NonNullable<Plan['configuration']>['modules'][number] => ({
  address: `module.${name}`,
  name,
  module: '',
  source,
  version,
  expressions: {},
});
const configured = (modules: ReturnType<typeof moduleCall>[]): NonNullable<Plan['configuration']> => ({
  providers: [],
  modules,
  resources: [],
});

/** Findings by rule: which resource, and the level of what is not an error. */
async function judge(
  files: Readonly<Record<string, string>>,
  plan: Plan,
  params: Record<string, unknown> = PARAMS,
): Promise<Record<string, string[]>> {
  const { findings, reason } = await runScript({ files, plan, params });
  const byRule: Record<string, string[]> = reason === null ? {} : { reason: [reason] };
  for (const { ruleId, address, level } of findings)
    (byRule[ruleId ?? ''] ??= []).push(`${address ?? 'plan'}${level === 'error' ? '' : ` ${level}`}`);
  return byRule;
}

describe('aws-rules.ts', () => {
  const files = { '.runtask/check.ts': AWS_RULES };

  it('finds each violation', async () => {
    const plan = aPlan(
      [
        aChange('aws_s3_bucket.public', 'create', { after: { acl: 'public-read', tags: { Owner: 'a' }, arn: 'arn:aws:s3:::x' } }),
        aChange('aws_s3_bucket.untagged["a.b\\"c"]', 'create', { after: { tags: null, acl: null } }),
        aChange('aws_db_instance.open', 'update', { after: { storage_encrypted: false } }),
        aChange('aws_db_instance.lost', 'delete'),
        aChange('module.a["x"].aws_s3_bucket.replaced', 'replace', { after: { tags: GOOD_TAGS, acl: null } }),
        aChange('aws_ebs_volume.plain', 'create', { after: {} }),
        aChange('aws_security_group.ssh', 'create', { after: { ingress: [{ ...OPEN_SSH, from_port: 443, to_port: 443 }, OPEN_SSH] } }),
        aChange('aws_security_group.all', 'create', {
          after: { ingress: [{ cidr_blocks: ['128.0.0.0/1'], from_port: 0, to_port: 0, protocol: '-1' }] },
        }),
        aChange('aws_instance.big', 'create', { after: { instance_type: 'm5.24xlarge' } }),
        aChange('aws_instance.Away', 'update', { after: { instance_type: 't3.micro', arn: 'arn:aws:ec2:us-east-1:1:instance/i' } }),
        aChange('aws_iam_policy.star', 'create', {
          after: { policy: JSON.stringify({ Statement: { Effect: 'Allow', Action: ['*'], Resource: '*' } }) },
        }),
      ],
      { configuration: configured([moduleCall('net', 'acme/net/aws', null), moduleCall('git', 'git::https://x/y', null)]) },
    );
    expect(await judge(files, plan)).toEqual({
      'required-tags': ['aws_s3_bucket.public', 'aws_s3_bucket.untagged["a.b\\"c"]'],
      'no-public-buckets': ['aws_s3_bucket.public'],
      'encrypted-storage': ['aws_db_instance.open', 'aws_ebs_volume.plain'],
      'no-open-admin-ports': ['aws_security_group.ssh', 'aws_security_group.all'],
      'allowed-sizes': ['aws_instance.big'],
      'allowed-regions': ['aws_instance.Away warning'],
      'data-stores-stay': ['aws_db_instance.lost', 'module.a["x"].aws_s3_bucket.replaced'],
      'change-budget': ['plan'],
      'no-wildcard-policies': ['aws_iam_policy.star'],
      'pinned-modules': ['module.net', 'module.git'],
      'naming': ['aws_instance.Away warning'],
    });
  });

  it('says nothing about what is right, unchanged or going away', async () => {
    const plan = aPlan(
      [
        aChange('aws_s3_bucket.good', 'create', { after: { acl: 'private', tags: GOOD_TAGS } }),
        aChange('aws_s3_bucket.old', 'no-op', { after: { acl: 'public-read', tags: null } }),
        aChange('aws_instance.Gone', 'forget', { before: { instance_type: 'x1.huge' } }),
        aChange('aws_db_instance.good', 'update', {
          after: { storage_encrypted: true, tags: { ...GOOD_TAGS, Late: null } },
          unknown: { tags: { Later: true } },
        }),
        aChange('aws_security_group.web', 'create', { after: { ingress: [{ ...OPEN_SSH, from_port: 443, to_port: 443 }] } }),
        aChange('aws_iam_policy.narrow', 'create', {
          after: { policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: '*' }] }) },
        }),
        aChange('aws_instance.small', 'create', { after: { instance_type: 't3.micro' }, unknown: { arn: true } }),
      ],
      {
        configuration: configured([
          moduleCall('net', 'acme/net/aws', '~> 2.0'),
          moduleCall('own', './own', null),
          moduleCall('git', 'git::https://x/y?ref=v1', null),
        ]),
      },
    );
    // Only the name of what is forgotten, which is still a change.
    expect(await judge(files, plan)).toEqual({ naming: ['aws_instance.Gone warning'] });
  });

  it('does not let pass what nobody can know', async () => {
    const plan = aPlan([
      aChange('aws_db_instance.late', 'create', { after: {}, unknown: { storage_encrypted: true } }),
      aChange('aws_iam_policy.late', 'create', { after: {}, unknown: { policy: true } }),
      aChange('aws_instance.late', 'create', { after: {}, unknown: { instance_type: true, tags: true } }),
      aChange('aws_security_group.late', 'create', { after: {}, unknown: { ingress: true } }),
      aChange('aws_s3_bucket.late', 'create', { unknown: true, after: null }),
    ]);
    expect(await judge(files, plan, { ...PARAMS, pinned: false })).toEqual({
      'required-tags': ['aws_instance.late', 'aws_s3_bucket.late'],
      'encrypted-storage': ['aws_db_instance.late'],
      'no-open-admin-ports': ['aws_security_group.late'],
      'allowed-sizes': ['aws_instance.late'],
      'no-wildcard-policies': ['aws_iam_policy.late'],
    });
  });
});

describe('other styles', () => {
  const PLAN = aPlan([
    aChange('google_compute_firewall.open', 'create', { after: { source_ranges: ['0.0.0.0/0'], labels: {} } }),
    aChange('google_compute_instance.vm', 'create', { after: { machine_type: 'n2-standard-64', labels: { team: 'x' } } }),
    aChange('azurerm_storage_account.a', 'update', { after: { min_tls_version: 'TLS1_0', location: 'westeurope' } }),
  ]);

  it('one pipeline of array functions, in JavaScript', async () => {
    const text = `import { check } from 'runtask-action/check';
      const rules = [
        ['firewall', 'google_compute_firewall', ({ after }) => !after.source_ranges.includes('0.0.0.0/0')],
        ['tls', 'azurerm_storage_account', ({ after }) => after.min_tls_version === 'TLS1_2'],
        ['size', 'google_compute_instance', ({ after }) => Number(after.machine_type.split('-').at(-1)) <= 8],
      ];
      export default check(({ plan, fail }) =>
        rules
          .flatMap(([rule, type, holds]) => plan.planned(type).filter((r) => !holds(r)).map((r) => [r, rule]))
          .forEach(([r, rule]) => fail(r, rule + ' is broken', { rule })));`;
    expect(await judge({ '.runtask/check.ts': text }, PLAN)).toEqual({
      firewall: ['google_compute_firewall.open'],
      tls: ['azurerm_storage_account.a'],
      size: ['google_compute_instance.vm'],
    });
  });

  it('classes with parameter properties and an enum, in files of their own', async () => {
    const files = {
      '.runtask/check.ts': `import { check } from 'runtask-action/check';
        import { Labels } from './rules/labels.ts';
        import { type Rule } from './rules/rule.ts';
        const rules: Rule[] = [new Labels('team'), new Labels('owner')];
        export default check((context) => { for (const rule of rules) for (const change of context.plan.changes) rule.judge(change, context); });`,
      '.runtask/rules/rule.ts': `import type { CheckContext, ResourceChange } from 'runtask-action/check';
        export enum Weight { Light = 'low', Heavy = 'critical' }
        export interface Rule { judge(change: ResourceChange, context: CheckContext): void }`,
      '.runtask/rules/labels.ts': `import type { CheckContext, ResourceChange } from 'runtask-action/check';
        import { Weight, type Rule } from './rule.ts';
        export class Labels implements Rule {
          constructor(private readonly label: string) {}
          judge(change: ResourceChange, { fail }: CheckContext): void {
            if (change.after?.labels?.[this.label] !== undefined || !change.type.startsWith('google_')) return;
            fail(change, \`lacks \${this.label}\`, { rule: \`label \${this.label}\`, severity: Weight.Light });
          }
        }`,
    };
    expect(await judge(files, PLAN)).toEqual({
      'label team': ['google_compute_firewall.open'],
      'label owner': ['google_compute_firewall.open', 'google_compute_instance.vm'],
    });
  });

  it('a table in a data file', async () => {
    const files = {
      '.runtask/check.ts': `import { check } from 'runtask-action/check';
        import prices from './prices.json' with { type: 'json' };
        const priceOf = new Map(Object.entries(prices));
        export default check(({ plan, params, fail }) => {
          const sum = plan.planned('google_compute_instance').reduce((all, vm) => all + (priceOf.get(vm.after.machine_type) ?? Infinity), 0);
          if (sum > params.budget) fail(null, 'costs ' + sum, { rule: 'cost' });
        });`,
      '.runtask/prices.json': '{ "n2-standard-64": 2000 }',
    };
    expect(await judge(files, PLAN, { budget: 1999 })).toEqual({ cost: ['plan'] });
    expect(await judge(files, PLAN, { budget: 2000 })).toEqual({});
  });
});

describe('what the documentation shows', () => {
  const page = readFileSync(path.join(ROOT, 'docs/checks/script.md'), 'utf8');
  const [, yaml = ''] = /^```yaml\n(# \.runtask\/checks\.yml\n[\s\S]*?)^```/m.exec(page) ?? [];
  const scripts = [...page.matchAll(/^```ts\n(\/\/ (\S+)\n[\s\S]*?)^```/gm)];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'runtask-documented-'));
    for (const [, text = '', file = ''] of scripts) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(plan: Plan): Promise<readonly CheckResult[]> {
    const file = readChecksFile(yaml, 'script.md');
    if (!file.ok) throw new Error(JSON.stringify(file.error));
    const { results } = await runChecks({
      set: toCheckSet(file.value, folder),
      run: aRun(),
      plan,
      planProblem: null,
      planPath: null,
      configurationDir: null,
      workspaceDir: folder,
      masker: createMasker(plan),
      env: {},
      clock: systemClock,
      signal: AbortSignal.timeout(20_000),
    });
    return results;
  }

  it('finds what it says', async () => {
    const [result] = await run(
      aPlan([
        aChange('aws_db_instance.a', 'create', { after: { instance_class: 'db.r5.24xlarge' } }),
        aChange('aws_db_instance.late', 'create', { after: { storage_encrypted: true }, unknown: { instance_class: true } }),
        aChange('aws_db_instance.good', 'create', { after: { instance_class: 'db.t4g.small', storage_encrypted: true } }),
        aChange('aws_s3_bucket.lost', 'delete'),
        aChange('aws_ebs_volume.a', 'create', { after: { size: 450 } }),
        aChange('aws_ebs_volume.b', 'create', { after: {}, unknown: { size: true } }),
      ]),
    );
    expect(result?.status).toBe('failed');
    expect(result?.reason).toBeNull();
    expect(result?.findings.map(({ address, ruleId, level, message }) => [address, ruleId, level, message])).toEqual([
      ['aws_db_instance.a', 'encryption', 'error', 'is not encrypted'],
      ['aws_db_instance.a', 'sizes', 'error', 'would be a db.r5.24xlarge'],
      ['aws_db_instance.late', null, 'error', '`instance_class` is known only after apply, so it cannot be judged before'],
      ['aws_s3_bucket.lost', 'stores stay', 'error', 'would be lost'],
      [null, 'budget', 'warning', '550 GB of volumes'],
    ]);
  });

  it.each(readdirSync(path.join(ROOT, 'examples/terraform-data/recorded')))('comes to its end on the recorded plan %s', async (name) => {
    const plan = await readPlan({ path: path.join(ROOT, 'examples/terraform-data/recorded', name) });
    if (!plan.ok) throw new Error('the plan cannot be read');
    expect((await run(plan.value)).map(({ status, reason }) => [status, reason])).toEqual([['passed', null]]);
  });
});

const PLANS = path.join(ROOT, '../shared/plans');
const present = existsSync(PLANS);
if (!present) console.warn(`skipped: no plans at ${PLANS}`);

const SEES_ALL = `import { check } from 'runtask-action/check';
  import rules from './aws-rules.ts';
  export default check(async (context) => {
    const { plan, each, warn } = context;
    const told = new Set();
    const read = (change) => {
      try {
        JSON.stringify([change.before, change.after]);
      } catch (error) {
        told.add(change);
        throw error;
      }
    };
    each(plan.resources, read, { unknown: 'pass' });
    for (const change of plan.resources)
      if (change.isUnknown() !== told.has(change)) throw new Error(change.address + ' is asked about in vain');
    warn(null, plan.resources.length + ' ' + told.size, { rule: 'seen' });
    await rules.judge(context);
  });`;

// They lie beside the project and not in it: a clone alone does not have them.
(present ? describe : describe.skip)('real plans', () => {
  it('are seen in whole: what throws when it is read is what isUnknown names; the example comes to its end on each', async () => {
    const names = readdirSync(PLANS).filter((file) => file.endsWith('.json'));
    let unknown = 0;
    const judgeNext = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const plan = await readPlan({ path: path.join(PLANS, name) });
        // The bench has large ones.
        if (!plan.ok || plan.value.changes.length > 500) continue;
        const files = { '.runtask/check.ts': SEES_ALL, '.runtask/aws-rules.ts': AWS_RULES };
        const { findings, reason } = await runScript({ files, plan: plan.value, params: { ...PARAMS, pinned: false } });
        const [seen = '', unknownHere = ''] = findings.find(({ ruleId }) => ruleId === 'seen')?.message.split(' ') ?? [];
        expect([name, reason, Number(seen)]).toEqual([name, null, plan.value.changes.length]);
        unknown += Number(unknownHere);
      }
    };
    await Promise.all([judgeNext(), judgeNext()]);
    expect(unknown).toBeGreaterThan(20);
  }, 120_000);
});
