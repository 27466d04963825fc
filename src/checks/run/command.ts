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

/** Everything else stays as it is, other `$NAMES` too: `awk '{print $1}'` must arrive whole. */
export const fillCommand = (command: readonly string[], values: Readonly<Partial<Record<Placeholder, string>>>): string[] =>
  command.map((word) =>
    word.replace(PATTERN, (whole, braced?: Placeholder, plain?: Placeholder) => values[(braced ?? plain) as Placeholder] ?? whole),
  );
