// A section as JSON: what is nothing is not written, for of 2,500 bytes it would take half.

/** What data.ts has a default for. That a body is empty says that there is none; one that is absent was left out. */
export const sectionJson = (value: object | string): string => JSON.stringify(value, withoutNothing);

function withoutNothing(this: unknown, key: string, value: unknown): unknown {
  // What is asked for itself, without a key, is told even when it is nothing: an output that does not change has no lines.
  return key === '' || Array.isArray(this) || key === 'body' || !isNothing(value) ? value : undefined;
}

function isNothing(value: unknown): boolean {
  if (value === null || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return (
    typeof value === 'object' &&
    Object.values(value).every((one) => one === 0 || (Array.isArray(one) && one.length === 0)) &&
    'items' in value
  );
}
