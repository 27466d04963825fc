// Databases keep backups, disks are encrypted, and storage stays in our regions. Paths begin in this repository, also when another one
// extends these checks.
import { check } from 'runtask-action/check';

interface Storage {
  readonly region?: string | null;
  readonly backup_retention_period?: number | null;
  readonly encrypted?: boolean | null;
}

export default check(({ plan, params, each, fail }) => {
  const regions = new Set<string>(params.regions);

  each(plan.planned<Storage>('aws_db_instance', 'aws_rds_cluster'), (database) => {
    const days = database.after.backup_retention_period ?? 0;
    if (days < params.backup_days)
      fail(database, `keeps backups for ${days} days, ${params.backup_days} are needed`, { rule: 'backups', attribute: 'backup_retention_period' });
  });

  each(plan.planned<Storage>('aws_ebs_volume'), (volume) => {
    if (volume.after.encrypted !== true) fail(volume, 'is not encrypted', { rule: 'encryption', severity: 'critical', attribute: 'encrypted' });
  });

  // The AWS provider writes the region into each resource since version 6; before, the attribute is not there.
  each(plan.planned<Storage>('aws_db_instance', 'aws_rds_cluster', 'aws_ebs_volume', 'aws_s3_bucket'), ({ address, after: { region } }) => {
    if (typeof region === 'string' && !regions.has(region)) fail(address, `would be in ${region}`, { rule: 'regions', attribute: 'region' });
  });
});
