// Things by id, in the order in which they came, and by keys of their own: a thousand workspaces with a thousand attachments are found
// without looking at each. No knowledge of what they are.

type KeyOf<T> = (row: T) => string;

export class Table<T extends { readonly id: string }, Index extends string> {
  readonly #rows = new Map<string, T>();
  readonly #indexes: Readonly<Record<Index, KeyOf<T>>>;
  readonly #groups = new Map<string, Map<string, Set<T>>>();

  /** @param indexes  what rows are looked up by; a key changes only in {@link change} */
  constructor(indexes: Readonly<Record<Index, KeyOf<T>>>) {
    this.#indexes = indexes;
    for (const name of Object.keys(indexes)) this.#groups.set(name, new Map());
  }

  get(id: string): T | undefined {
    return this.#rows.get(id);
  }

  all(): T[] {
    return [...this.#rows.values()];
  }

  /** In the order in which they came. */
  by(index: Index, key: string): T[] {
    return [...(this.#groups.get(index)?.get(key) ?? [])];
  }

  count(index: Index, key: string): number {
    return this.#groups.get(index)?.get(key)?.size ?? 0;
  }

  add(row: T): void {
    this.#rows.set(row.id, row);
    for (const [name, groups] of this.#groups) this.#enter(groups, this.#key(name, row), row);
  }

  remove(row: T): void {
    this.#rows.delete(row.id);
    for (const [name, groups] of this.#groups) this.#leave(groups, this.#key(name, row), row);
  }

  change(row: T, change: (row: T) => void): void {
    const before = [...this.#groups].map(([name, groups]) => ({ name, groups, key: this.#key(name, row) }));
    change(row);
    for (const { name, groups, key } of before) {
      const now = this.#key(name, row);
      if (now === key) continue;
      this.#leave(groups, key, row);
      this.#enter(groups, now, row);
    }
  }

  clear(): void {
    this.#rows.clear();
    for (const groups of this.#groups.values()) groups.clear();
  }

  #key(name: string, row: T): string {
    return this.#indexes[name as Index](row);
  }

  #enter(groups: Map<string, Set<T>>, key: string, row: T): void {
    const group = groups.get(key) ?? new Set<T>();
    groups.set(key, group.add(row));
  }

  #leave(groups: Map<string, Set<T>>, key: string, row: T): void {
    const group = groups.get(key);
    group?.delete(row);
    if (group?.size === 0) groups.delete(key);
  }
}
