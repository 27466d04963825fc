// argv with its placeholders filled in. No shell: a value is one argument, whatever it holds. Pure.

export const PLACEHOLDERS = ['TF_PLAN_JSON', 'TF_CONFIGURATION', 'RUN_FACTS_JSON'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const PATTERN = new RegExp(`\\$(?:\\{(${PLACEHOLDERS.join('|')})\\}|(${PLACEHOLDERS.join('|')})(?![A-Za-z0-9_]))`, 'g');

/** Which placeholders the command names. */
export function placeholdersIn(command: readonly string[]): Set<Placeholder> {
  const found = new Set<Placeholder>();
  for (const word of command) for (const match of word.matchAll(PATTERN)) found.add((match[1] ?? match[2]) as Placeholder);
  return found;
}

const VARIABLE = /^\$(?:\{([A-Z_][A-Z0-9_]*)\}|([A-Z_][A-Z0-9_]*))$/;

/**
 * A word that is nothing but the name of a variable, and none of ours: the program would get it as it is written, and look for a file
 * called `$TF_PLAN`. What follows -c is a shell's.
 * @returns indexes into the command
 */
export const unfilledWords = (command: readonly string[]): number[] =>
  command.flatMap((word, index) => {
    const match = VARIABLE.exec(word);
    const isOurs = PLACEHOLDERS.some((name) => name === (match?.[1] ?? match?.[2]));
    return match === null || isOurs || command[index - 1] === '-c' ? [] : [index];
  });

/** Everything else stays as it is, other `$NAMES` too: `awk '{print $1}'` must arrive whole. */
export const fillCommand = (command: readonly string[], values: Readonly<Partial<Record<Placeholder, string>>>): string[] =>
  command.map((word) =>
    word.replace(PATTERN, (whole, braced?: Placeholder, plain?: Placeholder) => values[(braced ?? plain) as Placeholder] ?? whole),
  );
