// Stands in for opa and conftest: answers with what the real one said when it was asked exactly this (recorded/*.json). It computes
// nothing. Asked for something else, by other flags or on other files, it has no answer, and that is an error.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Answer {
  /** For people. */
  readonly of: string;
  readonly code: number;
  readonly stdout: unknown;
  readonly stderr: string;
}

export interface Recording {
  readonly engine: string;
  /** By {@link questionKey}. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** What was asked: the command line, and every file that it could see. The plan is known by its content, its place by no one. */
export function questionKey(args: readonly string[], folder: string): string {
  const hash = createHash('sha256');
  const add = (name: string, content: string | Buffer): void => void hash.update(`${name}\0${content.length}\0`).update(content);
  for (const arg of args) {
    if (arg.startsWith('/')) add('input', readFileSync(arg));
    else add('arg', arg);
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  // The capabilities are the engine's own list, which is long; that ours is shorter is looked at in another test.
  for (const file of files.filter((path) => !path.endsWith('/capabilities.json') && path !== args.find((arg) => arg === path)))
    add(file.slice(folder.length), readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

/** The whole of the stand-in: prints and sets the exit code. */
export function answer([recording = '', ...args]: readonly string[]): void {
  const { answers } = JSON.parse(readFileSync(recording, 'utf8')) as Recording;
  const said = answers[questionKey(args, process.cwd())];
  if (said === undefined) {
    process.stderr.write(
      `this was not recorded: ${args.join(' ')}. Record it anew: record.ts, and record-opa.ts for what documents show\n`,
    );
    process.exitCode = 99;
    return;
  }
  process.stdout.write(typeof said.stdout === 'string' ? said.stdout : JSON.stringify(said.stdout));
  process.stderr.write(said.stderr);
  process.exitCode = said.code;
}
