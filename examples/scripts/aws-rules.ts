// The rules that most teams write first, as one script. Copy it to .runtask/checks/aws-rules.ts and make it yours:
//
//   checks:
//     - name: aws rules
//       script: .runtask/checks/aws-rules.ts
//       params: { tags: [Owner, CostCenter], sizes: ["t3.*", "m5.large"], regions: [eu-west-1], budget: 50 }
//
// Each rule is a function of its own, so that one can be read, moved and tested alone. `each` turns a value that nobody can know before
// apply into a finding about its resource, and goes on with the next one.
import { check, type CheckContext, type ResourceChange } from 'runtask-action/check';

export default check((context) => {
  requiredTags(context);
  noPublicBuckets(context);
  encryptedStorage(context);
  noOpenAdminPorts(context);
  allowedSizes(context);
  allowedRegions(context);
  dataStoresStay(context);
  changeBudget(context);
  noWildcardPolicies(context);
  pinnedModules(context);
  namesOfUse(context);
});

function requiredTags({ plan, params, each, fail }: CheckContext): void {
  const wanted: string[] = params['tags'] ?? ['Owner'];
  const rule = 'required-tags';
  each(
    plan.planned('aws_*'),
    (resource) => {
      // `in`: a type without tags has no such attribute; one whose tags are left out has null.
      if (!('tags' in resource.after)) return;
      const tags = resource.after.tags ?? {};
      const missing = wanted.filter((tag) => !Object.hasOwn(tags, tag));
      if (missing.length > 0) fail(resource, `lacks the tags ${missing.join(', ')}`, { rule, severity: 'low', attribute: 'tags' });
    },
    { rule },
  );
}

function noPublicBuckets({ plan, each, fail }: CheckContext): void {
  const rule = 'no-public-buckets';
  each(
    plan.planned('aws_s3_bucket', 'aws_s3_bucket_acl'),
    (bucket) => {
      if (!bucket.isSet('acl') || !String(bucket.after.acl).startsWith('public')) return;
      fail(bucket, `would be ${bucket.after.acl}`, { rule, severity: 'critical', attribute: 'acl', help: 'Use a bucket policy.' });
    },
    { rule },
  );
}

function encryptedStorage({ plan, each, fail }: CheckContext): void {
  const rule = 'encrypted-storage';
  const attributes: Record<string, string> = { aws_db_instance: 'storage_encrypted', aws_ebs_volume: 'encrypted', aws_efs_file_system: 'encrypted' };
  each(
    plan.planned(...Object.keys(attributes)),
    (store) => {
      const attribute = attributes[store.type]!;
      if (store.after[attribute] !== true) fail(store, `is not encrypted: ${attribute} is not true`, { rule, attribute });
    },
    { rule },
  );
}

function noOpenAdminPorts({ plan, each, fail }: CheckContext): void {
  const rule = 'no-open-admin-ports';
  // Not only 0.0.0.0/0: two halves, 0.0.0.0/1 and 128.0.0.0/1, are the world too.
  const isWorld = (range: string): boolean => Number(range.split('/')[1]) < (range.includes(':') ? 16 : 8);
  const isOpen = (from: number, to: number, protocol: string): boolean =>
    protocol === '-1' || [22, 3389].some((port) => from <= port && port <= to);
  each(
    plan.planned('aws_security_group'),
    (group) => {
      for (const { cidr_blocks, ipv6_cidr_blocks, from_port, to_port, protocol } of group.after.ingress ?? []) {
        const world = [...(cidr_blocks ?? []), ...(ipv6_cidr_blocks ?? [])].find(isWorld);
        if (world !== undefined && isOpen(from_port, to_port, protocol))
          fail(group, `opens ports ${from_port} to ${to_port} to ${world}`, { rule, severity: 'critical', attribute: 'ingress' });
      }
    },
    { rule },
  );
}

function allowedSizes({ plan, params, each, fail }: CheckContext): void {
  const rule = 'allowed-sizes';
  const allowed: string[] = params['sizes'] ?? ['t3.*', 't4g.*'];
  const fits = (size: string): boolean => allowed.some((one) => (one.endsWith('*') ? size.startsWith(one.slice(0, -1)) : size === one));
  each(
    plan.planned('aws_instance'),
    (instance) => {
      const size = String(instance.after.instance_type);
      if (!fits(size)) fail(instance, `would be a ${size}; allowed: ${allowed.join(', ')}`, { rule, attribute: 'instance_type' });
    },
    { rule },
  );
}

function allowedRegions({ plan, params, each, warn }: CheckContext): void {
  const rule = 'allowed-regions';
  const allowed: string[] | undefined = params['regions'];
  if (allowed === undefined) return;
  // An ARN names the region that a resource is in. New ones have none yet, and that is all right: providers are pinned elsewhere.
  each(
    plan.planned('aws_*'),
    (resource) => {
      const region = typeof resource.after.arn === 'string' ? resource.after.arn.split(':')[3] : '';
      if (region !== undefined && region !== '' && !allowed.includes(region)) warn(resource, `is in ${region}`, { rule });
    },
    { rule, unknown: 'pass' },
  );
}

function dataStoresStay({ plan, fail }: CheckContext): void {
  const stores = plan.ofType('aws_db_instance', 'aws_rds_cluster', 'aws_dynamodb_table', 'aws_s3_bucket', 'aws_efs_file_system');
  for (const store of stores)
    if (store.actions.includes('delete')) fail(store, `would be lost (${store.action})`, { rule: 'data-stores-stay', severity: 'critical' });
}

function changeBudget({ plan, params, fail }: CheckContext): void {
  const budget = Number(params['budget'] ?? 1000);
  const { destroy } = plan.counts;
  if (destroy > budget) fail(null, `${destroy} resources would be destroyed; the budget is ${budget}`, { rule: 'change-budget' });
}

function noWildcardPolicies({ plan, each, fail }: CheckContext): void {
  const rule = 'no-wildcard-policies';
  const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
  each(
    plan.planned('aws_iam_policy', 'aws_iam_role_policy', 'aws_iam_user_policy', 'aws_iam_group_policy'),
    (policy) => {
      for (const statement of asList(JSON.parse(policy.after.policy).Statement) as { Effect: string; Action?: unknown; Resource?: unknown }[]) {
        const everything = asList(statement.Action).includes('*') && asList(statement.Resource).includes('*');
        if (statement.Effect === 'Allow' && everything)
          fail(policy, 'allows everything on everything', { rule, severity: 'critical', attribute: 'policy' });
      }
    },
    { rule },
  );
}

function pinnedModules({ plan, params, fail }: CheckContext): void {
  if (params['pinned'] !== true) return;
  for (const { address, source, version } of plan.modules) {
    const local = source.startsWith('./') || source.startsWith('../');
    if (!local && version === null && !source.includes('?ref='))
      fail(address, `The module ${address} from ${source} is not pinned`, { rule: 'pinned-modules', help: 'Write `version`, or `?ref=`.' });
  }
}

function namesOfUse({ plan, warn }: CheckContext): void {
  const isOdd = ({ name }: ResourceChange): boolean => !/^[a-z][a-z0-9_]*$/.test(name);
  for (const resource of plan.changes)
    if (resource.mode === 'managed' && isOdd(resource)) warn(resource, `${resource.name} is not in snake_case`, { rule: 'naming', severity: 'info' });
}
