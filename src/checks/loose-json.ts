// Looks into JSON whose shape nobody guarantees: what is not of the asked kind is null. Pure.

export type Dict = { readonly [key: string]: unknown };

export const objectOf = (value: unknown): Dict | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : null;

export const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** A whole number that counts something; tools write some of them as texts. */
export const countOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
};
