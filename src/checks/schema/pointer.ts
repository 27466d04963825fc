// JSON pointers (RFC 6901), as ajv writes places. Pure.

export const readPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

export const extendPointer = (pointer: string, part: string | number): string =>
  `${pointer}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Is `place` this one or inside of it? */
export const isWithin = (place: string, outer: string): boolean => place === outer || place.startsWith(`${outer}/`);
