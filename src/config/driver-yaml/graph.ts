// In which order things are done: each after what it needs, side by side where nothing says otherwise, so many at a time. Knows nothing of
// resources. Pure but for what `visit` does.

export interface GraphNode {
  readonly id: string;
  /** Ids that come first. One that is not among the nodes holds nothing up. */
  readonly needs: readonly string[];
}

/**
 * Visits every node once, each when all that it needs has been visited, whatever came of it there; among those that could begin, the
 * first of the list does.
 * @param limit  how many run at the same time
 * @throws what a visit throws, when those that had begun are over; nothing new begins then
 * @throws Error for a circle, before anything begins: ask `findCircle` first
 */
export async function walkGraph<N extends GraphNode>(nodes: readonly N[], limit: number, visit: (node: N) => Promise<void>): Promise<void> {
  const circle = findCircle(nodes);
  if (circle !== null) throw new Error(`These wait for each other: ${circle.join(' -> ')}`);
  const { open, dependents } = edgesOf(nodes);
  // Kept in the order of the list by number, so that two runs of the same configuration do the same in the same order.
  const ready = nodes.flatMap(({ id }, place) => (open.get(id) === 0 ? [place] : []));
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const placeOf = new Map(nodes.map(({ id }, place) => [id, place]));

  const run = async (node: N): Promise<void> => {
    try {
      await visit(node);
    } catch (thrown) {
      failures.push(thrown);
    }
    for (const dependent of dependents.get(node.id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) insertSorted(ready, placeOf.get(dependent) ?? 0);
    }
  };

  for (;;) {
    while (failures.length === 0 && running.size < limit && ready.length > 0) {
      const node = nodes[ready.shift() ?? 0];
      if (node === undefined) continue;
      const promise = run(node).finally(() => running.delete(promise));
      running.add(promise);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** @returns the ids of one circle, the first one again at its end; null when there is none */
export function findCircle(nodes: readonly GraphNode[]): readonly string[] | null {
  const { open, dependents } = edgesOf(nodes);
  const free = nodes.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  let visited = 0;
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    visited++;
    for (const dependent of dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) free.push(dependent);
    }
  }
  if (visited === nodes.length) return null;
  // Everything that is left waits for something that is left: following it comes round.
  const left = new Map(nodes.filter(({ id }) => (open.get(id) ?? 0) > 0).map((node) => [node.id, node.needs]));
  const way: string[] = [];
  let at = [...left.keys()][0] ?? '';
  while (!way.includes(at)) {
    way.push(at);
    at = left.get(at)?.find((need) => left.has(need)) ?? at;
  }
  return [...way.slice(way.indexOf(at)), at];
}

function edgesOf(nodes: readonly GraphNode[]): { open: Map<string, number>; dependents: Map<string, string[]> } {
  const open = new Map(nodes.map(({ id }) => [id, 0]));
  const dependents = new Map<string, string[]>();
  for (const { id, needs } of nodes) {
    for (const need of new Set(needs)) {
      if (!open.has(need)) continue;
      open.set(id, (open.get(id) ?? 0) + 1);
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [id]);
      else list.push(id);
    }
  }
  return { open, dependents };
}

function insertSorted(places: number[], place: number): void {
  const at = places.findIndex((other) => other > place);
  places.splice(at === -1 ? places.length : at, 0, place);
}
