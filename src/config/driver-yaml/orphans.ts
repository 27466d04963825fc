// What the record knows and the file no longer declares: to be deleted when it is there and ours, to be forgotten when it is gone.
import { hasErrors, problem, warning, type Problem } from '../engine/problem.ts';
import { limitOf, typeOf, type DriverDeps } from './deps.ts';
import { walkGraph } from './graph.ts';
import { isChanged, planOrphan } from './plan-item.ts';
import type { PlannedItem, RecordedObject } from './plan.ts';
import type { Claims } from './record/claims.ts';
import { tellOrphan, type Told } from './tell.ts';

type Orphan = Claims['orphans'][number];

export interface OrphanPlan {
  readonly items: readonly PlannedItem[];
  readonly forgotten: readonly RecordedObject[];
  readonly told: readonly Told[];
}

/** @param context.taken  addresses of what is declared: another object may have got the address of one that is to go */
export async function planOrphans(
  orphans: readonly Orphan[],
  context: { readonly recordFile: string; readonly destroy: boolean; readonly taken: ReadonlySet<string> },
  deps: DriverDeps,
): Promise<OrphanPlan> {
  const rank = new Map(deps.resources.map((resource, place) => [typeOf(resource), place]));
  // As they will be deleted: what was made last goes first.
  const sorted = [...orphans].sort((a, b) => (rank.get(b.type) ?? 0) - (rank.get(a.type) ?? 0) || (a.id < b.id ? -1 : 1));
  const addresses = addressesOf(sorted, context.taken);
  const results = new Map<Orphan, Awaited<ReturnType<typeof one>>>();
  const one = async (orphan: Orphan) => {
    const resource = deps.resources.find((candidate) => typeOf(candidate) === orphan.type);
    const address = addresses.get(orphan) ?? plainAddress(orphan);
    const tell = (problems: readonly Problem[]): Told[] => tellOrphan(context.recordFile, address, problems);
    if (resource === undefined) {
      const detail = 'A newer runtask may have written it. Use that one, or take the entry out: the object itself stays then.';
      return { told: tell([problem([], `The record has a kind that is not known: ${JSON.stringify(orphan.type)}`, detail)]) };
    }
    const { found, change, problems } = await planOrphan(resource, orphan, deps);
    if (hasErrors(problems) || (found !== null && change === null)) return { told: tell(problems.map(withWayOut)) };
    if (found === null || change === null) return { told: tell(problems), forgotten: { type: orphan.type, id: orphan.id } };
    if (found.managed === false) {
      const lost = warning([], 'Left alone: it is in the record, but no longer marked as ours', 'Delete it by hand if it is to go.');
      return { told: tell([...problems, lost]), forgotten: { type: orphan.type, id: orphan.id } };
    }
    const item: PlannedItem = {
      ...{ address, name: orphan.entry.name, index: orphan.entry.index ?? null, resource, id: orphan.id, change },
      importing: false,
      changedOutside: isChanged(resource, found, orphan.entry),
      deleteReason: context.destroy ? 'destroy' : 'not-declared',
      item: null,
      dependsOn: [],
      pending: null,
    };
    return { told: tell(problems), item };
  };
  const nodes = sorted.map((orphan, place) => ({ id: String(place), needs: [], orphan }));
  await walkGraph(nodes, limitOf(deps), async ({ orphan }) => {
    if (!deps.signal.aborted) results.set(orphan, await one(orphan));
  });
  const inOrder = sorted.flatMap((orphan) => results.get(orphan) ?? []);
  return {
    items: inOrder.flatMap((result) => ('item' in result ? [result.item] : [])),
    forgotten: inOrder.flatMap((result) => ('forgotten' in result ? [result.forgotten] : [])),
    told: inOrder.flatMap(({ told }) => told),
  };
}

/** The API does not tell what is gone for good, such as the whole repository, from what it will not show. People know. */
const withWayOut = (found: Problem): Problem =>
  found.severity === 'error'
    ? {
        ...found,
        detail: `${found.detail.replace(/\.$/, '')}. If it is gone for good, take its entry out of the record.`.replace(/^\. /, ''),
      }
    : found;

/**
 * As it was when it was applied. By its id where that would be taken for another, declared or not; and where the record, which people may
 * write, has an index that is no part of the id: what is deleted is named as what it is.
 */
function addressesOf(orphans: readonly Orphan[], taken: ReadonlySet<string>): ReadonlyMap<Orphan, string> {
  const plain = orphans.map(plainAddress);
  return new Map(
    orphans.map((orphan, place) => {
      const address = plain[place] ?? '';
      const { type, id, entry } = orphan;
      const isKnown = entry.index === undefined || `/${id.replace(':', '/')}/`.includes(`/${entry.index}/`);
      const isOne = isKnown && !taken.has(address) && plain.indexOf(address) === plain.lastIndexOf(address);
      return [orphan, isOne ? address : `${type}.${entry.name}[${JSON.stringify(id)}]`];
    }),
  );
}

const plainAddress = ({ type, entry }: Orphan): string =>
  `${type}.${entry.name}${entry.index === undefined ? '' : `[${JSON.stringify(entry.index)}]`}`;
