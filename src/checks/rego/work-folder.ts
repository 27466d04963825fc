// The private folder in which an engine works: the policies, the data, our question, and the plan in the shape that was asked for.
//
// The engine starts in it, so that no `conftest.toml` of a checkout is found there (it could say `no-fail`, or fetch policies), and has it
// for its home, so that no plugin of the user's is. The plan is secret: only the owner of the process may read what is written.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PLACES } from './command.ts';
import type { GatheredFile } from './gather.ts';
import type { InputFrame } from './input.ts';

export async function makeFolder(env: NodeJS.ProcessEnv): Promise<string> {
  return mkdtemp(join(env['RUNNER_TEMP'] ?? tmpdir(), 'runtask-rego-'));
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

export interface FolderContent {
  readonly policies: readonly GatheredFile[];
  readonly data: readonly GatheredFile[];
  readonly answersModule: string;
  /** Under `data.runtask`. */
  readonly runtask: object;
  readonly schema: object;
  /** null: the engine takes none. */
  readonly capabilities: string | null;
}

export async function fillFolder(folder: string, content: FolderContent): Promise<void> {
  for (const { path, bytes } of content.policies) await write(folder, join(PLACES.policies, path), bytes);
  for (const { root, inside, bytes } of content.data) await write(folder, join(PLACES.data, String(root), inside), bytes);
  await write(folder, join(PLACES.answers, 'answers.rego'), content.answersModule);
  await write(folder, join(PLACES.runtask, 'runtask.json'), JSON.stringify({ runtask: content.runtask }));
  await write(folder, PLACES.schema, JSON.stringify(content.schema));
  if (content.capabilities !== null) await write(folder, PLACES.capabilities, content.capabilities);
}

async function write(folder: string, place: string, content: string | Buffer): Promise<void> {
  const file = join(folder, place);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, content, { mode: 0o600 });
}

/**
 * A plan of 300 MB is never held here: it goes from file to file, with the rest of the input around it.
 * @returns absolute path of the input: the plan itself where it is all of the input
 */
export async function writeInput(folder: string, planPath: string, { before, after }: InputFrame, signal: AbortSignal): Promise<string> {
  const plan = resolve(planPath);
  const mark = await byteOrderMarkOf(plan);
  if (before === '' && after === '' && mark === null) return plan;
  const file = join(folder, 'input.json');
  async function* parts(): AsyncGenerator<Uint8Array | string> {
    yield before;
    if (mark === null) yield* createReadStream(plan, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
    else yield* decoded(plan, mark);
    yield after;
  }
  await pipeline(parts, createWriteStream(file, { mode: 0o600, flags: 'wx' }), { signal });
  return file;
}

/** Plans redirected into a file by PowerShell are UTF-16. Our reader takes them, the engines do not. */
async function byteOrderMarkOf(path: string): Promise<'utf-8' | 'utf-16le' | 'utf-16be' | null> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0);
    if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return 'utf-8';
    if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le';
    return buffer[0] === 0xfe && buffer[1] === 0xff ? 'utf-16be' : null;
  } finally {
    await file.close();
  }
}

async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  // It takes the mark away.
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) yield decoder.decode(chunk as Uint8Array, { stream: true });
  yield decoder.decode();
}
