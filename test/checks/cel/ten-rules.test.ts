// The ten rules of docs/checks/cel.md, as they stand there, on small plans and on the real ones that lie beside the project.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readChecksFile } from '../../../src/checks/checks-file.ts';
import type { ChecksFile } from '../../../src/contracts/checks-file.ts';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, PlanConfiguration, ResourceChange } from '../../../src/plan/model.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { aChange, aPlan } from '../builders.ts';
import { judge } from './judge.ts';

let file: ChecksFile;
beforeAll(async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/checks/cel.md'), 'utf8');
  const [, text = ''] = /## The usual rules\n+```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const read = readChecksFile(text, 'cel.md');
  if (!read.ok) throw new Error(`the ten rules cannot be read: ${JSON.stringify(read.error)}`);
  file = read.value;
});

/** Messages of one of the rules; warnings with a ~, problems with a !. */
function ask(name: string, plan: Plan): string[] {
  const spec = file.checks.find((check) => check.name === name)?.cel;
  if (spec === undefined) throw new Error(`no rule is named ${name}`);
  const { findings, problems } = judge(spec, plan, { params: file.params ?? {} });
  return [...findings.map(({ message, level }) => (level === 'warning' ? `~${message}` : message)), ...problems.map((text) => `!${text}`)];
}

const one = (type: string, after: Json, over: Partial<ResourceChange> = {}): Plan =>
  aPlan([aChange(`${type}.a`, 'create', { after, ...over })]);
const cannot = (type: string, path: string, field = 'assert'): string =>
  `${type}.a cannot be judged before apply: ${path} is known only after apply, and \`${field}\` needs it`;
const TAGS = '${type}.a needs the tags ["Owner","CostCenter"]';
const tagsOf = (type: string): string => TAGS.replace('${type}', type);
const BLOCK = { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true };
const OPEN = { protocol: 'tcp', from_port: 0, to_port: 1024, cidr_blocks: ['0.0.0.0/0'], ipv6_cidr_blocks: [] };
const policy = (statement: object): Json => ({ policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }) });
const WILD = 'aws_iam_policy.a allows every action of a service, or all but some';

const SSH = 'no SSH or RDP from everywhere';
const CASES: readonly (readonly [rule: string, what: string, plan: Plan, told: string[]])[] = [
  ['required tags', 'all there', one('aws_x', { tags: { Owner: 'a', CostCenter: 'b' } }), []],
  ['required tags', 'one missing', one('aws_x', { tags: { Owner: 'a' } }), [tagsOf('aws_x')]],
  ['required tags', 'one empty', one('aws_x', { tags: { Owner: 'a', CostCenter: '' } }), [tagsOf('aws_x')]],
  ['required tags', 'one null', one('aws_x', { tags: { Owner: 'a', CostCenter: null } }), [tagsOf('aws_x')]],
  ['required tags', 'none at all', one('aws_x', { tags: null }), [tagsOf('aws_x')]],
  ['required tags', 'a type without tags', one('aws_x', { name: 'a' }), []],
  ['required tags', 'deleted', aPlan([aChange('aws_x.a', 'delete', { before: { tags: {} } })]), []],
  ['required tags', 'unknown', one('aws_x', { id: 'i' }, { unknown: { tags: true } }), [cannot('aws_x', 'tags', 'when')]],
  [
    'required tags',
    'an unknown one',
    one('aws_x', { tags: { Owner: 'a' } }, { unknown: { tags: { CostCenter: true } } }),
    [cannot('aws_x', 'tags.CostCenter')],
  ],
  ['required tags', 'sensitive', one('aws_x', { tags: { Owner: 'a', CostCenter: 'b' } }, { afterSensitive: { tags: true } }), []],
  [
    'required tags',
    'an instance key with quotes',
    aPlan([aChange('aws_x.a["it\'s \\"x\\""]', 'create', { after: { tags: {} } })]),
    ['aws_x.a["it\'s \\"x\\""] needs the tags ["Owner","CostCenter"]'],
  ],
  ['no public buckets', 'private', one('aws_s3_bucket_acl', { acl: 'private' }), []],
  ['no public buckets', 'public', one('aws_s3_bucket_acl', { acl: 'public-read' }), ['aws_s3_bucket_acl.a lets the public in']],
  ['no public buckets', 'acl not set', one('aws_s3_bucket_acl', { acl: null }), []],
  ['no public buckets', 'acl unknown', one('aws_s3_bucket_acl', {}, { unknown: { acl: true } }), [cannot('aws_s3_bucket_acl', 'acl')]],
  ['no public buckets', 'blocked', one('aws_s3_bucket_public_access_block', BLOCK), []],
  [
    'no public buckets',
    'one of the four null',
    one('aws_s3_bucket_public_access_block', { ...BLOCK, ignore_public_acls: null }),
    ['aws_s3_bucket_public_access_block.a lets the public in'],
  ],
  ['no public databases', 'not set', one('aws_db_instance', { publicly_accessible: null }), []],
  [
    'no public databases',
    'public',
    one('aws_db_instance', { publicly_accessible: true }),
    ['aws_db_instance.a does not satisfy `!has(after.publicly_accessible) || after.publicly_accessible == false`'],
  ],
  ['encryption at rest', 'on', one('aws_db_instance', { storage_encrypted: true }), []],
  ['encryption at rest', 'on, by its other name', one('aws_ebs_volume', { encrypted: true }), []],
  ['encryption at rest', 'off', one('aws_rds_cluster', { storage_encrypted: false }), ['aws_rds_cluster.a is not encrypted']],
  ['encryption at rest', 'null', one('aws_ebs_volume', { encrypted: null }), ['aws_ebs_volume.a is not encrypted']],
  ['encryption at rest', 'unknown', one('aws_ebs_volume', {}, { unknown: { encrypted: true } }), [cannot('aws_ebs_volume', 'encrypted')]],
  [SSH, 'open', one('aws_security_group', { ingress: [OPEN] }), ['aws_security_group.a opens 22 or 3389 to everybody']],
  [
    SSH,
    'open by two halves of the internet',
    one('aws_security_group', { ingress: [{ ...OPEN, cidr_blocks: ['128.0.0.0/1'] }] }),
    ['aws_security_group.a opens 22 or 3389 to everybody'],
  ],
  [
    SSH,
    'open to IPv6',
    one('aws_security_group', { ingress: [{ ...OPEN, cidr_blocks: null, ipv6_cidr_blocks: ['::/0'] }] }),
    ['aws_security_group.a opens 22 or 3389 to everybody'],
  ],
  [SSH, 'open elsewhere', one('aws_security_group', { ingress: [{ ...OPEN, from_port: 443, to_port: 443 }] }), []],
  [SSH, 'open to few', one('aws_security_group', { ingress: [{ ...OPEN, cidr_blocks: ['10.0.0.0/8'] }] }), []],
  [
    SSH,
    'open by every protocol',
    one('aws_security_group', { ingress: [{ ...OPEN, protocol: '-1', from_port: 0, to_port: 0 }] }),
    ['aws_security_group.a opens 22 or 3389 to everybody'],
  ],
  [SSH, 'unknown', one('aws_security_group', {}, { unknown: { ingress: true } }), [`~${cannot('aws_security_group', 'ingress', 'when')}`]],
  ['allowed sizes', 'allowed', one('aws_instance', { instance_type: 't3.micro' }), []],
  ['allowed sizes', 'not allowed', one('aws_instance', { instance_type: 'm6i.2xlarge' }), ['aws_instance.a would be a m6i.2xlarge']],
  ['data stores stay', 'deleted', aPlan([aChange('aws_db_instance.a', 'delete')]), ['aws_db_instance.a would be destroyed (delete)']],
  ['data stores stay', 'replaced', aPlan([aChange('aws_s3_bucket.a', 'replace')]), ['aws_s3_bucket.a would be destroyed (replace)']],
  ['data stores stay', 'changed', aPlan([aChange('aws_s3_bucket.a', 'update'), aChange('aws_x.a', 'delete')]), []],
  ['change budget', 'few', aPlan(Array.from({ length: 5 }, (_, n) => aChange(`aws_x.a[${n}]`, 'delete'))), []],
  [
    'change budget',
    'many',
    aPlan(Array.from({ length: 6 }, (_, n) => aChange(`aws_x.a[${n}]`, 'replace'))),
    ['6 to add, 0 to change, 6 to destroy: too much for one run'],
  ],
  ['no wildcard IAM', 'narrow', one('aws_iam_policy', policy([{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*' }])), []],
  ['no wildcard IAM', 'one statement, no list', one('aws_iam_policy', policy({ Effect: 'Allow', Action: 's3:*' })), [WILD]],
  ['no wildcard IAM', 'everything', one('aws_iam_policy', policy([{ Effect: 'Allow', Action: '*' }])), [WILD]],
  ['no wildcard IAM', 'all but some', one('aws_iam_policy', policy([{ Effect: 'Allow', NotAction: 'iam:*' }])), [WILD]],
  ['no wildcard IAM', 'denied', one('aws_iam_policy', policy([{ Effect: 'Deny', Action: '*' }])), []],
  ['no wildcard IAM', 'unknown', one('aws_iam_policy', {}, { unknown: { policy: true } }), [cannot('aws_iam_policy', 'policy')]],
  [
    'no wildcard IAM',
    'no JSON',
    one('aws_iam_policy', { policy: '{' }),
    ['!`assert` could not be evaluated: jsonParse: the text is not JSON (at aws_iam_policy.a)'],
  ],
  ['names', 'good', one('aws_x', {}, { name: 'net_1' }), []],
  ['names', 'bad', one('aws_x', {}, { name: 'Net-1' }), ['Net-1 is not in snake_case']],
];

describe('the ten rules', () => {
  it.each(CASES)('%s: %s', (rule, _what, plan, told) => expect(ask(rule, plan)).toEqual(told));

  it('pinned modules and providers, and allowed regions', () => {
    const call = { name: 'm', module: '', expressions: {}, version: null };
    const aws = { name: 'aws', fullName: 'registry.terraform.io/hashicorp/aws', alias: null, version: '5.1.0', module: '' };
    const configuration: PlanConfiguration = {
      resources: [],
      modules: [
        { ...call, address: 'module.local', source: './net' },
        { ...call, address: 'module.registry', source: 'acme/net/aws', version: '1.2.0' },
        { ...call, address: 'module.tag', source: 'git::https://example.com/net.git?depth=1&ref=v1.2.0' },
        { ...call, address: 'module.commit', source: `git::https://example.com/net.git?ref=${'0a'.repeat(20)}` },
        { ...call, address: 'module.branch', source: 'git::https://example.com/net.git?ref=main' },
        { ...call, address: 'module.a.module.loose', module: 'module.a', source: 'acme/net/aws' },
      ],
      providers: [
        { ...aws, key: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } },
        { ...aws, key: 'aws.us', expressions: { region: { constant_value: 'us-east-1' } } },
        { ...aws, key: 'aws.var', expressions: { region: { references: ['var.region'] } } },
        { ...aws, key: 'aws.env', expressions: {} },
        { ...aws, key: 'terraform', name: 'terraform', fullName: 'terraform.io/builtin/terraform', version: null, expressions: {} },
        { ...aws, key: 'random', name: 'random', fullName: 'registry.terraform.io/hashicorp/random', version: null, expressions: {} },
      ],
    };
    const plan = aPlan([], { configuration });
    expect(ask('pinned modules', plan)).toEqual([
      'module.branch takes git::https://example.com/net.git?ref=main as it happens to be',
      'module.a.module.loose takes acme/net/aws as it happens to be',
    ]);
    expect(ask('pinned providers', plan)).toEqual(['Provider random has no version']);
    expect(ask('allowed regions', plan)).toEqual(
      ['aws.us', 'aws.var', 'aws.env'].map((key) => `Provider ${key} must write a region out of ["eu-west-1","eu-central-1"]`),
    );
    expect(ask('pinned modules', aPlan([]))).toEqual([expect.stringContaining('needs the configuration in the plan')]);
  });
});

const PLANS = join(import.meta.dirname, '../../../../shared/plans');
const present = existsSync(PLANS);
if (!present) console.warn(`skipped: no plans at ${PLANS}`);

/** Seen in the plans themselves; `[]`: looked at, and good. */
const REAL: readonly (readonly [plan: string, rule: string, told: string[]])[] = [
  [
    'bridgecrewio_checkov__for_each_1.9.5',
    SSH,
    ['awful', 'bad', 'terrible'].map((key) => `module.sg["${key}_example"].aws_security_group.bad opens 22 or 3389 to everybody`),
  ],
  [
    'bridgecrewio_checkov__iam_policies',
    'no wildcard IAM',
    ['aws_iam_group_policy.fail_2', 'aws_iam_policy.policy_pass', 'aws_iam_role_policy.fail_1', 'aws_iam_user_policy.fail_3'].map(
      (address) => WILD.replace('aws_iam_policy.a', address),
    ),
  ],
  [
    'bridgecrewio_checkov__nested_child_modules',
    'no public buckets',
    [
      'module.s3_bucket.aws_s3_bucket_acl.this[0] lets the public in',
      'module.s3_bucket.aws_s3_bucket_public_access_block.this[0] lets the public in',
    ],
  ],
  [
    'bridgecrewio_checkov__nested_child_modules',
    'pinned modules',
    ['module.s3_bucket takes terraform-aws-modules/s3-bucket/aws as it happens to be'],
  ],
  ['snyk_policy-engine__resource-changes', 'data stores stay', ['aws_s3_bucket.delete_bucket would be destroyed (delete)']],
  [
    'snyk_policy-engine__resource-changes',
    'required tags',
    ['aws_s3_bucket.create_bucket', 'aws_s3_bucket.update_bucket'].map((address) => tagsOf('').replace('.a', address)),
  ],
  ['snyk_policy-engine__sensitive', 'encryption at rest', ['aws_db_instance.default is not encrypted']],
  [
    'terraform-compliance_cli__issue-456',
    'allowed sizes',
    ['aws_instance.server[0] would be a t2.micro', 'aws_instance.server[1] would be a t2.micro'],
  ],
  ['terraform-1.11.4__04-delete-all-reasons', 'change budget', ['2 to add, 0 to change, 9 to destroy: too much for one run']],
  ['terraform-1.11.4__04-delete-all-reasons', 'names', []],
  ['infracost_infracost__terraform_v0.14', 'allowed sizes', []],
];

// They lie beside the project and not in it: a clone alone does not have them.
(present ? describe : describe.skip)('on real plans', () => {
  const read = async (name: string): Promise<Plan | null> => {
    const plan = await readPlan({ path: join(PLANS, name) });
    return plan.ok ? plan.value : null;
  };

  it.each(REAL)('%s: %s', async (name, rule, told) => {
    const plan = await read(`${name}.json`);
    expect(plan === null ? null : ask(rule, plan)).toEqual(told);
  });

  it('every rule has an answer, but for what needs a configuration that the plan does not have', async () => {
    let answers = 0;
    for (const name of (await readdir(PLANS)).filter((entry) => entry.endsWith('.json'))) {
      const plan = await read(name);
      if (plan === null) continue;
      const expected = (target: string | undefined): boolean =>
        (target === 'modules' || target === 'providers') && (plan.configuration ?? null) === null;
      for (const { name: rule, cel } of file.checks) {
        const problems = ask(rule, plan).filter((text) => text.startsWith('!'));
        expect([name, rule, problems]).toEqual([
          name,
          rule,
          expected(cel?.for) ? [expect.stringContaining('needs the configuration')] : [],
        ]);
        answers++;
      }
    }
    expect(answers).toBeGreaterThan(1000);
  });
});
