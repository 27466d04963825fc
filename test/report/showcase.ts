// One plan with something of everything, and what the checks said about it: the golden files are made of it.
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';
import type { ReportModel } from '../../src/report/model.ts';

const database = {
  engine: 'postgres',
  engine_version: '13.4',
  id: 'db-1',
  instance_class: 'db.r6g.large',
  password: 'correct-horse-battery',
  tags: { Owner: 'data' },
};
const policy = (actions: readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions }] });

const CHANGES = [
  changeJson('aws_s3_bucket.logs', ['delete'], { bucket: 'acme-logs', force_destroy: true, id: 'acme-logs' }, null, {
    action_reason: 'delete_because_no_resource_config',
  }),
  changeJson(
    'aws_db_instance.main',
    ['delete', 'create'],
    database,
    { ...database, engine_version: '14.1', id: null, password: 'staple-horse-battery' },
    {
      action_reason: 'replace_because_cannot_update',
      change: {
        after_unknown: { id: true },
        before_sensitive: { password: true },
        after_sensitive: { password: true },
        replace_paths: [['engine_version']],
      },
    },
  ),
  changeJson(
    'module.web.aws_instance.app[0]',
    ['update'],
    { ami: 'ami-1', tags: { Owner: 'web' }, user_data: '#!/bin/sh\necho one\n' },
    {
      ami: 'ami-1',
      tags: { Owner: 'web', Team: 'edge' },
      user_data: '#!/bin/sh\necho two\n',
    },
    { module_address: 'module.web' },
  ),
  changeJson('aws_iam_policy.app', ['update'], { policy: policy(['s3:GetObject']) }, { policy: policy(['s3:GetObject', 's3:PutObject']) }),
  changeJson(
    'aws_s3_bucket.assets',
    ['create'],
    null,
    { bucket: 'acme-assets', acl: 'public-read' },
    {
      change: { after_unknown: { arn: true, id: true, region: true } },
    },
  ),
  changeJson('aws_vpc.main', ['no-op'], { id: 'vpc-1' }, { id: 'vpc-1' }, { change: { importing: { id: 'vpc-1' } } }),
  changeJson('aws_subnet.public', ['no-op'], { id: 'subnet-1' }, { id: 'subnet-1' }, { previous_address: 'aws_subnet.a' }),
  changeJson('aws_iam_user.old', ['forget'], { id: 'u', name: 'old' }, null),
];

const OUTPUTS = {
  url: {
    actions: ['update'],
    before: 'https://old.example.com',
    after: 'https://new.example.com',
    after_unknown: false,
    before_sensitive: false,
    after_sensitive: false,
  },
};

const DRIFT = [changeJson('aws_security_group.web', ['update'], { description: 'managed' }, { description: 'edited by hand' })];

const MORE = {
  output_changes: OUTPUTS,
  resource_drift: [...DRIFT, changeJson('aws_iam_role.other', ['update'], { description: 'managed' }, { description: 'edited by hand' })],
  relevant_attributes: [{ resource: 'aws_security_group.web', attribute: ['description'] }],
  checks: [
    {
      address: { kind: 'check', to_display: 'check.certificate' },
      status: 'fail',
      instances: [
        {
          address: { to_display: 'check.certificate' },
          status: 'fail',
          problems: [{ message: 'The certificate of web.example.com ends within 14 days' }],
        },
      ],
    },
    {
      address: { kind: 'var', to_display: 'var.env' },
      status: 'pass',
      instances: [{ address: { to_display: 'var.env' }, status: 'pass' }],
    },
  ],
  action_invocations: [
    {
      address: 'action.aws_lambda_invoke.warm',
      type: 'aws_lambda_invoke',
      name: 'warm',
      config_values: { function_name: 'warm-up', payload: '{}' },
      lifecycle_action_trigger: {
        triggering_resource_address: 'module.web.aws_instance.app[0]',
        action_trigger_event: 'AfterUpdate',
      },
    },
  ],
  deferred_changes: [{ reason: 'absent_prereq', resource_change: changeJson('aws_route53_record.web', ['create'], null, { name: 'web' }) }],
};

export async function showcase(change: Partial<ReportModel> = {}): Promise<ReportModel> {
  const plan = await planFrom(planJson(CHANGES, MORE));
  return aModel(plan, {
    results: [
      aResult({
        check: 'data stores stay',
        kind: 'protect',
        status: 'failed',
        findings: [
          aFinding({
            address: 'aws_db_instance.main',
            action: 'replace',
            message: 'A data store must not be replaced',
            help: 'Upgrade in place: `allow_major_version_upgrade = true`, see https://wiki.example.com/databases.',
          }),
          aFinding({ address: 'aws_s3_bucket.logs', action: 'delete', message: 'A data store must not be deleted', severity: 'critical' }),
        ],
      }),
      aResult({
        check: 'checkov',
        kind: 'run',
        enforcement: 'advisory',
        status: 'failed',
        findings: [
          aFinding({
            check: 'checkov',
            ruleId: 'CKV_AWS_20',
            address: 'aws_s3_bucket.assets',
            action: 'create',
            message: 'S3 Bucket has an ACL defined which allows public READ access',
            file: 's3.tf',
            line: 14,
            url: 'https://docs.example.com/ckv_aws_20',
            severity: 'medium',
          }),
          aFinding({
            check: 'checkov',
            ruleId: 'CKV_AWS_21',
            level: 'warning',
            address: 'aws_s3_bucket.assets',
            action: 'create',
            message: 'Versioning is not enabled',
            severity: 'low',
          }),
          aFinding({
            check: 'checkov',
            ruleId: 'CKV_AWS_145',
            address: 'aws_s3_bucket.assets',
            action: 'create',
            message: 'S3 bucket is not encrypted with a key of ours',
            file: 's3.tf',
            line: 14,
            severity: 'medium',
            waived: { reason: 'Public assets need no encryption', owner: 'web@example.com', expires: '2027-01-31' },
          }),
        ],
      }),
      aResult({
        check: 'cost limit',
        kind: 'run',
        status: 'errored',
        reason: 'The command did not end within 2m; raise `timeout` or make it faster',
      }),
      aResult({
        check: 'no wildcard policies',
        origin: 'acme/policies@1a2b3c4',
        findings: [
          aFinding({
            check: 'no wildcard policies',
            address: 'aws_iam_policy.app',
            action: 'update',
            message: 'The policy allows everything',
            waived: { reason: 'Until the split of the app, see NET-12', owner: '@acme/net', expires: '2026-12-31' },
          }),
        ],
      }),
      aResult({ check: 'required tags' }),
      aResult({ check: 'production freeze', status: 'not-applicable', reason: 'workspace is not prod-*' }),
    ],
    verdict: {
      status: 'failed',
      message: '2 of 5 checks failed: data stores stay (2 findings), cost limit (could not run). 2 findings waived',
      decidedBy: 'action',
    },
    delivery: { state: 'delivered' },
    waivers: [
      {
        waiver: {
          check: 'checkov',
          rule: 'CKV_AWS_145',
          addresses: ['aws_s3_bucket.assets'],
          reason: 'Public assets need no encryption',
          owner: 'web@example.com',
          expires: '2027-01-31',
        },
        state: 'in-effect',
        matched: 1,
      },
      {
        waiver: {
          check: 'no wildcard policies',
          reason: 'Until the split of the app, see NET-12',
          owner: '@acme/net',
          expires: '2026-12-31',
        },
        state: 'in-effect',
        matched: 1,
      },
      {
        waiver: {
          check: 'data stores stay',
          addresses: ['aws_db_instance.*'],
          reason: 'The move to version 14',
          owner: 'data@example.com',
          expires: '2026-10-31',
        },
        state: 'expired',
        matched: 1,
      },
      {
        waiver: { check: 'required tags', reason: 'Legacy', owner: 'web@example.com', expires: '2027-06-30' },
        state: 'unmatched',
        matched: 0,
      },
    ],
    sources: [{ name: 'acme/policies@1a2b3c4', digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', checks: 1 }],
    ...change,
  });
}
