// Counts a plan as `terraform show` does in its "Plan:" line. No I/O.
//
// Source: hashicorp/terraform, internal/command/jsonformat/plan.go, read 2026-11: no-ops are left out unless they import; reads are no
// change; a delete of a data source is not rendered; a replacement adds and destroys; a deposed object is destroyed like any other.
import type { PlanCounts, ResourceChange } from './model.ts';

export function countChanges(changes: readonly ResourceChange[], invocations?: number): PlanCounts {
  const counts = { add: 0, change: 0, destroy: 0, replace: 0, import: 0, forget: 0, move: 0 };
  for (const change of changes) {
    if (change.importing !== null) counts.import += 1;
    if (change.previousAddress !== null) counts.move += 1;
    switch (change.action) {
      case 'create':
        counts.add += 1;
        break;
      case 'update':
        counts.change += 1;
        break;
      case 'delete':
        if (change.mode !== 'data') counts.destroy += 1;
        break;
      case 'replace':
        counts.add += 1;
        counts.destroy += 1;
        counts.replace += 1;
        break;
      case 'forget':
        counts.forget += 1;
        break;
      // A replacement that leaves the old object alone (create_before_destroy or not, with `destroy = false`).
      case 'create+forget':
      case 'forget+create':
        counts.add += 1;
        counts.forget += 1;
        break;
      default:
        // no-op, read, and actions of a future Terraform, which are shown by name and counted nowhere.
        break;
    }
  }
  return invocations === undefined ? counts : { ...counts, invoke: invocations };
}

/** Terraform's words without "Plan: " and the last full stop, e.g. `2 to import, 1 to add, 0 to change, 0 to destroy. Actions: 1 to invoke`. */
export function planLine(counts: PlanCounts): string {
  const importing = counts.import > 0 ? `${counts.import} to import, ` : '';
  const invoking = counts.invoke !== undefined && counts.invoke > 0 ? `. Actions: ${counts.invoke} to invoke` : '';
  return `${importing}${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy${invoking}`;
}
