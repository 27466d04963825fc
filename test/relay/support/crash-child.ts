// A relay in a process of its own that kills itself, with SIGKILL, after a given durable step or a given answer from outside. Run by
// crash.test.ts; prints "ready" when it listens and, at its end, how many such points it has passed.
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { ResolvedRelayConfig } from '../../../src/relay/config/resolved.ts';
import { createRelay } from '../../../src/relay/index.ts';
import { createCipher } from '../../../src/relay/store/encrypt.ts';
import type { RelayStore } from '../../../src/relay/store/port.ts';
import { openSqliteStore } from '../../../src/relay/store/sqlite.ts';

export interface CrashOrder {
  readonly config: Omit<ResolvedRelayConfig, 'encryptionKey'>;
  readonly folder: string;
  readonly port: number;
  readonly adminPort: number;
  /** 1-based; 0: never. */
  readonly killAtCommit: number;
  readonly killAtAnswer: number;
  /** After so many changes to a combined comment, 1-based; 0: never. */
  readonly killAtComment: number;
  /** Nobody sleeps until a lock has ended. */
  readonly clockAheadMs: number;
}

if (process.argv[2] !== undefined) await run(JSON.parse(process.argv[2]) as CrashOrder);

async function run(order: CrashOrder): Promise<void> {
  const passed = { commits: 0, answers: 0 };
  const die = (): never => {
    process.kill(process.pid, 'SIGKILL');
    // The signal may need a moment; nothing more may happen meanwhile.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  };
  const committed = (): void => {
    if (++passed.commits === order.killAtCommit) die();
  };
  const encryptionKey = Buffer.alloc(32, 7);
  let comments = 0;
  const opened = openSqliteStore(order.folder, createCipher(encryptionKey));
  const store: RelayStore = {
    ...countCommits(opened, committed),
    comments: {
      ...opened.comments,
      change: async (...args) => {
        const changed = await opened.comments.change(...args);
        if (++comments === order.killAtComment) die();
        return changed;
      },
    },
  };
  const countingFetch: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    if (++passed.answers === order.killAtAnswer) die();
    return response;
  };
  const relay = createRelay({
    config: { ...order.config, encryptionKey },
    store,
    clock: { ...systemClock, now: () => Date.now() + order.clockAheadMs },
    fetch: countingFetch,
    random: (bytes) => randomBytes(bytes),
    log: silentLog,
  });
  await relay.admin.listen({ host: '127.0.0.1', port: order.adminPort });
  await relay.listen({ host: '127.0.0.1', port: order.port });
  await relay.start();
  console.log('ready');
  process.once('SIGTERM', () => {
    console.log(JSON.stringify(passed));
    process.exit(0);
  });
}

/** Counts what was written, after it is durable: a crash is between two of these. */
function countCommits(store: RelayStore, committed: () => void): RelayStore {
  return {
    ...store,
    put: async (task) => {
      const kept = await store.put(task);
      committed();
      return kept;
    },
    change: async (id, decide) => {
      let wrote = false;
      const changed = await store.change(id, (task) => {
        const change = decide(task);
        wrote = change.task !== undefined;
        return change;
      });
      if (wrote) committed();
      return changed;
    },
    take: async (...args) => {
      const batch = await store.take(...args);
      if (batch.taken.length > 0) committed();
      return batch;
    },
    release: async (...args) => {
      await store.release(...args);
      committed();
    },
  };
}
