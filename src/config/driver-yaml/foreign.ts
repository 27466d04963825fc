// Attachments of our run tasks that others made and nobody declared: left alone and told, because HCP Terraform does not delete a run task
// that is still attached.
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import { valueAt } from '../engine/values.ts';
import type { DriverDeps } from './deps.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type { PlannedItem } from './plan.ts';

const NAMED_AT_MOST = 5;

export async function tellForeign(
  loaded: LoadedConfig,
  recordFile: string,
  items: readonly PlannedItem[],
  deps: DriverDeps,
): Promise<Diagnostic[]> {
  const ours = new Set(items.flatMap(({ resource, id }) => (resource.name === 'workspace_run_task' && id !== null ? [id] : [])));
  const found: Diagnostic[] = [];
  for (const { resource, change, item } of items) {
    if (resource.name !== 'organization_run_task' || change.prior === null) continue;
    const [organization, name] = [valueAt(change.prior, 'organization'), valueAt(change.prior, 'name')].map(String) as [string, string];
    const tell = (summary: string, detail: string): void => {
      const problem = { severity: 'warning' as const, summary, detail };
      found.push(item === null ? { ...problem, path: '', file: recordFile } : loaded.tell(item.placeOf([]), problem));
    };
    try {
      const attached = await deps.listAttached(organization, name);
      const foreign = attached.filter((workspace) => !ours.has(`${organization}/${workspace}/${name}`));
      if (foreign.length === 0) continue;
      const more = foreign.length - NAMED_AT_MOST;
      const names = foreign.slice(0, NAMED_AT_MOST).join(', ') + (more > 0 ? ` and ${more} more` : '');
      const many = foreign.length === 1 ? '1 workspace' : `${foreign.length} workspaces`;
      const remedy =
        change.action === 'delete'
          ? 'HCP Terraform does not delete a run task that is attached: detach it there first, or declare them here.'
          : 'They are left alone.';
      tell(`Others have attached ${name} to ${many} that this file does not declare`, `Found: ${names}. ${remedy}`);
    } catch (thrown) {
      tell(`Where ${name} is attached cannot be listed`, describeThrown(thrown));
    }
  }
  return found;
}
