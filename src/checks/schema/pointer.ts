// JSON pointers (RFC 6901), as ajv writes places. Pure.

export const readPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

export const extendPointer = (pointer: string, part: string | number): string =>
  `${pointer}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The place around this one; of the whole, itself. */
export const outerOf = (place: string): string => place.slice(0, Math.max(place.lastIndexOf('/'), 0));
