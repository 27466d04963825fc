// Plans for the pictures: written by hand in the form of Terraform's JSON, about a network that does not exist.
import { createHash } from 'node:crypto';

const AWS = 'registry.terraform.io/hashicorp/aws';

function change(address, actions, before, after, { marks = {}, ...more } = {}) {
  const [type, name] = address.replace(/\[.*$/, '').split('.').slice(-2);
  const module = /^(module\.[^.]+)\./.exec(address)?.[1];
  return {
    address,
    ...(module === undefined ? {} : { module_address: module }),
    mode: 'managed',
    type,
    name,
    provider_name: AWS,
    change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...marks },
    ...more,
  };
}

const plan = (changes, more = {}) => ({
  format_version: '1.2',
  terraform_version: '1.14.1',
  complete: true,
  errored: false,
  applyable: true,
  resource_changes: changes,
  ...more,
});

const rule = (port, ...cidr_blocks) => ({ from_port: port, to_port: port, protocol: 'tcp', cidr_blocks, description: '' });
const policy = (...actions) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'App', Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::acme-assets/*' }],
  });
const BOOT = ['#!/bin/sh', 'set -eu', 'mkdir -p /srv/web', 'systemctl enable --now web', ''].join('\n');
/** Looks like a token, and never was one. */
const token = `ghp_${createHash('sha256')
  .update('a picture')
  .digest('base64')
  .replace(/[^A-Za-z0-9]/g, '')
  .slice(0, 36)}`;

const database = {
  identifier: 'main',
  engine: 'postgres',
  engine_version: '13.14',
  instance_class: 'db.r6g.large',
  id: 'db-main',
  password: 'a marked value',
  tags: { Owner: 'data' },
};
const group = {
  name: 'web',
  description: 'managed by terraform',
  ingress: [rule(80, '0.0.0.0/0'), rule(443, '0.0.0.0/0')],
  tags: { Owner: 'edge' },
};

export const PROD = plan(
  [
    change(
      'aws_s3_bucket.audit_logs',
      ['delete'],
      { bucket: 'acme-audit-logs', force_destroy: true, id: 'acme-audit-logs', tags: { Owner: 'sec' } },
      null,
      {
        action_reason: 'delete_because_no_resource_config',
      },
    ),
    change(
      'aws_db_instance.main',
      ['delete', 'create'],
      database,
      { ...database, engine_version: '14.11', id: null, password: 'another marked value' },
      {
        action_reason: 'replace_because_cannot_update',
        marks: {
          after_unknown: { id: true },
          before_sensitive: { password: true },
          after_sensitive: { password: true },
          replace_paths: [['engine_version']],
        },
      },
    ),
    change('aws_security_group.web', ['update'], group, { ...group, ingress: [rule(22, '10.0.0.0/8'), ...group.ingress] }),
    change('aws_iam_policy.app', ['update'], { policy: policy('s3:GetObject') }, { policy: policy('s3:GetObject', 's3:PutObject') }),
    change(
      'aws_launch_template.web',
      ['update'],
      { image_id: 'ami-0a1', latest_version: 6, tags: { Owner: 'edge' }, user_data: BOOT },
      { image_id: 'ami-0b2', latest_version: null, tags: { Owner: 'edge' }, user_data: BOOT.replace('/srv/web', '/srv/web /srv/cache') },
      { marks: { after_unknown: { latest_version: true } } },
    ),
    change(
      'aws_lambda_function.mailer',
      ['update'],
      { environment: [{ variables: { LOG_LEVEL: 'info' } }], function_name: 'mailer', tags: { Owner: 'web' } },
      { environment: [{ variables: { LOG_LEVEL: 'info', REPORT_TOKEN: token } }], function_name: 'mailer', tags: { Owner: 'web' } },
    ),
    ...['a', 'b'].map((key) =>
      change(
        `module.edge.aws_instance.proxy["${key}"]`,
        ['update'],
        { ami: 'ami-0a1', tags: { Owner: 'edge' } },
        { ami: 'ami-0a1', tags: { Owner: 'edge', CostCenter: '4711' } },
      ),
    ),
    change(
      'aws_s3_bucket.assets',
      ['create'],
      null,
      { bucket: 'acme-assets', force_destroy: false, tags: null },
      {
        marks: { after_unknown: { arn: true, id: true, region: true, bucket_domain_name: true } },
      },
    ),
    change('aws_vpc.main', ['no-op'], { id: 'vpc-0f3' }, { id: 'vpc-0f3' }, { marks: { importing: { id: 'vpc-0f3' } } }),
    change('aws_subnet.public', ['no-op'], { id: 'subnet-1' }, { id: 'subnet-1' }, { previous_address: 'aws_subnet.a' }),
  ],
  {
    resource_drift: [change('aws_security_group.web', ['update'], group, { ...group, description: 'edited by hand' })],
    relevant_attributes: [{ resource: 'aws_security_group.web', attribute: ['description'] }],
    output_changes: {
      database_endpoint: {
        actions: ['update'],
        before: 'main.db.example.com',
        after: null,
        after_unknown: true,
        before_sensitive: false,
        after_sensitive: false,
      },
    },
    checks: [
      {
        address: { kind: 'check', name: 'certificate', to_display: 'check.certificate' },
        status: 'fail',
        instances: [
          {
            address: { to_display: 'check.certificate' },
            status: 'fail',
            problems: [{ message: 'The certificate of shop.example.com ends in 9 days.' }],
          },
        ],
      },
    ],
  },
);

const SHOWN = new Set([
  'aws_db_instance.main',
  'aws_security_group.web',
  'aws_iam_policy.app',
  'module.edge.aws_instance.proxy["a"]',
  'aws_s3_bucket.assets',
]);
/** What fits a screen. */
export const SMALL = plan(PROD.resource_changes.filter(({ address }) => SHOWN.has(address)));

/** The same small change, as most workspaces of one pull request have it. */
export const REGION = plan([
  change('aws_iam_policy.app', ['update'], { policy: policy('s3:GetObject') }, { policy: policy('s3:GetObject', 's3:PutObject') }),
  change(
    'aws_launch_template.web',
    ['update'],
    { image_id: 'ami-0a1', tags: { Owner: 'edge' }, user_data: BOOT },
    { image_id: 'ami-0b2', tags: { Owner: 'edge' }, user_data: BOOT },
  ),
]);

export const UNCHANGED = plan([change('aws_vpc.main', ['no-op'], { id: 'vpc-1' }, { id: 'vpc-1' })]);
