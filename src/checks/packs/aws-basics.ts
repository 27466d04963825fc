// The pack `aws-basics`: the rules that every team on AWS writes first, as the text of a checks file. It is read by the same reader as
// any other; what each rule sees and does not see is in docs/packs/aws-basics.md.
//
// Networks: any range of IPv4 with less than eight bits, and of IPv6 with less than sixteen, is "the world": 0.0.0.0/1 and 128.0.0.0/1
// are the two halves of 0.0.0.0/0. Policies: unknown is a warning and not a failure, because a policy that names a new resource is
// unknown as a whole until that exists; most first plans would fail.

const WORLD = String.raw`'/0*[0-7]$'`;
const WORLD_6 = String.raw`'/0*([0-9]|1[0-5])$'`;
const PORTS = [22, 3389];

/** How a type writes its rules. */
interface RuleWords {
  /** Before each shape, with its indent. */
  readonly begin: string;
  readonly protocol: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Shapes that open one of the ports, or all of them, to the world. */
const openPorts = ({ begin, protocol, ipv4, ipv6 }: RuleWords): string =>
  [`${ipv4}: { matches: ${WORLD} }`, `${ipv6}: { matches: ${WORLD_6} }`]
    .flatMap((network) => [
      ...PORTS.map((port) => `${begin}from_port: { at_most: ${port} }, to_port: { at_least: ${port} }, ${network} }`),
      `${begin}${protocol}: { matches: '(?i)^(-0*1|all)$' }, ${network} }`,
    ])
    .join('\n');

const IN_BLOCKS: RuleWords = {
  begin: '        - at: ingress\n          where: { ',
  protocol: 'protocol',
  ipv4: '"cidr_blocks[*]"',
  ipv6: '"ipv6_cidr_blocks[*]"',
};
const IN_RULES: RuleWords = { ...IN_BLOCKS, begin: '        - where: { type: ingress, ' };
const IN_INGRESS_RULES: RuleWords = { begin: '        - where: { ', protocol: 'ip_protocol', ipv4: 'cidr_ipv4', ipv6: 'cidr_ipv6' };

const OPEN_PORTS_HELP = 'Let people in through a bastion, a VPN or AWS Systems Manager, or name the networks they come from.';
/** Of everybody, unless one of these keys narrows it down. `ArnLike` and `IpAddress` do not: they take wildcards and 0.0.0.0/0. */
const NARROWING = ['aws:PrincipalOrgID', 'aws:SourceVpce', 'aws:SourceVpc', 'aws:SourceAccount', 'aws:PrincipalAccount'].map(
  (key) => `Condition.StringEquals["${key}"]`,
);
const NARROWED = NARROWING.map((path) => `'${path}': { present: false }`).join(', ');
/** A key that is compared with itself (`aws:PrincipalOrgID` with `\${aws:PrincipalOrgID}`) is true of everybody. */
const NARROWED_BY_A_VARIABLE = NARROWING.flatMap((path) =>
  ['Principal', '"Principal.AWS[*]"'].map(
    (principal) =>
      `        - at: policy.Statement\n          where: { Effect: Allow, ${principal}: "*", '${path}[*]': { matches: '[$]' } }`,
  ),
).join('\n');

/** Who may do everything in IAM gives himself the rest. */
const ADMINISTRATOR = "':aws:policy/(AdministratorAccess|IAMFullAccess)$'";
const ANY_ACTION = String.raw`'(?i)^([*?]+(:[*?]+)?|iam:[*?]+)$'`;
/** `arn:aws:*` and the like are `*` in other words. */
const ANY_RESOURCE = String.raw`'^([*?:]+|arn:[a-z*?-]*[*?:]*)$'`;
/** Statements that allow everything on everything, also by naming the little that is left out. */
const openStatements = (at: string): string =>
  [`"Action[*]": { matches: ${ANY_ACTION} }`, 'NotAction: { present: true }']
    .flatMap((action) =>
      [`"Resource[*]": { matches: ${ANY_RESOURCE} }`, 'NotResource: { present: true }'].map(
        (resource) => `        - at: ${at}\n          where: { Effect: Allow, ${action}, ${resource} }`,
      ),
    )
    .join('\n');

export const AWS_BASICS = `
version: 1
checks:
  - name: "aws: no public bucket ACL"
    severity: critical
    message: Everybody may read or write it
    help: Leave the ACL out, and give access with a bucket policy that names who may read.
    require:
      types: [aws_s3_bucket_acl, aws_s3_bucket]
      none:
        - where: { acl: [public-read, public-read-write, authenticated-read] }
        - at: grant
          where: { uri: { matches: '/(AllUsers|AuthenticatedUsers)$' } }
        - at: access_control_policy[*].grant[*].grantee
          where: { uri: { matches: '/(AllUsers|AuthenticatedUsers)$' } }
      unless_missing: true

  - name: "aws: public access to buckets stays blocked"
    severity: critical
    help: Set all four to true. A website belongs behind CloudFront with an origin access control.
    require:
      types: [aws_s3_bucket_public_access_block, aws_s3_account_public_access_block]
      attributes:
        block_public_acls: true
        block_public_policy: true
        ignore_public_acls: true
        restrict_public_buckets: true

  - name: "aws: public access blocks stay"
    severity: critical
    when: { destroy: false }
    message: Without it, the bucket may be opened by an ACL or a policy
    help: Keep it as long as the bucket is there. When both go, write a waiver for this address, with a date.
    protect:
      types: [aws_s3_bucket_public_access_block, aws_s3_account_public_access_block]
      actions: [delete]

  - name: "aws: no bucket policy for everybody"
    severity: critical
    message: Everybody may use it
    help: Name the accounts or services as Principal, or add a Condition with StringEquals on aws:PrincipalOrgID or aws:SourceVpce.
    require:
      types: [aws_s3_bucket_policy, aws_s3_bucket]
      none:
        - at: policy.Statement
          where: { Effect: Allow, Principal: "*", ${NARROWED} }
        - at: policy.Statement
          where: { Effect: Allow, "Principal.AWS[*]": "*", ${NARROWED} }
        - at: policy.Statement
          where: { Effect: Allow, NotPrincipal: { present: true } }
${NARROWED_BY_A_VARIABLE}
      unless_missing: true
      unknown: warn

  - name: "aws: no public databases"
    severity: critical
    help: Set publicly_accessible to false, and reach the database from inside of the VPC.
    require:
      types:
        - aws_db_instance
        - aws_rds_cluster_instance
        - aws_neptune_cluster_instance
        - aws_redshift_cluster
        - aws_redshiftserverless_workgroup
        - aws_dms_replication_instance
      attributes: { publicly_accessible: false }

  - name: "aws: databases are encrypted"
    help: Set storage_encrypted to true. An existing database has to be restored from an encrypted copy of its snapshot.
    require:
      types: [aws_db_instance, aws_rds_cluster, aws_docdb_cluster, aws_neptune_cluster]
      attributes: { storage_encrypted: true }

  - name: "aws: disks and file systems are encrypted"
    help: Set encrypted to true.
    require:
      types: [aws_ebs_volume, aws_efs_file_system, aws_redshift_cluster]
      attributes: { encrypted: true }

  - name: "aws: caches are encrypted"
    help: Set at_rest_encryption_enabled to true.
    require:
      types: [aws_elasticache_replication_group]
      attributes: { at_rest_encryption_enabled: true }

  - name: "aws: disks of instances are encrypted"
    help: Set encrypted to true, or leave it out and encrypt all disks of the account with aws_ebs_encryption_by_default.
    require:
      types: [aws_instance, aws_launch_configuration, aws_launch_template]
      none:
        - at: root_block_device
          where: { encrypted: false }
        - at: ebs_block_device
          where: { encrypted: false }
        - at: block_device_mappings[*].ebs
          where: { encrypted: false }
      unless_missing: true
      unknown: warn

  - name: "aws: no SSH or RDP from the world, in security groups"
    severity: critical
    message: Open to the world
    help: ${OPEN_PORTS_HELP}
    require:
      types: [aws_security_group, aws_default_security_group]
      none:
${openPorts(IN_BLOCKS)}
      unless_missing: true

  - name: "aws: no SSH or RDP from the world, in rules"
    severity: critical
    message: Open to the world
    help: ${OPEN_PORTS_HELP}
    require:
      types: [aws_security_group_rule]
      none:
${openPorts(IN_RULES)}

  - name: "aws: no SSH or RDP from the world, in ingress rules"
    severity: critical
    message: Open to the world
    help: ${OPEN_PORTS_HELP}
    require:
      types: [aws_vpc_security_group_ingress_rule]
      none:
${openPorts(IN_INGRESS_RULES)}

  - name: "aws: no wildcard IAM policies"
    severity: critical
    message: May do everything on everything
    help: Name the actions, or the resources, or both.
    require:
      types: [aws_iam_policy, aws_iam_role_policy, aws_iam_user_policy, aws_iam_group_policy]
      none:
${openStatements('policy.Statement')}
      unknown: warn

  - name: "aws: no wildcard IAM policies, in roles"
    severity: critical
    message: May do everything on everything
    help: Name the actions, or the resources, or both.
    require:
      types: [aws_iam_role]
      none:
${openStatements('inline_policy[*].policy.Statement')}
        - where: { "managed_policy_arns[*]": { matches: ${ADMINISTRATOR} } }
      unless_missing: true
      unknown: warn

  - name: "aws: no wildcard IAM policies, in policy documents"
    severity: critical
    message: May do everything on everything
    help: Name the actions, or the resources, or both.
    require:
      types: [aws_iam_policy_document]
      actions: [read]
      none:
        - at: statement
          where: { effect: [Allow, null], "actions[*]": { matches: ${ANY_ACTION} }, "resources[*]": { matches: ${ANY_RESOURCE} } }
        - at: statement
          where: { effect: [Allow, null], not_actions: { present: true }, "resources[*]": { matches: ${ANY_RESOURCE} } }
        - at: statement
          where: { effect: [Allow, null], "actions[*]": { matches: ${ANY_ACTION} }, not_resources: { present: true } }
        - at: statement
          where: { effect: [Allow, null], not_actions: { present: true }, not_resources: { present: true } }
      unknown: warn

  - name: "aws: nobody becomes administrator"
    severity: critical
    help: Attach a policy with what is needed. AdministratorAccess belongs to people who break glass, outside of Terraform.
    require:
      types:
        - aws_iam_role_policy_attachment
        - aws_iam_user_policy_attachment
        - aws_iam_group_policy_attachment
        - aws_iam_policy_attachment
      attributes: { policy_arn: { not_matches: ${ADMINISTRATOR} } }
      unknown: warn

  - name: "aws: nobody becomes administrator by other ways"
    severity: critical
    help: Attach policies with what is needed. AdministratorAccess belongs to people who break glass, outside of Terraform.
    require:
      types:
        - aws_iam_role_policy_attachments_exclusive
        - aws_iam_user_policy_attachments_exclusive
        - aws_iam_group_policy_attachments_exclusive
        - aws_ssoadmin_managed_policy_attachment
      none:
        - where: { "policy_arns[*]": { matches: ${ADMINISTRATOR} } }
        - where: { managed_policy_arn: { matches: ${ADMINISTRATOR} } }
      unless_missing: true
      unknown: warn

  - name: "aws: data stores stay"
    severity: critical
    help: Take a snapshot and ask whoever owns the data. Then write a waiver for this address, with a date.
    protect:
      types:
        - aws_db_instance
        - aws_rds_cluster
        - aws_rds_global_cluster
        - aws_docdb_cluster
        - aws_neptune_cluster
        - aws_redshift_cluster
        - aws_dynamodb_table
        - aws_s3_bucket
        - aws_ebs_volume
        - aws_efs_file_system
        - aws_fsx_*_file_system
        - aws_opensearch_domain
        - aws_elasticsearch_domain
        - aws_kms_key
        - aws_backup_vault

  - name: "aws: few deletions at a time"
    severity: medium
    when: { destroy: false }
    help: Split the change, so that each plan can be read.
    limit: { destroy: 10 }

  - name: "aws: modules and providers are pinned"
    severity: medium
    help: Write a version for modules of a registry, ?ref= with a tag or a commit for those of git, and required_providers.
    limit: { pinned_modules: true, pinned_providers: true }
`.trimStart();
