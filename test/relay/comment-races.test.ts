// Writers of one combined comment in every order that a small scheduler comes up with: they stall past their lock, write late, repeat
// calls whose answers were lost, and die before they write. When all that live are done, what was written last knew all of their sections.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunFacts } from '../../src/contracts/run-facts.ts';
import { toRunFacts } from '../../src/contracts/run-task-request.ts';
import type { CombinedComment, SectionHead } from '../../src/relay/comment/comment.ts';
import { releaseLock, takeLock } from '../../src/relay/comment/lock.ts';
import { putSection } from '../../src/relay/comment/put-section.ts';
import { aRequest } from '../support/requests.ts';
import { aSection } from './support/comment-writer.ts';

/** Workspace -> how often it has put its section. */
type Told = Readonly<Record<string, number>>;

interface Relay {
  now: number;
  comment: CombinedComment | null;
  readonly heads: Map<string, SectionHead>;
  sections: Told;
}

interface Writer {
  readonly name: string;
  /** Sections that it will put, one after the other. */
  rounds: number;
  next: 'put' | 'lock' | 'write' | 'doubt' | 'release' | 'done' | 'dead';
  revision: number;
  lock: string;
  heldRevision: number;
  heldAt: number;
  snapshot: Told;
}

/** What happens next: whose turn, after which time, and whether its call's answer is lost, or it dies. */
interface Turn {
  readonly writer: number;
  readonly afterMs: number;
  readonly trouble: 'none' | 'answer-lost' | 'death';
}

const run = (name: string): RunFacts => toRunFacts(aRequest({ workspace_name: name }));
const COMMENT = { id: 1, url: 'https://github.test/1' };

function createStory(count: number, rounds: number) {
  const relay: Relay = { now: 1_000_000, comment: null, heads: new Map(), sections: {} };
  const github: { told: Told; writes: number } = { told: {}, writes: 0 };
  let tokens = 0;
  const writers = Array.from({ length: count }, (_, n): Writer => {
    return { name: `w${n}`, rounds, next: 'put', revision: 0, lock: '', heldRevision: 0, heldAt: 0, snapshot: {} };
  });
  const isOver = ({ next }: Writer): boolean => next === 'done' || next === 'dead';
  const finish = (writer: Writer): void => {
    writer.rounds--;
    writer.next = writer.rounds > 0 ? 'put' : 'done';
  };

  const steps: Record<Exclude<Writer['next'], 'done' | 'dead'>, (writer: Writer, lost: boolean) => void> = {
    put(writer, lost) {
      const version = rounds - writer.rounds + 1;
      const kept = { comment: relay.comment, head: relay.heads.get(writer.name) ?? null, workspaces: relay.heads.size };
      const put = putSection(kept, run(writer.name), aSection({ large: String(version) }), relay.now);
      if (put.kind === 'kept') {
        relay.comment = put.comment;
        relay.heads.set(writer.name, put.section.head);
        relay.sections = { ...relay.sections, [writer.name]: version };
      }
      if (lost || put.kind === 'older' || put.kind === 'too-many') return;
      writer.revision = put.kind === 'kept' ? put.comment.revision : put.revision;
      writer.next = 'lock';
    },
    lock(writer, lost) {
      const hash = `lock-${++tokens}`;
      const took = takeLock(relay.comment!, { revision: writer.revision, hash, by: writer.name, random: 0 }, relay.now);
      if (took.kind !== 'written') relay.comment = took.comment;
      if (lost || took.kind === 'wait') return;
      if (took.kind === 'written') return finish(writer);
      Object.assign(writer, { lock: hash, heldRevision: took.lock.revision, snapshot: relay.sections, heldAt: relay.now, next: 'write' });
    },
    write(writer, lost) {
      if (lost) return void (writer.next = 'doubt');
      github.told = writer.snapshot;
      github.writes++;
      writer.next = 'release';
    },
    // GitHub has not answered: the change comes at any time until the lock has ended, or later, and then it is told of as late.
    doubt(writer) {
      if (relay.now - writer.heldAt < 20_000) return;
      steps.write(writer, false);
    },
    release(writer, lost) {
      const released = releaseLock(
        relay.comment!,
        { hash: writer.lock, written: { revision: writer.heldRevision, comment: COMMENT } },
        relay.now,
      );
      relay.comment = released.comment;
      if (lost) return;
      if (released.kind === 'done') finish(writer);
      else writer.next = 'lock';
    },
  };

  function take({ writer: index, afterMs, trouble }: Turn): void {
    relay.now += afterMs;
    const writer = writers[index % writers.length]!;
    if (writer.next === 'done' || writer.next === 'dead') return;
    // One that wrote and dies before it says so is the case that nobody can help: see docs/design/combined-comment.md.
    if (trouble === 'death' && writer.next !== 'release' && writer.next !== 'doubt') writer.next = 'dead';
    else steps[writer.next](writer, trouble === 'answer-lost');
  }

  return {
    github,
    writers,
    take,
    /** Everybody goes on without further trouble until all are done. @returns how many turns that took */
    settle(): number {
      let turns = 0;
      for (; !writers.every(isOver) && turns < 10_000; turns++) take({ writer: turns, afterMs: 100, trouble: 'none' });
      return turns;
    },
  };
}

const turn = fc.record<Turn>({
  writer: fc.nat(3),
  // Mostly none: whoever lost the lock and whoever took it over must meet before the second loses it too.
  afterMs: fc.constantFrom(0, 0, 0, 0, 0, 0, 500, 1000, 20_000),
  trouble: fc.oneof({ arbitrary: fc.constant('none' as const), weight: 10 }, fc.constantFrom('answer-lost' as const, 'death' as const)),
});

/** The second takes over from the first and writes; then the first writes and says so; then the second. Chance seldom comes upon it. */
const BOTH_LOSE: Turn[] = [[0], [0], [1], [1, 20_000], [1], [0], [0], [1]].map(([writer = 0, afterMs = 0]) => ({
  writer,
  afterMs,
  trouble: 'none',
}));

describe('writers of one combined comment', () => {
  it('whatever the order: the last write knew the sections of all who live', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 2 }),
        fc.array(turn, { maxLength: 120 }),
        (count, rounds, turns) => {
          const story = createStory(count, rounds);
          for (const one of turns) story.take(one);
          expect(story.settle()).toBeLessThan(10_000);
          const living = story.writers.filter(({ next }) => next === 'done').map(({ name }) => [name, rounds]);
          expect(story.github.told).toMatchObject(Object.fromEntries(living));
        },
      ),
      { numRuns: 2000, examples: [[2, 1, BOTH_LOSE]] },
    );
  });

  it('write less often than there are sections, when they come together', () => {
    const story = createStory(20, 1);
    for (let writer = 0; writer < 20; writer++) story.take({ writer, afterMs: 0, trouble: 'none' });
    story.settle();
    expect(Object.keys(story.github.told)).toHaveLength(20);
    expect(story.github.writes).toBe(1);
  });
});
