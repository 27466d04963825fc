// JSON:API as HCP Terraform speaks it: documents, errors, pages. No routes, no state.
import type * as z from 'zod';
import type { Answer, Incoming } from './server.ts';

export const MEDIA_TYPE = 'application/vnd.api+json';

export interface ApiErrorObject {
  /** As text, as JSON:API has it. */
  readonly status: string;
  readonly title: string;
  readonly detail?: string;
  readonly source?: { readonly pointer: string };
}

/** What createRunTask and its like throw: the answer that the API would have given. */
export class HcpApiError extends Error {
  readonly status: number;
  readonly errors: readonly ApiErrorObject[];

  constructor(status: number, errors: readonly ApiErrorObject[]) {
    super(`HCP Terraform emulator: ${status} ${errors.map((e) => [e.title, e.detail].filter(Boolean).join(': ')).join('; ')}`);
    this.name = 'HcpApiError';
    this.status = status;
    this.errors = errors;
  }
}

export const invalid = (detail: string, pointer?: string): HcpApiError =>
  new HcpApiError(422, [{ status: '422', title: 'invalid attribute', detail, ...(pointer === undefined ? {} : { source: { pointer } }) }]);

/** Also what somebody without permission gets (HashiCorp, "API docs", 2025: unauthorized and not entitled both answer 404). */
export const notFound = (): HcpApiError => new HcpApiError(404, [{ status: '404', title: 'not found' }]);

export const unauthorized = (): HcpApiError => new HcpApiError(401, [{ status: '401', title: 'unauthorized' }]);

export const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': `${MEDIA_TYPE}; charset=utf-8` },
  body: JSON.stringify(body),
});

export const errorAnswer = (error: HcpApiError): Answer => json(error.status, { errors: error.errors });

/**
 * Page 1 of 20 unless told, 100 at most.
 * @param included  what is sent along with the page's items; undefined: nothing was asked for
 */
export function pageOf<T>(
  items: readonly T[],
  request: Incoming,
  toResource: (item: T) => unknown,
  included: (page: readonly T[]) => readonly unknown[] | undefined = () => undefined,
): Answer {
  const { searchParams } = request.url;
  const size = Math.min(positive(searchParams.get('page[size]'), 20), 100);
  const number = positive(searchParams.get('page[number]'), 1);
  const total = Math.max(Math.ceil(items.length / size), 1);
  const link = (page: number): string => {
    const url = new URL(request.url);
    url.searchParams.set('page[number]', String(page));
    url.searchParams.set('page[size]', String(size));
    return url.href;
  };
  const prev = number > 1 ? number - 1 : null;
  const next = number < total ? number + 1 : null;
  const page = items.slice((number - 1) * size, number * size);
  const also = included(page);
  return json(200, {
    data: page.map((item) => toResource(item)),
    ...(also === undefined ? {} : { included: also }),
    links: {
      self: link(number),
      first: link(1),
      prev: prev === null ? null : link(prev),
      next: next === null ? null : link(next),
      last: link(total),
    },
    meta: {
      pagination: {
        'current-page': number,
        'page-size': size,
        'prev-page': prev,
        'next-page': next,
        'total-pages': total,
        'total-count': items.length,
      },
    },
  });
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : otherwise;
}

/** @throws {HcpApiError} 415 or 400 */
export function readJson(request: Incoming): unknown {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== MEDIA_TYPE)
    throw new HcpApiError(415, [{ status: '415', title: 'unsupported media type', detail: `Send ${MEDIA_TYPE}. Found: "${type}"` }]);
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (thrown) {
    throw new HcpApiError(400, [{ status: '400', title: 'JSON body is invalid', detail: String(thrown) }]);
  }
}

/** @throws {HcpApiError} 415, 400, or 422 with everything that is wrong */
export function readBody<T extends z.ZodType>(schema: T, request: Incoming): z.output<T> {
  return validate(schema, readJson(request));
}

/** @throws {HcpApiError} 422 with everything that is wrong */
export function validate<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw invalid(issues.map((issue) => `/${issue.path.join('/')} ${issue.message}`).join('; '), `/${issues[0]?.path.join('/') ?? ''}`);
}
