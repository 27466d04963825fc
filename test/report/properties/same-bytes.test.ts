// The same plan gives the same bytes, however often it is rendered and in whichever order its document names things.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json.ts';
import { hostile } from '../gfm.ts';
import { planFrom } from '../models.ts';
import { planDocuments } from './documents.ts';
import { frames, toModel } from './reports.ts';
import { runs, TIMEOUT_MS } from './runs.ts';
import { allViews } from './views.ts';

/** The same document, with the keys of every map in another order. */
function reordered(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(reordered).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).reverse();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${reordered((value as { readonly [key: string]: Json })[key] ?? null)}`).join(',')}}`;
}

describe('the views of a report', () => {
  it(
    'are the same for the same plan, whatever the order of keys in its document',
    async () => {
      const documents = planDocuments({ text: hostile, name: hostile, secret: hostile });
      const reports = frames({ text: hostile, said: hostile, url: hostile });
      await fc.assert(
        fc.asyncProperty(documents, reports, async (document, frame) => {
          const views = allViews(toModel(await planFrom(JSON.stringify(document)), frame));
          const again = allViews(toModel(await planFrom(JSON.stringify(document)), frame));
          const other = allViews(toModel(await planFrom(reordered(document)), frame));
          expect(Object.keys(views).filter((view) => again[view] !== views[view])).toEqual([]);
          expect(Object.keys(views).filter((view) => other[view] !== views[view])).toEqual([]);
        }),
        runs(60),
      );
    },
    TIMEOUT_MS,
  );
});
