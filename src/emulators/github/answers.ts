// What GitHub answers: a status, a JSON body, headers; and its error bodies, word for word where code is known to read them. No I/O.

export interface Answer {
  readonly status: number;
  /** undefined: no body at all (204). A string and bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const documentation_url = 'https://docs.github.com/rest';

export const json = (status: number, body: unknown, headers?: Record<string, string>): Answer =>
  headers === undefined ? { status, body } : { status, body, headers };

export const noContent: Answer = { status: 204 };

const problem = (status: number, message: string, more: Record<string, unknown> = {}): Answer => ({
  status,
  body: { message, ...more, documentation_url, status: String(status) },
});

export const badRequest = (message: string): Answer => problem(400, message);
export const badCredentials = problem(401, 'Bad credentials');
export const mustAuthenticate = problem(401, 'Must authenticate to access this API.');
export const unauthorized = (message: string): Answer => problem(401, message);
export const forbidden = (message: string, headers?: Record<string, string>): Answer => {
  const answer = problem(403, message);
  return headers === undefined ? answer : { ...answer, headers };
};
export const tooOften = (status: 403 | 429, message: string, headers: Readonly<Record<string, string>>): Answer => ({
  ...problem(status, message),
  headers,
});
/** docs.github.com, "Best practices for using the REST API", "Follow redirects", read 2026-11-22. */
export const movedTo = (method: string, url: string): Answer => {
  const body = { message: 'Moved Permanently', url, documentation_url };
  return json(method === 'GET' || method === 'HEAD' ? 301 : 307, body, { location: url });
};
/** GitHub hides what a token may not know of; a sentence only where it tells one. */
export const missing = (message: string): Answer => problem(404, message);
export const notFound = missing('Not Found');
export const methodNotAllowed = (message: string): Answer => problem(405, message);
export const conflict = (message: string): Answer => problem(409, message);

/** The body's JSON is not what GitHub's schema asks: `Invalid request.` and a line for each problem. */
export const invalidRequest = (problems: readonly string[]): Answer => problem(422, `Invalid request.\n\n${problems.join('\n')}`);

/** One field of a body that GitHub will not do without. */
export const notSupplied = (field: string): Answer => unprocessable(`Invalid request.\n\n"${field}" wasn't supplied.`);

export const unprocessable = (message: string): Answer => problem(422, message);

export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'custom' | 'unprocessable' | 'missing_field' | 'invalid' | 'already_exists';
  readonly message?: string;
}

/** `Validation Failed` with one entry for each field. */
export const validationFailed = (errors: readonly FieldError[]): Answer => problem(422, 'Validation Failed', { errors });
