// How a resource says what it is made of, and the types that its author gets for it. Types only need to be written once: here.
//
//   const schema = {
//     organization: required(string, { description: '…', replace: true }),
//     stages: withDefault(set(string), ['post_plan'], { description: '…' }),
//     id: computed(string, { description: '…', stable: true }),
//   };
//
// Source of the words: HashiCorp, "Terraform plugin framework: schemas" (read 2026-11-22).
import type { AttributePath, Problem } from './problem.ts';
import type { Unknown, Value } from './values.ts';

// ---- types of values ------------------------------------------------------------------------------------------------------------

export interface StringType {
  readonly kind: 'string';
}
export interface NumberType {
  readonly kind: 'number';
}
export interface BoolType {
  readonly kind: 'bool';
}
export interface CollectionType<K extends 'list' | 'set' | 'map', E extends AttributeType> {
  readonly kind: K;
  readonly element: E;
}
/** Nested attributes, each with its own flags. Alone, or as the element of a list, set or map. */
export interface ObjectType<S extends Schema> {
  readonly kind: 'object';
  readonly attributes: S;
}
export type AttributeType =
  | StringType
  | NumberType
  | BoolType
  | { readonly kind: 'list' | 'set' | 'map'; readonly element: AttributeType }
  | { readonly kind: 'object'; readonly attributes: Schema };

export const string: StringType = { kind: 'string' };
export const number: NumberType = { kind: 'number' };
export const bool: BoolType = { kind: 'bool' };
export const list = <E extends AttributeType>(element: E): CollectionType<'list', E> => ({ kind: 'list', element });
/** Order and repetition do not count. */
export const set = <E extends AttributeType>(element: E): CollectionType<'set', E> => ({ kind: 'set', element });
export const map = <E extends AttributeType>(element: E): CollectionType<'map', E> => ({ kind: 'map', element });
export const object = <S extends Schema>(attributes: S): ObjectType<S> => ({ kind: 'object', attributes });

// ---- attributes -----------------------------------------------------------------------------------------------------------------

/**
 * - `required`: the configuration must say it.
 * - `optional`: null when the configuration does not say it.
 * - `default`: the default when the configuration does not say it.
 * - `computed`: the API says it, the configuration cannot.
 * - `optional-computed`: the configuration may say it, otherwise the API does.
 */
export type Presence = 'required' | 'optional' | 'default' | 'computed' | 'optional-computed';

export interface AttributeOptions {
  /** For the reference page and for `terraform providers schema`. */
  readonly description: string;
  /** Never shown: `(sensitive value)`. */
  readonly sensitive?: true;
  /**
   * Never kept and never read back: null in every plan and state, there only in the configuration that create and update get. Goes with
   * a version attribute whose change sends it again. Implies sensitive.
   */
  readonly writeOnly?: true;
  /** A change of it is a new object: delete, then create. */
  readonly replace?: true;
  /** Computed once: keeps its value when other attributes change. Without it a computed value is unknown in every update. */
  readonly stable?: true;
  /** The API does not tell it: the driver remembers it (state file, or the record of the YAML driver). */
  readonly remembered?: true;
  /** What to write instead; a warning when the configuration sets it. */
  readonly deprecated?: string;
  /** Called with known, non-null values only. @returns what is wrong, relative to the attribute */
  readonly validate?: (value: never) => readonly (Pick<Problem, 'summary' | 'detail'> & { readonly path?: AttributePath })[];
}

export interface Attribute<T extends AttributeType = AttributeType, P extends Presence = Presence> extends AttributeOptions {
  readonly type: T;
  readonly presence: P;
  /** Only with presence `default`. */
  readonly default?: Value;
}

export interface Schema {
  readonly [name: string]: Attribute;
}

export const required = <T extends AttributeType>(type: T, options: AttributeOptions): Attribute<T, 'required'> => ({
  ...options,
  type,
  presence: 'required',
});
export const optional = <T extends AttributeType>(type: T, options: AttributeOptions): Attribute<T, 'optional'> => ({
  ...options,
  type,
  presence: 'optional',
});
export const withDefault = <T extends AttributeType>(
  type: T,
  value: ValueOf<T> & Value,
  options: AttributeOptions,
): Attribute<T, 'default'> => ({ ...options, type, presence: 'default', default: value });
export const computed = <T extends AttributeType>(type: T, options: AttributeOptions): Attribute<T, 'computed'> => ({
  ...options,
  type,
  presence: 'computed',
});
export const optionalComputed = <T extends AttributeType>(type: T, options: AttributeOptions): Attribute<T, 'optional-computed'> => ({
  ...options,
  type,
  presence: 'optional-computed',
});

// ---- what authors get -----------------------------------------------------------------------------------------------------------

/** A known, non-null value in plain JavaScript. Numbers are JavaScript's: what one cannot hold is refused before an author sees it. */
export type ValueOf<T extends AttributeType> = T extends StringType
  ? string
  : T extends NumberType
    ? number
    : T extends BoolType
      ? boolean
      : T extends { readonly kind: 'list' | 'set'; readonly element: infer E extends AttributeType }
        ? readonly ValueOf<E>[]
        : T extends { readonly kind: 'map'; readonly element: infer E extends AttributeType }
          ? Readonly<Record<string, ValueOf<E>>>
          : T extends { readonly kind: 'object'; readonly attributes: infer S extends Schema }
            ? StateOf<S>
            : never;

type Has<P extends Presence, Yes, No, A extends Attribute> = A['presence'] extends P ? Yes : No;

/** The configuration as it is at apply time: everything known. Write-only values are here and nowhere else. */
export type ConfigOf<S extends Schema> = {
  readonly [K in keyof S]: Has<'required' | 'default', ValueOf<S[K]['type']>, ValueOf<S[K]['type']> | null, S[K]>;
};

/** The configuration as it is when it is validated: a value may come from an object that is not there yet. */
export type UnfinishedConfigOf<S extends Schema> = { readonly [K in keyof S]: ConfigOf<S>[K] | Unknown };

/** What create and update are to make. undefined: unknown, the API says it. */
export type PlannedOf<S extends Schema> = {
  readonly [K in keyof S]: Has<
    'required' | 'default',
    ValueOf<S[K]['type']>,
    Has<'optional', ValueOf<S[K]['type']> | null, ValueOf<S[K]['type']> | null | undefined, S[K]>,
    S[K]
  >;
};

/** As PlannedOf, when the configuration is not wholly known yet: undefined is anything that only a later plan can tell. */
export type UnfinishedPlanOf<S extends Schema> = { readonly [K in keyof S]: PlannedOf<S>[K] | undefined };

/** An object as it is. */
export type StateOf<S extends Schema> = {
  readonly [K in keyof S]: Has<'required' | 'default', ValueOf<S[K]['type']>, ValueOf<S[K]['type']> | null, S[K]>;
};

/** What an author returns: undefined or absent where the API does not tell; then what was planned, or remembered, stands. */
export type ReturnedOf<S extends Schema> = { readonly [K in keyof S]?: ValueOf<S[K]['type']> | null | undefined };
