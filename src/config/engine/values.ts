// The values that the engine works with: Terraform's, without Terraform. A value is known, null or unknown; a set is a list whose order
// does not count; numbers are exact. Pure.
//
// Source: HashiCorp, "Terraform plugin protocol: object wire format" and "resource instance change lifecycle" (read 2026-11-22).

/** What will be known after an apply. Never in a state. */
export const UNKNOWN: unique symbol = Symbol('known after apply');
export type Unknown = typeof UNKNOWN;

/**
 * A number that JavaScript's numbers cannot hold: 0.1 with thirty digits, 2^64. `text` is its canonical decimal spelling, so that two of
 * them are equal when their texts are.
 */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Value = string | number | boolean | ExactNumber | null | Unknown | readonly Value[] | ValueMap;
/** An object or a map. Made without a prototype, so that a key `__proto__` is a key. */
export interface ValueMap {
  readonly [name: string]: Value;
}
