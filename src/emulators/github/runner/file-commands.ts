// The files through which a step talks to the runner (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY):
// made before each phase, read and removed after it. Source: actions/runner 2.336.0, FileCommandManager.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../thrown.ts';

const KINDS = ['output', 'state', 'env', 'path', 'summary'] as const;
type Kind = (typeof KINDS)[number];

const VARIABLE: Readonly<Record<Kind, string>> = {
  output: 'GITHUB_OUTPUT',
  state: 'GITHUB_STATE',
  env: 'GITHUB_ENV',
  path: 'GITHUB_PATH',
  summary: 'GITHUB_STEP_SUMMARY',
};

export interface FileCommands {
  readonly env: Readonly<Record<string, string>>;
  /** Reads what the phase wrote and removes the files. `problems` fail the step. */
  collect(): Promise<FileCommandResults>;
}

export interface FileCommandResults {
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly paths: readonly string[];
  readonly summary: string;
  readonly problems: readonly string[];
}

export async function createFileCommands(temp: string): Promise<FileCommands> {
  const folder = join(temp, '_runner_file_commands');
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const files = Object.fromEntries(KINDS.map((kind) => [kind, join(folder, `${kind}_${id}`)])) as Record<Kind, string>;
  await Promise.all(KINDS.map((kind) => writeFile(files[kind], '')));
  return {
    env: Object.fromEntries(KINDS.map((kind) => [VARIABLE[kind], files[kind]])),
    async collect() {
      const problems: string[] = [];
      const texts = Object.fromEntries(await Promise.all(KINDS.map(async (kind) => [kind, await read(files[kind])] as const))) as Record<
        Kind,
        string
      >;
      const pairs = (kind: Kind): ReadonlyMap<string, string> => {
        const parsed = parsePairs(texts[kind]);
        if (parsed.problem !== null) problems.push(`Unable to process file command '${kind}' successfully. ${parsed.problem}`);
        return parsed.pairs;
      };
      const env = pairs('env');
      // A NODE_OPTIONS from one step would run code in every later node action.
      if ([...env.keys()].some((name) => name.toUpperCase() === 'NODE_OPTIONS'))
        problems.push(
          "Unable to process file command 'env' successfully. Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
        );
      const results = {
        outputs: pairs('output'),
        state: pairs('state'),
        env: new Map([...env].filter(([name]) => name.toUpperCase() !== 'NODE_OPTIONS')),
        paths: texts.path.split(/\r?\n/).filter((line) => line !== ''),
        summary: texts.summary,
        problems,
      };
      await Promise.all(KINDS.map((kind) => rm(files[kind], { force: true })));
      return results;
    },
  };
}

// A step may remove its own file; the runner then reads nothing.
async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return '';
    throw thrown;
  }
}

/** `name=value` lines and `name<<delimiter` blocks. What stands before the first mistake counts for nothing, as in the runner. */
export function parsePairs(text: string): { readonly pairs: ReadonlyMap<string, string>; readonly problem: string | null } {
  const pairs = new Map<string, string>();
  const lines = text.split(/\r\n|\n|\r/);
  const fail = (problem: string) => ({ pairs: new Map<string, string>(), problem });
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) return fail(`Invalid format '${line}'. Name must not be empty`);
      pairs.set(line.slice(0, equals), line.slice(equals + 1));
      continue;
    }
    if (heredoc < 0) return fail(`Invalid format '${line}'`);
    const name = line.slice(0, heredoc);
    const delimiter = line.slice(heredoc + 2);
    if (name === '' || delimiter === '') return fail(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) return fail(`Invalid value. Matching delimiter not found '${delimiter}'`);
    pairs.set(name, lines.slice(index + 1, end).join('\n'));
    index = end;
  }
  return { pairs, problem: null };
}
