// What is wrong with the aliases of a YAML document, each with its place: they name nothing, hold themselves, or are very many. Pure.
import { isAlias, isCollection, isPair, type Alias, type Document } from 'yaml';
import type { Words } from './yaml-words.ts';

export type AliasProblem = Words & {
  /** 0-based, in the text as parsed. */
  readonly offset: number;
};

// Each one is looked up among all before it. A file that is written by hand has a dozen.
const MAX_ALIASES = 1000;

/**
 * Plain data made of an alias that holds itself would have no end, and whoever walks it would not come back; the parser allows it.
 * @param mayQuote  false: the alias is not named
 */
export function findAliasProblems(document: Document.Parsed, mayQuote: boolean): AliasProblem[] {
  const problems: AliasProblem[] = [];
  const named = new Map<string, unknown>();
  let count = 0;

  function judge(alias: Alias, around: readonly unknown[]): void {
    const offset = alias.range?.[0] ?? 0;
    count++;
    if (count === MAX_ALIASES + 1)
      problems.push({ offset, summary: `More than ${MAX_ALIASES} aliases (\`*…\`)`, detail: 'Write the parts out' });
    const target = named.get(alias.source);
    const quoted = mayQuote ? `\`*${alias.source}\`` : '`*…`';
    if (target === undefined)
      problems.push({
        offset,
        summary: `The alias ${quoted} names nothing`,
        detail: 'A text that begins with * must be in quotes: "*-prod"',
      });
    else if (around.includes(target))
      problems.push({ offset, summary: `The alias ${quoted} stands inside of what it names`, detail: 'Write the part out' });
  }

  function walk(node: unknown, around: readonly unknown[]): void {
    if (isAlias(node)) return judge(node, around);
    if (isPair(node)) return walk(node.value, around);
    // In the order of the text: an alias means the last of its name before it.
    if (typeof node === 'object' && node !== null && 'anchor' in node && typeof node.anchor === 'string') named.set(node.anchor, node);
    if (isCollection(node)) for (const item of node.items) walk(item, [...around, node]);
  }

  walk(document.contents, []);
  return problems;
}
