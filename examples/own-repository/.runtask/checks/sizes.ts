// Instances are of a size that the workspace may have, and the volumes of one plan are not too large together: a table and a sum, which
// one expression cannot say.
import { check } from 'runtask-action/check';

interface Instance {
  readonly instance_type: string;
}
interface Volume {
  readonly size: number | null;
}

export default check(({ plan, run, params, each, fail, warn }) => {
  // The first pattern of the table that fits the workspace.
  const entries = Object.entries<string[]>(params.sizes);
  const sizes = entries.find(([pattern]) => (pattern.startsWith('*') ? run.workspace.endsWith(pattern.slice(1)) : run.workspace === pattern))?.[1] ?? [];

  each(plan.planned<Instance>('aws_instance'), (instance) => {
    const { instance_type: size } = instance.after;
    if (!sizes.includes(size))
      fail(instance, `would be a ${size}; ${run.workspace} may have ${sizes.join(', ')}`, { rule: 'sizes', attribute: 'instance_type' });
  });

  // A size that is known only after apply counts as 100.
  let gigabytes = 0;
  for (const volume of plan.planned<Volume>('aws_ebs_volume')) gigabytes += volume.isUnknown('size') ? 100 : (volume.after.size ?? 100);
  if (gigabytes > params.most_gigabytes) warn(null, `${gigabytes} GB of volumes in one plan`, { rule: 'volumes' });
});
