// A fetch with which exactly one call goes wrong. Keeps the methods of all.

/**
 * - `refused`: the connection does not come about; nothing happened there.
 * - `answer lost`: it was done there, and nobody hears of it.
 * - `broken`: 500 before anything was done.
 */
export type Failure = 'refused' | 'answer lost' | 'broken';

export interface JumpyFetch {
  readonly fetch: typeof fetch;
  /** Of all calls, in order. */
  methods(): readonly string[];
  /** The call that failed. */
  failed(): string;
}

/** @param failing  1-based */
export function jumpyFetch(failing: number, failure: Failure): JumpyFetch {
  const methods: string[] = [];
  let failed = 'none';
  return {
    methods: () => methods,
    failed: () => failed,
    fetch: async (input, init) => {
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      if (methods.push(method) !== failing) return fetch(input, init);
      failed = `${method} ${new URL(input instanceof Request ? input.url : input).pathname}`;
      if (failure === 'broken') return new Response('{"message":"Server Error"}', { status: 500 });
      if (failure === 'answer lost') await (await fetch(input, init)).arrayBuffer();
      throw new TypeError('fetch failed', { cause: new Error(failure === 'refused' ? 'connect ECONNREFUSED' : 'read ECONNRESET') });
    },
  };
}
