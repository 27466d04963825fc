// The environment of a tool that a check starts: by allow-list, and never what could speak for the workflow. Pure.
import { FORBIDDEN_ENV } from '../../contracts/check-kinds.ts';

// By the last one GitHub's runner ends what is left of a job (actions/runner, JobExtension, read 2026-11): a second net below ours.
const ALWAYS = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'RUNNER_TRACKING_ID'];
// Without these no program starts on Windows.
const WINDOWS = ['SYSTEMROOT', 'TEMP', 'TMP', 'USERPROFILE', 'PATHEXT', 'COMSPEC'];

/**
 * @param allowed  names from the check; a forbidden one is left out even if the file's reader was bypassed
 * @param ours     what we add: the paths of plan, configuration and run facts
 */
export function createChildEnv(
  env: NodeJS.ProcessEnv,
  allowed: readonly string[],
  ours: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const names = new Set([...ALWAYS, ...WINDOWS, ...allowed.filter((name) => !FORBIDDEN_ENV.test(name))]);
  const child: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    // Windows spells it `Path`.
    if (value !== undefined && (names.has(name) || (name.toUpperCase() === 'PATH' && !('PATH' in child)))) child[name] = value;
  }
  return { ...child, ...ours };
}

/**
 * Values of the allow-listed names: a tool may print them, and a finding must not. Of a value of several lines, such as a private key or
 * the JSON of a cloud's account, each line too: of a tool's words only the last lines are told.
 */
export const allowedSecrets = (env: NodeJS.ProcessEnv, allowed: readonly string[]): string[] =>
  allowed.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [value, ...partsOf(value)];
  });

function partsOf(value: string): string[] {
  // As texts of JSON have them, with their line breaks written out.
  const lines = value.split(/\r?\n|\\n|"/).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= MIN_PART_LENGTH);
}

// Shorter ones are `{`, `"type":` and words that stand in every message.
const MIN_PART_LENGTH = 16;
