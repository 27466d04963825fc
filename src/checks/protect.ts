// The kind `protect`: nothing of these types, addresses or modules may be deleted or replaced. Pure but for the interface.
//
// When in doubt it protects. A pattern without an instance key covers all instances; a module covers what is nested in it; an
// object that moved is known by its old address too, so that a `moved` block opens no way round; the deletion of a deposed object
// is a deletion, because a real object with real data goes; an action that we do not know is refused.
import type { ProtectSpec } from '../contracts/check-kinds.ts';
import type { Plan, ResourceChange } from '../plan/model.ts';
import { matchesAnyGlob } from '../documents/glob.ts';
import type { FindingDraft, Kind } from './kind.ts';

export const protect: Kind<ProtectSpec> = {
  name: 'protect',
  needsPlan: () => true,
  open: ({ plan }) => ({
    run: async ({ check, spec }) => ({ findings: plan === null ? [] : findUnprotected(spec, plan, check.message), reason: null }),
    close: async () => {},
  }),
};

export function findUnprotected(spec: ProtectSpec, plan: Plan, message: string | undefined): FindingDraft[] {
  const findings: FindingDraft[] = [];
  for (const change of plan.changes) {
    const loss = lossOf(change, spec.actions);
    if (loss === null || !isProtected(spec, change)) continue;
    findings.push({ message: message ?? sentence(change, loss), address: change.address, action: change.action });
  }
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

function isProtected(spec: ProtectSpec, change: ResourceChange): boolean {
  const addresses = change.previousAddress === null ? [change.address] : [change.address, change.previousAddress];
  // Both of a moved object: moving it to an excepted address and deleting it in the same plan opens no way round either.
  const { except } = spec;
  if (except !== undefined && addresses.every((address) => matchesAnyGlob(except, address))) return false;
  return (
    (spec.types !== undefined && addressTypes(change).some((type) => matchesAnyGlob(spec.types ?? [], type))) ||
    (spec.addresses !== undefined &&
      addresses
        .flatMap((address) => [address, withoutKeys(address), withoutLastKey(address)])
        .some((a) => matchesAnyGlob(spec.addresses ?? [], a))) ||
    (spec.modules !== undefined && modulesOf(change).some((module) => matchesAnyGlob(spec.modules ?? [], module)))
  );
}

/** The type now, and the type of the old address when a `moved` block changed it. */
function addressTypes(change: ResourceChange): string[] {
  if (change.previousAddress === null) return [change.type];
  const parts = withoutKeys(change.previousAddress).split('.');
  return [change.type, parts.at(-2) ?? change.type];
}

/** The module of the change and all modules around it, with and without instance keys; of the old address too. */
function modulesOf(change: ResourceChange): string[] {
  const modules = new Set<string>();
  for (const path of [modulePath(change.address), modulePath(change.previousAddress ?? ''), segments(change.module)]) {
    for (let depth = path.length; depth > 0; depth--) {
      const whole = path.slice(0, depth);
      modules.add(whole.join('.'));
      modules.add(whole.map(withoutKeys).join('.'));
    }
  }
  // The root module is the empty text: only `*` means it.
  modules.add('');
  return [...modules];
}

/** `module.a["x.y"].module.b.aws_x.y` → [`module.a["x.y"]`, `module.b`] */
function modulePath(address: string): string[] {
  const parts = segments(address);
  const end = parts.findIndex((part) => !part.startsWith('module.'));
  return end < 0 ? parts : parts.slice(0, end);
}

/** Splits an address at its dots, but not inside instance keys; `module.NAME` stays together. */
function segments(address: string): string[] {
  const words: string[] = [];
  let word = '';
  for (const [token] of address.matchAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\.|[^.[]+|\[/g)) {
    if (token === '.' && word !== 'module') {
      words.push(word);
      word = '';
    } else word += token;
  }
  return word === '' ? words : [...words, word];
}

const KEY = /\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g;
const withoutKeys = (address: string): string => address.replace(KEY, '');
const withoutLastKey = (address: string): string => address.replace(/(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])$/, '');

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
