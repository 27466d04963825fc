// The kind `protect`: nothing of these types, addresses or modules may be deleted or replaced. Pure but for the interface.
//
// When in doubt it protects. A pattern without an instance key covers all instances; a module covers what is nested in it; an
// object that moved is known by its old address too, so that a `moved` block opens no way round; the deletion of a deposed object
// is a deletion, because a real object with real data goes; an action that we do not know is refused.
import type { ProtectSpec } from '../contracts/check-kinds.ts';
import type { Plan, ResourceChange } from '../plan/model.ts';
import { matchesAnyGlob } from '../documents/glob.ts';
import type { CheckTask, FindingDraft, Kind } from './kind.ts';
import { allNames, hasAddress, hasModule, hasType } from './select/addresses.ts';

export const protect: Kind<ProtectSpec> = {
  name: 'protect',
  needsPlan: () => true,
  open: ({ plan }) => ({
    run: async ({ check, spec, explain }) => ({
      findings: plan === null ? [] : findUnprotected(spec, plan, check.message, explain),
      reason: null,
    }),
    close: async () => {},
  }),
};

export function findUnprotected(
  spec: ProtectSpec,
  plan: Plan,
  message: string | undefined,
  explain: CheckTask<ProtectSpec>['explain'] = null,
): FindingDraft[] {
  const findings: FindingDraft[] = [];
  let isProtecting = false;
  for (const change of plan.changes) {
    const loss = lossOf(change, spec.actions);
    if ((loss === null && explain === null) || !isProtected(spec, change)) continue;
    isProtecting = true;
    explain?.(change.address, loss === null ? `protected; ${change.action} takes nothing away` : sentence(change, loss));
    if (loss !== null) findings.push({ message: message ?? sentence(change, loss), address: change.address, action: change.action });
  }
  if (!isProtecting) explain?.('the plan', `none of its ${plan.changes.length} resources is protected: no type, address or module fits`);
  return findings;
}

type Loss = 'delete' | 'replace' | 'forget' | 'unknown';

// What is known to leave the object in place. `open`, `renew` and `close` are what Terraform does with ephemeral resources.
const HARMLESS = new Set(['no-op', 'create', 'read', 'update', 'open', 'renew', 'close']);
const KNOWN = new Set([...HARMLESS, 'delete', 'forget']);

/** What this change takes away, of the kinds that are refused; null: nothing. */
function lossOf({ actions, before, after }: ResourceChange, refused: ProtectSpec['actions']): Loss | null {
  const deletes = actions.includes('delete');
  // No action at all (Terraform writes no-op, other writers of plans do not): harmless if the object is still there afterwards.
  const unknown = actions.length === 0 ? before !== null && after === null : actions.some((action) => !KNOWN.has(action));
  if (deletes) {
    const loss = actions.includes('create') ? 'replace' : 'delete';
    if (refused.includes(loss)) return loss;
    // ["delete","frobnicate"] may turn out to be either.
    return unknown && refused.some((word) => word !== 'forget') ? 'unknown' : null;
  }
  if (actions.includes('forget') && refused.includes('forget')) return 'forget';
  return unknown ? 'unknown' : null;
}

function isProtected({ types, addresses, modules, except }: ProtectSpec, change: ResourceChange): boolean {
  const names = allNames(change);
  // Both of a moved object: moving it to an excepted address and deleting it in the same plan opens no way round either.
  if (except !== undefined && names.every((name) => matchesAnyGlob(except, name))) return false;
  return (
    (types !== undefined && hasType(types, change)) ||
    (addresses !== undefined && hasAddress(addresses, names)) ||
    (modules !== undefined && hasModule(modules, names, change.module))
  );
}

function sentence(change: ResourceChange, loss: Loss): string {
  const object = change.deposed === null ? change.address : `The deposed object ${change.deposed} of ${change.address}`;
  switch (loss) {
    case 'delete':
      return `${object} would be destroyed`;
    case 'replace':
      return `${object} would be destroyed and created anew`;
    case 'forget':
      return `${object} would no longer be managed by Terraform`;
    case 'unknown':
      return `${object} is protected, and its action "${change.actions.join('+')}" is not known to this version: it may destroy it`;
  }
}
