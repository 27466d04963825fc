// One signed POST to a run task's URL. One try; who repeats it is the caller's business.
import type { Clock } from '../../base/clock.ts';
import { sign } from './signature.ts';
import type { SentRequest } from './types.ts';

export interface Letter {
  readonly kind: SentRequest['kind'];
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly hmacKey: string | null;
  /** 1-based */
  readonly attempt: number;
  readonly taskResultId: string | null;
  readonly mutateSignature?: ((signature: string) => string) | undefined;
  /** The 2021 form carried its signature under another name as well. */
  readonly beta?: boolean;
}

export interface PostDeps {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Aborts when the emulator is reset or closed. */
  readonly ended: AbortSignal;
  readonly onSent: (request: SentRequest) => void;
}

/** @returns what came back; network trouble is `error`, never thrown */
export async function post(letter: Letter, deps: PostDeps): Promise<SentRequest> {
  const plain = sign(letter.bytes, letter.hmacKey);
  const signature = letter.mutateSignature === undefined ? plain : letter.mutateSignature(plain);
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'TFC/1.0 (+https://app.terraform.io; TFC)',
    'X-TFC-Task-Signature': signature,
    ...(letter.beta ? { 'X-Tfc-Event-Hook-Signature': signature } : {}),
  };
  const at = deps.clock.now();
  const sent: SentRequest = {
    at,
    kind: letter.kind,
    url: letter.url,
    headers,
    body: Buffer.from(letter.bytes).toString('utf8'),
    bytes: letter.bytes,
    attempt: letter.attempt,
    taskResultId: letter.taskResultId,
    status: null,
    error: null,
    responseBody: '',
    durationMs: 0,
  };
  const { ended } = deps;
  const limit = new AbortController();
  const cancelLimit = deps.clock.after(deps.timeoutMs, () => limit.abort(new Error(`no answer within ${deps.timeoutMs} ms`)));
  try {
    const response = await deps.fetch(letter.url, {
      method: 'POST',
      headers,
      body: Buffer.from(letter.bytes),
      // A redirect is not a 200, and HCP is not known to follow one.
      redirect: 'manual',
      signal: AbortSignal.any([limit.signal, ended]),
    });
    sent.status = response.status;
    sent.responseBody = (await response.text()).slice(0, 4096);
  } catch (thrown) {
    sent.status = null;
    sent.error = describe(thrown);
  } finally {
    cancelLimit();
    sent.durationMs = deps.clock.now() - at;
  }
  // What ends after a reset belongs to the world before it.
  if (!ended.aborted) deps.onSent(sent);
  return sent;
}

/** undici says "fetch failed" and keeps the reason in `cause`. By shape, not instanceof: an error may come from another realm. */
function describe(thrown: unknown): string {
  const { cause, message, code } = thrown as { cause?: unknown; message?: unknown; code?: unknown };
  if (typeof cause === 'object' && cause !== null) return describe(cause);
  // An AggregateError of refused connections has a code and no text.
  if (typeof message === 'string' && message !== '') return message;
  return String(code ?? thrown);
}
