// A part of the document that is kept for later, packed, and built again when somebody asks for it. No I/O.
import type { Json } from '../../contracts/json.ts';
import { isMap, ownValue } from '../json-tree.ts';
import type { Shape } from './json-splitter.ts';
import { PackedText, Slice } from './packed-text.ts';

type Tree = Slice | Tree[] | Map<string, Tree>;

/** Which lists and maps of a part are opened, so that none of it is ever held as one text. Absent: taken whole. */
export interface Openings {
  readonly list?: Openings;
  readonly map?: (key: string) => Openings;
}

export class PackedTree {
  readonly #text = new PackedText(true);
  #root: Tree | null = null;

  shape(openings: Openings): Shape {
    return this.#shape(openings, (tree) => (this.#root = tree));
  }

  /** What stands there in the document; undefined: nothing. */
  toJson(...path: readonly string[]): Json | undefined {
    let tree: Tree | undefined = this.#root ?? undefined;
    for (const [i, key] of path.entries()) {
      if (tree instanceof Slice)
        return path
          .slice(i)
          .reduce<Json | undefined>((value, step) => (isMap(value) ? ownValue(value, step) : undefined), this.#json(tree));
      tree = tree instanceof Map ? tree.get(key) : undefined;
    }
    return tree === undefined ? undefined : this.#json(tree);
  }

  #shape(openings: Openings, put: (tree: Tree) => void): Shape {
    const { list, map } = openings;
    return {
      whole: ({ bytes }) => put(this.#text.add(bytes)),
      ...(list && {
        list: () => {
          const items: Tree[] = [];
          put(items);
          const shape = this.#shape(list, (tree) => items.push(tree));
          return () => shape;
        },
      }),
      ...(map && {
        map: () => {
          const entries = new Map<string, Tree>();
          put(entries);
          return (key: string) => this.#shape(map(key), (tree) => entries.set(key, tree));
        },
      }),
    };
  }

  #json(tree: Tree): Json {
    if (tree instanceof Slice) return JSON.parse(this.#text.text(tree)) as Json;
    if (Array.isArray(tree)) return tree.map((item) => this.#json(item));
    // fromEntries, and not an assignment: a key may be `__proto__`.
    return Object.fromEntries([...tree].map(([key, inner]) => [key, this.#json(inner)]));
  }
}
