// One repository, and how it is asked: what was read is remembered, reads are repeated when GitHub stumbles, a rate limit is waited
// for, writes go one after another. Whether a write whose answer was lost has happened is for the callers: only they know what to look at.
//
// Own code on purpose: @octokit/plugin-retry repeats POSTs, and it and plugin-throttling wait on timers that no test can move and no
// Ctrl-C ends.
import type { Clock } from '../../base/clock.ts';
import { createClient } from '../client.ts';
import { isHttpError } from '../octokit-fault.ts';
import { toRefusal } from '../refusal.ts';
import { SettingsFault, toSettingsFault, type Need } from './fault.ts';
import { fetchFromApi } from './fetch-from-api.ts';

/** Who waits for the answer. A resource's context is one. */
export interface Caller {
  /** Ends waiting and reading. A write that is on its way is finished. */
  readonly signal: AbortSignal;
  progress?(text: string): void;
}

export interface SettingsOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** How long one request may take. */
  readonly requestTimeoutMs?: number;
}

type Rest = ReturnType<typeof createClient>['rest'];
type Call<T> = (rest: Rest, request: { readonly signal: AbortSignal }) => Promise<T>;

export interface Link {
  readonly owner: string;
  readonly repo: string;
  /** `owner/repo` */
  readonly name: string;
  /** Reads once for all callers; a read that failed is forgotten. */
  remember<T>(key: string, read: () => Promise<T>): Promise<T>;
  put(key: string, value: unknown): void;
  forget(key: string): void;
  /** @throws SettingsFault, or the signal's reason */
  read<T>(need: Need, doing: string, call: Call<T>): Promise<T>;
  /** Never repeated but when GitHub says that it did nothing. @throws SettingsFault, or the signal's reason */
  write<T>(need: Need, doing: string, call: Call<T>): Promise<T>;
  /**
   * A write that may be repeated, because it names what it replaces or makes a thing that can be there only once.
   * @param happened  looks, after an answer was lost, whether it has; null: it has not
   */
  writeSurely<T>(write: () => Promise<T>, happened: () => Promise<T | null>): Promise<T>;
}

const REQUEST_TIMEOUT_MS = 60_000;
const TRIES = 3;
/** For GETs and looks: a short outage of GitHub is over after seconds, and a person waits. */
const pauseMs = (attempt: number): number => 1000 * 2 ** (attempt - 1);
/** An hourly limit is waited for by the person, not by us. */
const MAX_LIMIT_WAIT_MS = 5 * 60_000;
/** "If you are making a large number of writes, wait at least one second between each" (best practices, read 2026-11-22). */
const WRITES_WITHOUT_PAUSE = 30;

export function createLinks(options: SettingsOptions): (repository: string, caller: Caller) => Link {
  const { clock } = options;
  const client = createClient(options.apiUrl, options.token, {
    fetch: fetchFromApi(options.fetch),
    now: clock.now,
    userAgent: 'runtask-config',
  });
  const memories = new Map<string, Map<string, Promise<unknown>>>();
  const queues = new Map<string, Promise<unknown>>();
  let writes = 0;

  async function request<T>(signal: AbortSignal | null, call: Call<T>): Promise<T> {
    const tooLong = new AbortController();
    const cancel = clock.after(options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS, () => tooLong.abort(new Error('no answer in time')));
    try {
      return await call(client.rest, { signal: signal === null ? tooLong.signal : AbortSignal.any([signal, tooLong.signal]) });
    } finally {
      cancel();
    }
  }

  return (repository, caller) => {
    const [owner = '', repo = ''] = repository.split('/');
    // GitHub does not tell apart what differs in case only.
    const id = repository.toLowerCase();
    const memory = memories.get(id) ?? new Map<string, Promise<unknown>>();
    memories.set(id, memory);

    const read: Link['read'] = async (need, doing, call) => {
      for (let attempt = 1, waits = 0; ;) {
        caller.signal.throwIfAborted();
        try {
          return await request(caller.signal, call);
        } catch (thrown) {
          caller.signal.throwIfAborted();
          const fault = describe(thrown, need, doing);
          if (fault.reason === 'rate-limit' && waits++ < TRIES) await waitForLimit(thrown, fault);
          else if (fault.reason === 'unavailable' && attempt < TRIES) await clock.sleep(pauseMs(attempt++), caller.signal);
          else throw fault;
        }
      }
    };

    const write: Link['write'] = (need, doing, call) =>
      inTurn(async () => {
        for (let waits = 0; ;) {
          if (++writes > WRITES_WITHOUT_PAUSE) await clock.sleep(1000, caller.signal);
          caller.signal.throwIfAborted();
          try {
            return await request(null, call);
          } catch (thrown) {
            const fault = describe(thrown, need, doing);
            if (fault.reason !== 'rate-limit' || waits++ >= TRIES) throw fault;
            await waitForLimit(thrown, fault);
          }
        }
      });

    /** The contents API must not be called twice at a time ("Create or update file contents", read 2026-11-22). */
    function inTurn<T>(run: () => Promise<T>): Promise<T> {
      const mine = (queues.get(id) ?? Promise.resolve()).then(run, run);
      queues.set(id, mine);
      return mine;
    }

    function describe(thrown: unknown, need: Need, doing: string): SettingsFault {
      const http = isHttpError(thrown) && thrown.response !== undefined ? thrown : null;
      const header = (name: string): string | null => {
        const value = http?.response?.headers[name];
        return typeof value === 'string' ? value : null;
      };
      return toSettingsFault(toRefusal(thrown, clock.now()), {
        need,
        doing,
        repository,
        status: http?.status ?? 0,
        // Octokit's message goes on with the address of a page; GitHub's own is in front of it.
        message: http?.message.replace(/ - https?:\/\/\S+$/, '') ?? '',
        accepted: header('x-accepted-github-permissions'),
        scopes: header('x-oauth-scopes'),
        thrown,
      });
    }

    async function waitForLimit(thrown: unknown, fault: SettingsFault): Promise<void> {
      const refusal = toRefusal(thrown, clock.now());
      const ms = refusal.reason === 'rate-limited' ? refusal.retryAfterMs : 0;
      if (ms > MAX_LIMIT_WAIT_MS) throw fault;
      caller.progress?.(`GitHub's rate limit: waiting ${Math.ceil(ms / 1000)} s`);
      await clock.sleep(ms, caller.signal);
    }

    function remember<T>(key: string, readIt: () => Promise<T>): Promise<T> {
      const known = memory.get(key) as Promise<T> | undefined;
      if (known !== undefined) {
        return known.catch((thrown: unknown) => {
          if (thrown instanceof SettingsFault || caller.signal.aborted) throw thrown;
          // Whoever began it was stopped or ran out of time: this caller was not.
          return remember(key, readIt);
        });
      }
      const reading = readIt();
      memory.set(key, reading);
      reading.catch(() => {
        if (memory.get(key) === reading) memory.delete(key);
      });
      return reading;
    }

    return {
      owner,
      repo,
      name: repository,
      remember,
      put: (key, value) => void memory.set(key, Promise.resolve(value)),
      forget: (key) => void memory.delete(key),
      read,
      write,
      async writeSurely(writeIt, happened) {
        for (let attempt = 1; ; attempt++) {
          try {
            return await writeIt();
          } catch (thrown) {
            const inDoubt = isInDoubt(thrown);
            if (!inDoubt && attempt === 1) throw thrown;
            const made = await happened();
            if (made !== null) return made;
            if (!inDoubt || attempt === TRIES) throw thrown;
            await clock.sleep(pauseMs(attempt), caller.signal);
          }
        }
      },
    };
  };
}

/** It may have happened. */
export const isInDoubt = (thrown: unknown): boolean => thrown instanceof SettingsFault && thrown.reason === 'unavailable';
export const isRefusedWith = (thrown: unknown, ...reasons: readonly SettingsFault['reason'][]): thrown is SettingsFault =>
  thrown instanceof SettingsFault && reasons.includes(thrown.reason);
