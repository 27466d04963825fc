// The pack `aws-basics`: each rule on a plan that triggers it and on one that does not, and the whole of it on real plans.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { toCheckSet } from '../../../src/checks/check-set.ts';
import { readChecksFile } from '../../../src/checks/checks-file.ts';
import { PACKS } from '../../../src/checks/packs/index.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import type { ChecksFile } from '../../../src/contracts/checks-file.ts';
import type { Json } from '../../../src/contracts/json.ts';
import type { CheckResult } from '../../../src/findings/finding.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { aChange, aPlan, aRun } from '../builders.ts';

const read = readChecksFile(PACKS['aws-basics']?.text ?? '', 'pack aws-basics');
if (!read.ok) throw new Error(JSON.stringify(read.error));
const pack: ChecksFile = read.value;

async function run(plan: Plan): Promise<readonly CheckResult[]> {
  const { results } = await runChecks({
    set: toCheckSet(pack, '/nowhere'),
    run: aRun({ has_plan: true }),
    plan,
    planProblem: null,
    planPath: null,
    configurationDir: null,
    workspaceDir: '/nowhere',
    masker: createMasker(plan),
    env: {},
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
  });
  return results;
}

/** `buckets…: error aws_x.a`, of those that found something; the rules that are about the configuration have one here. */
const told = async (...changes: ResourceChange[]): Promise<string[]> => {
  const plan = aPlan(changes, { configuration: { providers: [], modules: [], resources: [] } });
  return (await run(plan)).flatMap(({ check, findings, reason }) => [
    ...(reason === null ? [] : [`${check}: ${reason}`]),
    ...findings.map(({ level, address }) => `${check.replace('aws: ', '')}: ${level} ${address}`),
  ]);
};

const policy = (...statements: Json[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const one = (type: string, after: Json, over: Partial<ResourceChange> = {}): ResourceChange =>
  aChange(`${type}.a`, 'create', { after, ...over });
const rule = (from: number, to: number, v4: string[], v6: string[] = [], protocol = 'tcp'): Json => ({
  from_port: from,
  to_port: to,
  protocol,
  cidr_blocks: v4,
  ipv6_cidr_blocks: v6,
});
const everybody = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const blocked = { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true };
const statement = (Action: Json, Resource: Json, Effect = 'Allow'): Json => ({ Effect, Action, Resource });

interface Case {
  readonly rule: string;
  readonly level?: string;
  readonly bad: readonly ResourceChange[];
  readonly good: readonly ResourceChange[];
}

const CASES: readonly Case[] = [
  {
    rule: 'no public bucket ACL',
    bad: [
      one('aws_s3_bucket_acl', { acl: 'public-read', access_control_policy: [] }),
      one('aws_s3_bucket_acl', {
        acl: null,
        access_control_policy: [{ grant: [{ grantee: [{ uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }] }] }],
      }),
      one('aws_s3_bucket', { acl: 'public-read-write' }),
      one('aws_s3_bucket', { grant: [{ uri: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers' }] }),
    ],
    good: [one('aws_s3_bucket_acl', { acl: 'private', access_control_policy: [] }), one('aws_s3_bucket', { acl: null, grant: [] })],
  },
  {
    rule: 'public access to buckets stays blocked',
    bad: [one('aws_s3_bucket_public_access_block', { ...blocked, block_public_policy: false })],
    good: [one('aws_s3_bucket_public_access_block', blocked), one('aws_s3_account_public_access_block', blocked)],
  },
  {
    rule: 'public access blocks stay',
    bad: [aChange('aws_s3_bucket_public_access_block.a', 'delete'), aChange('aws_s3_account_public_access_block.a', 'delete')],
    good: [aChange('aws_s3_bucket_public_access_block.a', 'replace', { after: blocked })],
  },
  {
    rule: 'no bucket policy for everybody',
    bad: [
      one('aws_s3_bucket_policy', { policy: policy(everybody) }),
      one('aws_s3_bucket_policy', { policy: policy({ ...everybody, Principal: { AWS: ['arn:aws:iam::1:root', '*'] } }) }),
      one('aws_s3_bucket_policy', { policy: policy({ ...everybody, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }) }),
      one('aws_s3_bucket_policy', { policy: policy({ Effect: 'Allow', NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }) }),
      one('aws_s3_bucket', { policy: policy(everybody) }),
      // True of everybody: the key is compared with itself.
      one('aws_s3_bucket_policy', {
        policy: policy({ ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } } }),
      }),
      one('aws_s3_bucket_policy', {
        policy: policy({
          ...everybody,
          Principal: { AWS: '*' },
          Condition: { StringEquals: { 'aws:SourceVpce': ['vpce-1', '${aws:SourceVpce}'] } },
        }),
      }),
    ],
    good: [
      one('aws_s3_bucket_policy', { policy: policy({ ...everybody, Effect: 'Deny' }) }),
      one('aws_s3_bucket_policy', { policy: policy({ ...everybody, Principal: { Service: 'cloudfront.amazonaws.com' } }) }),
      one('aws_s3_bucket_policy', { policy: policy({ ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }) }),
    ],
  },
  {
    rule: 'no bucket policy for everybody',
    level: 'warning',
    bad: [one('aws_s3_bucket_policy', {}, { unknown: { policy: true } })],
    good: [],
  },
  {
    rule: 'no public databases',
    bad: [
      one('aws_db_instance', { publicly_accessible: true, storage_encrypted: true }),
      one('aws_rds_cluster_instance', {}, { unknown: { publicly_accessible: true } }),
    ],
    good: [one('aws_db_instance', { publicly_accessible: false, storage_encrypted: true })],
  },
  {
    rule: 'databases are encrypted',
    bad: [
      one('aws_db_instance', { publicly_accessible: false, storage_encrypted: null }),
      one('aws_rds_cluster', { storage_encrypted: false }),
    ],
    good: [one('aws_rds_cluster', { storage_encrypted: true })],
  },
  {
    rule: 'disks and file systems are encrypted',
    bad: [one('aws_ebs_volume', { encrypted: false }), one('aws_ebs_volume', {}, { unknown: { encrypted: true } })],
    good: [one('aws_efs_file_system', { encrypted: true })],
  },
  {
    rule: 'caches are encrypted',
    bad: [one('aws_elasticache_replication_group', { at_rest_encryption_enabled: false })],
    good: [one('aws_elasticache_replication_group', { at_rest_encryption_enabled: true })],
  },
  {
    rule: 'disks of instances are encrypted',
    bad: [
      one('aws_instance', { root_block_device: [{ encrypted: false }] }),
      one('aws_launch_template', { block_device_mappings: [{ ebs: [{ encrypted: 'false' }] }] }),
    ],
    good: [
      one('aws_instance', { root_block_device: [{ encrypted: true }], ebs_block_device: [] }),
      one('aws_launch_template', { block_device_mappings: [{ ebs: [{ encrypted: null }] }] }),
    ],
  },
  {
    rule: 'no SSH or RDP from the world, in security groups',
    bad: [
      one('aws_security_group', { ingress: [rule(22, 22, ['10.0.0.0/8', '0.0.0.0/0'])] }),
      one('aws_security_group', { ingress: [rule(80, 80, []), rule(3000, 4000, [], ['::/0'])] }),
      one('aws_security_group', { ingress: [rule(0, 0, ['128.0.0.0/1'], [], '-1')] }),
      one('aws_default_security_group', { ingress: [rule(0, 22, ['0.0.0.0/0'])] }),
    ],
    good: [
      one('aws_security_group', {
        ingress: [rule(443, 443, ['0.0.0.0/0'], ['::/0']), rule(22, 22, ['203.0.113.7/32'], ['2001:db8::/32'])],
      }),
      one('aws_security_group', { ingress: [] }),
    ],
  },
  {
    rule: 'no SSH or RDP from the world, in rules',
    bad: [
      one('aws_security_group_rule', { type: 'ingress', ...(rule(22, 22, ['0.0.0.0/0']) as object) }),
      one('aws_security_group_rule', { type: 'ingress', ...(rule(0, 0, [], ['::/0'], 'ALL') as object) }),
      one('aws_security_group_rule', { type: 'ingress', ...(rule(22, 22, []) as object) }, { unknown: { cidr_blocks: true } }),
    ],
    good: [
      one('aws_security_group_rule', { type: 'egress', ...(rule(0, 0, ['0.0.0.0/0'], [], '-1') as object) }),
      one('aws_security_group_rule', { type: 'ingress', ...(rule(22, 22, ['10.0.0.0/8']) as object) }),
    ],
  },
  {
    rule: 'no SSH or RDP from the world, in ingress rules',
    bad: [
      one('aws_vpc_security_group_ingress_rule', {
        from_port: 22,
        to_port: 22,
        ip_protocol: 'tcp',
        cidr_ipv4: '0.0.0.0/0',
        cidr_ipv6: null,
      }),
      one('aws_vpc_security_group_ingress_rule', { from_port: null, to_port: null, ip_protocol: '-1', cidr_ipv4: null, cidr_ipv6: '::/0' }),
    ],
    good: [
      one('aws_vpc_security_group_ingress_rule', {
        from_port: 22,
        to_port: 22,
        ip_protocol: 'tcp',
        cidr_ipv4: '10.0.0.0/8',
        cidr_ipv6: null,
      }),
    ],
  },
  {
    rule: 'no wildcard IAM policies',
    bad: [
      one('aws_iam_policy', { policy: policy(statement('*', '*')) }),
      one('aws_iam_role_policy', { policy: JSON.stringify({ Statement: statement(['s3:Get*', '*:*'], ['arn:aws:s3:::b', '*']) }) }),
      one('aws_iam_user_policy', { policy: policy(statement('IAM:*', 'arn:*:*:*:*:*')) }),
      one('aws_iam_group_policy', { policy: policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }) }),
      one('aws_iam_policy', { policy: policy({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::nothing' }) }),
      one('aws_iam_policy', { policy: policy({ Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::nothing' }) }),
      one('aws_iam_policy', { policy: policy(statement('*', 'arn:aws:*')) }),
      one('aws_iam_policy', { policy: policy(statement('*', 'arn:a*:*:*:*:*')) }),
    ],
    good: [
      one('aws_iam_policy', { policy: policy(statement('*', '*', 'Deny'), statement('s3:*', '*'), statement('*', 'arn:aws:s3:::b/*')) }),
    ],
  },
  {
    rule: 'no wildcard IAM policies',
    level: 'warning',
    bad: [one('aws_iam_policy', {}, { unknown: { policy: true } })],
    good: [],
  },
  {
    rule: 'no wildcard IAM policies, in roles',
    bad: [
      one('aws_iam_role', { inline_policy: [{ policy: policy(statement('*', '*')) }], managed_policy_arns: [] }),
      one('aws_iam_role', { managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      one('aws_iam_role', { managed_policy_arns: ['arn:aws:iam::aws:policy/IAMFullAccess'] }),
    ],
    good: [one('aws_iam_role', { inline_policy: [], managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })],
  },
  {
    rule: 'no wildcard IAM policies, in policy documents',
    bad: [
      aChange('data.aws_iam_policy_document.a', 'read', {
        mode: 'data',
        type: 'aws_iam_policy_document',
        after: { statement: [{ effect: null, actions: ['*'], resources: ['*'], not_actions: null, not_resources: null }] },
      }),
      aChange('data.aws_iam_policy_document.a', 'read', {
        mode: 'data',
        type: 'aws_iam_policy_document',
        after: { statement: [{ effect: 'Allow', actions: ['*'], resources: null, not_actions: null, not_resources: ['arn:aws:s3:::x'] }] },
      }),
    ],
    good: [
      aChange('data.aws_iam_policy_document.a', 'read', {
        mode: 'data',
        type: 'aws_iam_policy_document',
        after: { statement: [{ effect: 'Deny', actions: ['*'], resources: ['*'], not_actions: null }] },
      }),
    ],
  },
  {
    rule: 'nobody becomes administrator',
    bad: [one('aws_iam_role_policy_attachment', { policy_arn: 'arn:aws-cn:iam::aws:policy/AdministratorAccess' })],
    good: [one('aws_iam_role_policy_attachment', { policy_arn: 'arn:aws:iam::1:policy/AdministratorAccess' })],
  },
  {
    rule: 'nobody becomes administrator by other ways',
    bad: [
      one('aws_iam_role_policy_attachments_exclusive', { policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      one('aws_ssoadmin_managed_policy_attachment', { managed_policy_arn: 'arn:aws:iam::aws:policy/IAMFullAccess' }),
    ],
    good: [one('aws_iam_role_policy_attachments_exclusive', { policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })],
  },
  {
    rule: 'data stores stay',
    bad: [aChange('aws_dynamodb_table.a', 'delete'), aChange('aws_fsx_lustre_file_system.a', 'replace', { after: {} })],
    good: [aChange('aws_dynamodb_table.a', 'update'), aChange('aws_instance.a', 'delete')],
  },
];

describe.each(CASES.map((one): [string, Case] => [one.rule, one]))('%s', (_name, { rule: name, level = 'error', bad, good }) => {
  it.each(bad.map((change, i): [number, ResourceChange] => [i, change]))('is triggered by %d', async (_i, change) =>
    expect(await told(change)).toEqual([`${name}: ${level} ${change.address}`]),
  );
  it('is triggered by nothing else', async () => {
    for (const change of good) expect(await told(change)).toEqual([]);
  });
});

describe('the pack', () => {
  it('says which rules it has, each with a name of its own and what to do', () => {
    expect(pack.checks.map(({ name }) => name).filter((name) => !name.startsWith('aws: '))).toEqual([]);
    expect(pack.checks.filter(({ help }) => help === undefined)).toEqual([]);
  });

  it('has a test for each rule', () => {
    const tested = new Set([
      ...CASES.map(({ rule: name }) => `aws: ${name}`),
      'aws: few deletions at a time',
      'aws: modules and providers are pinned',
    ]);
    expect(pack.checks.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });

  it('counts deletions, and asks where modules come from', async () => {
    const gone = Array.from({ length: 11 }, (_, i) => aChange(`aws_x.a[${i}]`, 'delete'));
    const module = { address: 'module.m', name: 'm', module: '', source: 'github.com/acme/x', version: null, expressions: {} };
    const results = await run(
      aPlan([...gone, aChange('aws_x.b', 'create')], { configuration: { providers: [], modules: [module], resources: [] } }),
    );
    expect(results.filter(({ findings }) => findings.length > 0).map(({ check, findings }) => `${check}: ${findings[0]?.message}`)).toEqual(
      [
        'aws: few deletions at a time: 11 resources would be destroyed, at most 10 may be: aws_x.a[0], aws_x.a[1], aws_x.a[2], aws_x.a[3], aws_x.a[4] and 6 more',
        'aws: modules and providers are pinned: module.m comes from github.com/acme/x and names no version: write `?ref=` with a tag or a commit',
      ],
    );
  });
});

const PLANS = join(import.meta.dirname, '../../../../shared/plans');
const present = existsSync(PLANS);
if (!present) console.warn(`skipped: no plans at ${PLANS}`);

// They lie beside the project and not in it: a clone alone does not have them.
(present ? describe : describe.skip)('on real plans', () => {
  const findingsOf = async (name: string): Promise<string[]> => {
    const plan = await readPlan({ path: join(PLANS, name) });
    if (!plan.ok) throw new Error(name);
    return (await run(plan.value)).flatMap(({ check, findings }) =>
      check.includes('pinned') ? [] : findings.map(({ level, address }) => `${check.replace('aws: ', '')}: ${level} ${address}`),
    );
  };

  it('comes to an end on all of them; only a plan without its configuration has no answer for what is pinned', async () => {
    const reasons = new Set<string>();
    let found = 0;
    for (const name of (await readdir(PLANS)).filter((file) => file.endsWith('.json'))) {
      const plan = await readPlan({ path: join(PLANS, name) });
      if (!plan.ok) continue;
      for (const { check, findings, reason, status } of await run(plan.value)) {
        found += findings.length;
        if (status === 'errored') reasons.add(`${check}: ${reason}`);
      }
    }
    expect([...reasons]).toEqual([
      'aws: modules and providers are pinned: This plan does not hold its configuration, which `pinned_modules`, `pinned_providers` needs',
    ]);
    expect(found).toBeGreaterThan(50);
  });

  it('finds what these were made to show', async () => {
    expect(await findingsOf('fugue_regula__admin_policy.json')).toMatchInlineSnapshot(`
     [
       "no wildcard IAM policies: error aws_iam_group_policy.invalid_group_policy",
       "no wildcard IAM policies: error aws_iam_policy.invalid_policy",
       "no wildcard IAM policies: error aws_iam_role_policy.invalid_role_policy",
       "no wildcard IAM policies: error aws_iam_user_policy.invalid_user_policy",
     ]
    `);
    expect(await findingsOf('fugue_regula__bucketpolicy.json')).toMatchInlineSnapshot(`
     [
       "no bucket policy for everybody: error aws_s3_bucket.allowget-inline-policy",
       "no bucket policy for everybody: error aws_s3_bucket.allowlist-inline-policy",
       "no bucket policy for everybody: error aws_s3_bucket_policy.allowget-policy",
       "no bucket policy for everybody: error aws_s3_bucket_policy.allowlist-policy",
     ]
    `);
    expect(await findingsOf('bridgecrewio_checkov__for_each_1.9.5.json')).toMatchInlineSnapshot(`
     [
       "no SSH or RDP from the world, in security groups: error module.sg["awful_example"].aws_security_group.bad",
       "no SSH or RDP from the world, in security groups: error module.sg["bad_example"].aws_security_group.bad",
       "no SSH or RDP from the world, in security groups: error module.sg["terrible_example"].aws_security_group.bad",
     ]
    `);
    expect(await findingsOf('infracost_infracost__terraform_v0.14.json')).toMatchInlineSnapshot(`
     [
       "databases are encrypted: error module.db.module.db_1.module.db_instance.aws_db_instance.this[0]",
       "databases are encrypted: error module.db.module.db_2.module.db_instance.aws_db_instance.this[0]",
     ]
    `);
  });
});
