// Everything of a list that HCP gives in pages: a hundred at a time, all pages after the first at once. What is made or deleted meanwhile
// shifts the pages: one object comes twice, or one never, and what is missing would look as if it were gone. Then the list is read again.
import * as z from 'zod';
import type { Ask, Transport } from './transport.ts';

/** The most that HCP gives (HashiCorp, "API docs: pagination", read 2026-11); 20 unless told. */
const PAGE_SIZE = 100;

const pagination = z.object({ 'total-pages': z.number(), 'total-count': z.number().optional().catch(undefined) });
/** HashiCorp's OpenAPI has it one level higher for projects. */
const metaSchema = z
  .union([z.object({ pagination }).transform((meta) => meta.pagination), pagination])
  .optional()
  .catch(undefined);

/** So often a list that changed under our eyes is read; then it is taken as it came. */
const READINGS = 3;

export interface Listed<T> {
  readonly items: readonly T[];
  readonly included: readonly unknown[];
}

export type Lister = <S extends z.ZodType>(
  ask: Pick<Ask, 'path' | 'query' | 'subject'>,
  item: S,
  onPage?: (done: number, total: number | null) => void,
) => Promise<Listed<z.output<S>>>;

export const createLister =
  ({ send }: Transport): Lister =>
  async (ask, item, onPage = () => undefined) => {
    const schema = z.object({ data: z.array(item), included: z.array(z.unknown()).optional().default([]), meta: metaSchema });
    let done = 0;
    let total: number | null = null;
    const page = async (number: number) => {
      const query = { ...ask.query, 'page[number]': String(number), 'page[size]': String(PAGE_SIZE) };
      const got = await send({ method: 'GET', path: ask.path, query, subject: ask.subject }, schema);
      total = got.meta?.['total-pages'] ?? null;
      onPage(++done, total);
      return got;
    };
    const readAll = async (): Promise<Awaited<ReturnType<typeof page>>[]> => {
      done = 0;
      const pages = [await page(1)];
      const count = pages[0]?.meta?.['total-pages'];
      if (count !== undefined) pages.push(...(await Promise.all(Array.from({ length: Math.max(count - 1, 0) }, (_, i) => page(i + 2)))));
      // A list that does not say how long it is goes on until a page is not full.
      else while (pages.at(-1)?.data.length === PAGE_SIZE) pages.push(await page(pages.length + 1));
      return pages;
    };
    let pages = await readAll();
    for (let reading = 1; reading < READINGS && isShifted(pages); reading++) pages = await readAll();
    return { items: pages.flatMap(({ data }) => data), included: pages.flatMap(({ included }) => included) };
  };

/** Do the pages disagree on how much there is, or does one repeat what another has? */
function isShifted(pages: readonly { readonly data: readonly unknown[]; readonly meta?: z.output<typeof metaSchema> }[]): boolean {
  if (pages.length < 2) return false;
  const totals = new Set(pages.map(({ meta }) => meta?.['total-count']));
  const ids = pages.flatMap(({ data }) => data.flatMap(idOf));
  return totals.size > 1 || new Set(ids).size < ids.length;
}

const idOf = (item: unknown): unknown[] => (typeof item === 'object' && item !== null && 'id' in item ? [item.id] : []);
