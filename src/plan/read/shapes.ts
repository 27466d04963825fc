// Shapes of a document that stand in more than one place. No I/O.
import type { Shape } from './json-splitter.ts';

/** Checked and let go. Opened so many levels deep: a section that we do not know may be as large as the plan. */
export const dropped = (levels: number): Shape => ({
  whole: () => undefined,
  ...(levels > 0 && {
    list: () => () => dropped(levels - 1),
    map: () => () => dropped(levels - 1),
  }),
});

export const UNKNOWN_LEVELS = 4;

/** A map with these keys; what stands at others is let go, and so is what is no map. */
export function tableOf(shapes: { readonly [key: string]: Shape }): Shape {
  const known = new Map(Object.entries(shapes));
  const other = dropped(UNKNOWN_LEVELS);
  return { whole: () => undefined, map: () => (key) => known.get(key) ?? other };
}
