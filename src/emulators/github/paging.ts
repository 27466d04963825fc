// Lists in pages with a Link header, as GitHub pages them. No I/O.
import { type Answer, json } from './answers.ts';
import type { RepositoryCall } from './router.ts';

/**
 * @param path  behind the repository: links name it by id, as GitHub's do
 * @param wrap  where the list stands inside an object with a count
 */
export function page<T>(call: RepositoryCall, path: string, items: readonly T[], wrap: (pageItems: readonly T[]) => unknown): Answer {
  const query = call.request.query;
  const perPage = Math.min(100, Math.max(1, Number(query.get('per_page') ?? 30) || 30));
  const current = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (number: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set('page', String(number));
    return `<${call.world.url}/api/v3/repositories/${call.repository.id}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, 'prev')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
    ...(current > 1 ? [link(1, 'first')] : []),
  ];
  const shown = items.slice((current - 1) * perPage, current * perPage);
  return json(200, wrap(shown), links.length === 0 ? undefined : { link: links.join(', ') });
}
