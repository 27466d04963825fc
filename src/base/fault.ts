// A fault of the world: network, disk, a counterpart that answers nonsense. Thrown, caught once per process.

export interface FaultOptions {
  /** May the same call succeed later? Decides retries; never guessed from the text. */
  readonly retryable: boolean;
  readonly cause?: unknown;
  /** HTTP status, where one was received. */
  readonly status?: number;
  /** What the counterpart asked us to wait, from Retry-After; milliseconds. */
  readonly retryAfterMs?: number;
}

/** Code decides by `code` and `retryable`; people read the message, which must hold no secret and say what to do next. */
export class Fault extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  /** @param code  stable, e.g. `E_HCP_UNREACHABLE`; listed where it is documented to users */
  constructor(code: string, message: string, options: FaultOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** `instanceof Error` misses errors of another realm: a worker's, a vm context's, undici's inside a test runner. */
export const isErrorLike = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';

/** The text of anything thrown, for a message. Still to be redacted by the caller's log. */
export const describeThrown = (thrown: unknown): string => (isErrorLike(thrown) ? thrown.message : String(thrown));

/** undici says "fetch failed" and hides the reason in `cause`: ECONNREFUSED, a certificate, a name that does not resolve. */
export function describeFetchFailure(thrown: unknown): string {
  const cause = isErrorLike(thrown) ? thrown.cause : undefined;
  // Several addresses of one host, each with its own error: the first tells enough.
  const errors = isErrorLike(cause) && 'errors' in cause && Array.isArray(cause.errors) ? (cause.errors as unknown[]) : [];
  return describeThrown(errors[0] ?? cause ?? thrown);
}
