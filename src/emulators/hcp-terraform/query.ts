// Query parameters, read strictly: a filter that is misspelled would quietly give everything. HCP ignores what it does not know, but for
// `include`, where JSON:API asks for 400. No routes.
import { HcpApiError } from './json-api.ts';
import type { Incoming } from './server.ts';

const refused = (parameter: string, detail: string): HcpApiError =>
  new HcpApiError(400, [{ status: '400', title: 'invalid query parameter', detail: `${parameter}: ${detail}` }]);

/** @throws {HcpApiError} 400 for a parameter that this route does not have; pages are everywhere */
export function onlyQuery(request: Incoming, names: readonly (string | RegExp)[]): URLSearchParams {
  const { searchParams } = request.url;
  for (const name of searchParams.keys()) {
    if (name === 'page[number]' || name === 'page[size]') continue;
    if (!names.some((known) => (typeof known === 'string' ? known === name : known.test(name))))
      throw refused(name, 'not a parameter of this route');
  }
  return searchParams;
}

/** @throws {HcpApiError} 400 for something that cannot be included */
export function readInclude(query: URLSearchParams, known: readonly string[]): ReadonlySet<string> {
  const wanted = (query.get('include') ?? '').split(',').filter((name) => name !== '');
  for (const name of wanted) if (!known.includes(name)) throw refused('include', `"${name}" is not one of ${known.join(', ')}`);
  return new Set(wanted);
}

/** true and false, nothing else. Absent: false. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text !== 'true' && text !== 'false') throw refused(name, 'must be true or false');
  return text === 'true';
}
