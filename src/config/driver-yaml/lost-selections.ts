// A selection that takes nothing any more, while what it took is still there: a tag was taken off everywhere, a project got another name,
// or the token sees less than it did, and nobody can tell which. Run tasks are not taken off workspaces for that. Pure.
import type { Diagnostic } from '../../base/diagnostics.ts';
import { valueAt } from '../engine/values.ts';
import type { EmptySelection } from './item.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type { PlannedItem } from './plan.ts';

/** @param gone  what is to be deleted because nothing declares it any more */
export function tellLost(loaded: LoadedConfig, empty: readonly EmptySelection[], gone: readonly PlannedItem[]): Diagnostic[] {
  return empty.flatMap(({ runTask, place }) => {
    const lost = gone.filter(
      ({ resource, change, deleteReason }) =>
        resource.name === 'workspace_run_task' &&
        deleteReason === 'not-declared' &&
        change.prior !== null &&
        valueAt(change.prior, 'run_task') === runTask,
    );
    if (lost.length === 0) return [];
    const many = lost.length === 1 ? 'a workspace' : `${lost.length} workspaces`;
    return [
      loaded.tell(place, {
        severity: 'error',
        summary: `The selection takes no workspace, and ${many} would lose the run task ${runTask}`,
        detail:
          'A tag or a project that has another name now, a mistake in a pattern, and a token that sees less than before look alike. ' +
          'Correct it; or, if the run task is to go from there, take this entry out of `attachments`',
      }),
    ];
  });
}
