// Any JSON value, as a type.

/** Any JSON value: what providers put into attributes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
