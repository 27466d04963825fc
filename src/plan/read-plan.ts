// Reads a plan document, whatever arrives in its place, into a Plan or into diagnostics that quote nothing of it. In chunks, and element
// by element: a plan may be larger than the longest text that V8 holds, and than the memory that anybody wants to spend on it.
import { open, type FileHandle } from 'node:fs/promises';
import type { Diagnostic } from '../base/diagnostics.ts';
import { isErrorLike } from '../base/fault.ts';
import { err, type Result } from '../base/result.ts';
import type { Plan } from './model.ts';
import { isLarge, limitsFor, type StoreLimits } from './read/change-store.ts';
import { JsonSplitter, MAX_PLAN_DEPTH, type Refusal } from './read/json-splitter.ts';
import { createPlanBytes, MAX_PLAN_BYTES, type PlanBytes } from './read/plan-bytes.ts';
import { createPlanDocument } from './read/plan-document.ts';
import { problem } from './read/schema-problems.ts';
import { keepYoungMemorySmall } from './read/young-memory.ts';
import { recogniseText } from './recognise.ts';

export type PlanSource = AsyncIterable<Uint8Array> | { readonly path: string };

export interface ReadPlanOptions {
  /** Default MAX_PLAN_BYTES, which is also the most that can be asked for. */
  readonly maxBytes?: number;
  /** So many are to come, where that is known: a large plan is packed from the beginning. */
  readonly expectedBytes?: number;
  /** How much of a plan is kept parsed; what is read is the same. */
  readonly store?: StoreLimits;
  /** The longest element, in bytes. Default: the longest text that V8 holds. */
  readonly maxElementBytes?: number;
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'The user of this process may not read it.',
};
const CHUNK_BYTES = 1 << 20;

/**
 * @throws what the stream throws: a broken connection is no fault of the plan. A path that cannot be read is a diagnostic.
 */
export async function readPlan(source: PlanSource, options: ReadPlanOptions = {}): Promise<Result<Plan, Diagnostic[]>> {
  // Not by `path`: a file stream has one, too.
  if (Symbol.asyncIterator in source) return read(source, options);
  try {
    const result = await readFile(source.path, options);
    return result.ok ? result : err(result.error.map((diagnostic) => ({ ...diagnostic, file: source.path })));
  } catch (thrown) {
    const code = fileErrorCode(thrown);
    if (code === null) throw thrown;
    const why = FILE_ERRORS[code] ?? `The system says ${code}.`;
    return err([{ ...problem('The plan file cannot be read', why), file: source.path }]);
  }
}

async function readFile(path: string, options: ReadPlanOptions): Promise<Result<Plan, Diagnostic[]>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await read(chunksOf(file), { expectedBytes: size, ...options });
  } finally {
    await file.close();
  }
}

/** The same buffer again and again: a chunk is valid until the next one is asked for. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function read(chunks: AsyncIterable<Uint8Array>, options: ReadPlanOptions): Promise<Result<Plan, Diagnostic[]>> {
  const expected = options.expectedBytes ?? 0;
  const bytes = createPlanBytes(Math.min(options.maxBytes ?? MAX_PLAN_BYTES, MAX_PLAN_BYTES));
  const document = createPlanDocument(options.store ?? limitsFor(expected));
  const splitter = new JsonSplitter(document.shape, options.maxElementBytes);
  let refusal: Refusal | null = null;
  let isYoungMemorySmall = false;
  // Leaving the loop ends the stream, so that the rest is not even fetched.
  for await (const chunk of chunks) {
    const utf8 = bytes.push(chunk);
    if (!utf8.ok) return utf8;
    refusal ??= splitter.push(utf8.value);
    isYoungMemorySmall ||= isLarge(Math.max(expected, bytes.size())) && keepYoungMemorySmall();
    // What is not JSON may be recognised by how it begins.
    if (refusal !== null && bytes.knowsBeginning()) return err([refused(refusal, bytes)]);
  }
  const rest = bytes.end();
  if (!rest.ok) return rest;
  refusal ??= splitter.push(rest.value) ?? splitter.end();
  return refusal === null ? document.toPlan() : err([refused(refusal, bytes)]);
}

function refused(refusal: Refusal, bytes: PlanBytes): Diagnostic {
  switch (refusal.kind) {
    case 'empty':
      return problem('The plan is empty', 'There is only white space where a plan in JSON was expected.');
    case 'deep':
      return problem('The plan nests too deeply', `Lists and maps stand more than ${MAX_PLAN_DEPTH} levels deep; no real plan does.`);
    case 'large':
      return problem('One value of the plan is too large', 'It is longer than the longest text that can be read (512 MiB).', refusal.path);
    case 'fault': {
      const recognised = recogniseText(bytes.beginning());
      if (recognised !== null) return problem(recognised.summary, recognised.detail);
      const { problem: what, line, column } = refusal;
      const remedy = 'Use the output of `terraform show -json PLANFILE`, complete and unchanged.';
      return { ...problem(`The plan is not valid JSON: ${what}`, remedy), line, column };
    }
  }
}

function fileErrorCode(thrown: unknown): string | null {
  const code = isErrorLike(thrown) && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : null;
}
