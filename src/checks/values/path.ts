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

/** @param rest  steps that lead on from there */
export const formatTrail = (trail: Trail, rest: readonly Step[] = []): string => [...trail, ...rest].map(formatStep).join('');

function formatStep(step: Step, index: number): string {
  if (step === EACH) return '[*]';
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
  return index === 0 ? step : `.${step}`;
}

/** The attribute or block of the resource that a path begins at. */
export const attributeOf = (steps: readonly Step[]): string => (typeof steps[0] === 'string' ? steps[0] : '');
