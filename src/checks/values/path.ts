// Paths into planned values, as a checks file writes them: `versioning[0].enabled`, `ingress[*].cidr_blocks`, `tags["a:b"]`. Pure.

/** `[*]`: each item. */
export const EACH = Symbol('[*]');
export type Step = string | number | typeof EACH;

/** Where a value was found: keys and indexes. */
export type Trail = readonly (string | number)[];

const TOKEN = /\["([^"]+)"\]|\[(\d+)\]|\[\*\]|([A-Za-z_][\w-]*)/g;

/** @param text  in the form that contracts/check-kinds.ts asks for */
export const readPath = (text: string): Step[] =>
  [...text.matchAll(TOKEN)].map(([, quoted, index, name]) => quoted ?? name ?? (index === undefined ? EACH : Number(index)));

export const formatTrail = (trail: Trail): string =>
  trail
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return i === 0 ? part : `.${part}`;
    })
    .join('');

/** The attribute or block of the resource that a path begins at. */
export const attributeOf = (steps: readonly Step[]): string => (typeof steps[0] === 'string' ? steps[0] : '');
