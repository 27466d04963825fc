// The ten rules as one script.
import { check } from 'runtask-action/check';

interface Tagged {
  readonly Environment?: string;
  readonly CostCenter?: string;
}
interface Rule {
  readonly from_port: number;
  readonly to_port: number;
  readonly cidr_blocks: readonly string[];
}
interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}
const isAll = (value: string | readonly string[]): boolean => [value].flat().includes('*');

export default check(({ plan, each, fail }) => {
  each(plan.planned('aws_*'), (resource) => {
    if (!/^app_[0-9]+$/.test(resource.name)) fail(resource, 'is named otherwise');
    if (!('tags' in resource.after)) return;
    const tags = (resource.after.tags ?? {}) as Tagged;
    if (!['prod', 'staging', 'dev'].includes(tags.Environment ?? '') || !/^cc-[0-9]+$/.test(tags.CostCenter ?? ''))
      fail(resource, 'lacks Environment or CostCenter', { attribute: 'tags' });
  });
  each(plan.planned('aws_db_instance'), ({ address, after }) => {
    if (after.publicly_accessible !== false) fail(address, 'would be public');
    if (after.storage_encrypted !== true) fail(address, 'is not encrypted');
    if (!/^(us-east-1|eu-west-1)/.test(after.availability_zone)) fail(address, 'is in another region');
  });
  each(plan.planned('aws_instance'), ({ address, after }) => {
    if (after.root_block_device.some((block: { encrypted: boolean }) => !block.encrypted)) fail(address, 'has a volume in clear');
    if (!['t3.micro', 'm6i.large', 'c6i.xlarge'].includes(after.instance_type)) fail(address, 'is of another size');
  });
  each(plan.planned('aws_security_group'), ({ address, after }) => {
    if (after.ingress.some((rule: Rule) => rule.from_port <= 22 && rule.to_port >= 22 && rule.cidr_blocks.includes('0.0.0.0/0')))
      fail(address, 'opens SSH to the world');
  });
  each(plan.planned('aws_iam_role'), ({ address, after }) => {
    const policies = after.inline_policy.map(({ policy }: { policy: string }) => JSON.parse(policy) as { Statement: readonly Statement[] });
    if (
      policies.some(({ Statement }: { Statement: readonly Statement[] }) =>
        Statement.some((one) => one.Effect === 'Allow' && isAll(one.Action) && isAll(one.Resource)),
      )
    )
      fail(address, 'may do everything');
  });
  for (const { address, actions } of plan.ofType('aws_db_instance')) if (actions.includes('delete')) fail(address, 'would be destroyed');
});
