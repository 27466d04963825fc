// What one command has read of the API, so that nothing is read twice. Writes change it, or make it forget.

export interface Memory {
  /** The value of `key`, read once. A read that failed is not remembered. */
  remember<T>(key: string, read: () => Promise<T>): Promise<T>;
  /** After a write: what was read becomes what is. Nothing when it was not read. */
  change<T>(key: string, next: (value: T) => T): void;
  /** Without keys: everything. */
  forget(...keys: string[]): void;
}

export function createMemory(): Memory {
  const known = new Map<string, Promise<unknown>>();
  const keep = (key: string, value: Promise<unknown>): void => {
    known.set(key, value);
    value.catch(() => {
      if (known.get(key) === value) known.delete(key);
    });
  };
  return {
    // The key says which type it is: each is written in one place.
    remember<T>(key: string, read: () => Promise<T>) {
      if (!known.has(key)) keep(key, read());
      return known.get(key) as Promise<T>;
    },
    change<T>(key: string, next: (value: T) => T) {
      const value = known.get(key) as Promise<T> | undefined;
      if (value !== undefined) keep(key, value.then(next));
    },
    forget(...keys) {
      if (keys.length === 0) known.clear();
      for (const key of keys) known.delete(key);
    },
  };
}
