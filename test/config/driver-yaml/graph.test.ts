// The order of work: what needs what, how much at a time, and what a circle is.
import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { findCircle, walkGraph, type GraphNode } from '../../../src/config/driver-yaml/graph.ts';

const node = (id: string, ...needs: string[]): GraphNode => ({ id, needs });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('walkGraph', () => {
  it('visits each after what it needs, and the rest in the order of the list', async () => {
    const order: string[] = [];
    await walkGraph([node('d', 'b', 'c'), node('b', 'a'), node('a'), node('c', 'a'), node('e')], 1, async ({ id }) => void order.push(id));
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('counts a need that is written twice once, and does not wait for one that is not there', async () => {
    const order: string[] = [];
    await walkGraph([node('b', 'a', 'a', 'elsewhere'), node('a')], 5, async ({ id }) => void order.push(id));
    expect(order).toEqual(['a', 'b']);
  });

  it('runs as many as it may at a time, not one more', async () => {
    let running = 0;
    let most = 0;
    await walkGraph(
      Array.from({ length: 20 }, (_, i) => node(String(i))),
      7,
      async () => {
        most = Math.max(most, ++running);
        await turn();
        running--;
      },
    );
    expect(most).toBe(7);
  });

  it('begins nothing new after a visit that throws, and tells it when those that run are over', async () => {
    const over: string[] = [];
    const walk = walkGraph([node('a'), node('b'), node('c'), node('d', 'a')], 2, async ({ id }) => {
      if (id === 'a') throw new Error('defect');
      await turn();
      over.push(id);
    });
    await expect(walk).rejects.toThrow('defect');
    expect(over).toEqual(['b']);
  });

  it('refuses a circle before anything begins', async () => {
    const visited: string[] = [];
    const walk = walkGraph([node('z'), node('a', 'b'), node('b', 'a')], 2, async ({ id }) => void visited.push(id));
    await expect(walk).rejects.toThrow('These wait for each other: a -> b -> a');
    expect(visited).toEqual([]);
  });

  it('visits every node of any graph once and in order', async () => {
    const graphs = fc
      .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
      .map((needs) => needs.map((list, i) => node(String(i), ...list.filter((need) => need < i).map(String))));
    await fc.assert(
      fc.asyncProperty(
        fc.clone(graphs, 1),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.boolean()),
        async ([nodes], limit, waits) => {
          const done = new Set<string>();
          const shuffled = [...nodes].sort((a, b) => (a.id.length - b.id.length) * -1);
          await walkGraph(shuffled, limit, async ({ id, needs }) => {
            expect(needs.every((need) => done.has(need))).toBe(true);
            expect(done.has(id)).toBe(false);
            if (waits.next().value) await turn();
            done.add(id);
          });
          expect(done.size).toBe(nodes.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('findCircle', () => {
  it.each([
    [[node('a', 'b'), node('b')], null],
    [[node('a', 'a')], ['a', 'a']],
    [
      [node('x', 'a'), node('a', 'free', 'b'), node('b', 'c'), node('c', 'a'), node('free')],
      ['a', 'b', 'c', 'a'],
    ],
  ])('of %j is %j', (nodes, circle) => expect(findCircle(nodes)).toEqual(circle));
});
