// Lists in pages with a Link header, as GitHub pages them. No I/O.
import { type Answer, json } from './answers.ts';
import type { RepositoryCall } from './router.ts';

/**
 * @param path  behind the repository: links name it by id, as GitHub's do
 * @param wrap  where the list stands inside an object with a count
 * @param sizes  of a page: when nothing is asked for, and at most
 */
export function page<T>(
  call: RepositoryCall,
  path: string,
  items: readonly T[],
  wrap: (pageItems: readonly T[]) => unknown,
  sizes = { perPage: 30, maxPerPage: 100 },
): Answer {
  const query = call.request.query;
  const perPage = Math.min(sizes.maxPerPage, Math.max(1, Number(query.get('per_page') ?? sizes.perPage) || sizes.perPage));
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
