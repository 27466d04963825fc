// Reads a plan document, whatever arrives in its place, into a Plan or into diagnostics that quote nothing of it.
// Callers see a stream going in and a Plan coming out; that the document is parsed in one piece is this file's own affair.
import { createReadStream } from 'node:fs';
import type * as z from 'zod';
import type { Diagnostic } from '../base/diagnostics.ts';
import { isErrorLike } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Json } from '../contracts/json.ts';
import { changeSchema, planJsonSchema, resourceChangeSchema } from '../contracts/plan-json.ts';
import { toConfiguration, toVariables } from './configuration.ts';
import { findJsonFault } from './json-fault.ts';
import { isMap, ownValue } from './json-tree.ts';
import { markedElsewhere } from './marked-elsewhere.ts';
import type { Plan } from './model.ts';
import { MAX_PLAN_BYTES, readPlanText } from './plan-text.ts';
import { isShownState, recogniseJson, recogniseText, type Recognised } from './recognise.ts';
import { toPlan } from './to-plan.ts';

export type PlanSource = AsyncIterable<Uint8Array> | { readonly path: string };

export interface ReadPlanOptions {
  /** Default MAX_PLAN_BYTES, which is also the most that can be asked for. */
  readonly maxBytes?: number;
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'The user of this process may not read it.',
};

/** More say nothing new, and a hostile plan could have a million. */
const MAX_DIAGNOSTICS = 20;

/**
 * @throws what the stream throws: a broken connection is no fault of the plan. A path that cannot be read is a diagnostic.
 */
export async function readPlan(source: PlanSource, options: ReadPlanOptions = {}): Promise<Result<Plan, Diagnostic[]>> {
  const maxBytes = Math.min(options.maxBytes ?? MAX_PLAN_BYTES, MAX_PLAN_BYTES);
  // Not by `path`: a file stream has one, too.
  if (Symbol.asyncIterator in source) return read(source, maxBytes);
  try {
    const result = await read(createReadStream(source.path, { highWaterMark: 1 << 20 }), maxBytes);
    return result.ok ? result : err(result.error.map((diagnostic) => ({ ...diagnostic, file: source.path })));
  } catch (thrown) {
    const code = fileErrorCode(thrown);
    if (code === null) throw thrown;
    const why = FILE_ERRORS[code] ?? `The system says ${code}.`;
    return err([{ ...problem('The plan file cannot be read', why), file: source.path }]);
  }
}

async function read(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Result<Plan, Diagnostic[]>> {
  const text = await readPlanText(chunks, maxBytes);
  return text.ok ? parsePlan(text.value) : text;
}

function parsePlan(text: string): Result<Plan, Diagnostic[]> {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (thrown) {
    if (!isErrorLike(thrown) || thrown.name !== 'SyntaxError') throw thrown;
    return err([notJson(text)]);
  }
  const version = formatVersion(document);
  if (version === null) return err([fromRecognised(recogniseJson(document))]);
  if (isShownState(document)) {
    return err([
      problem(
        'This is a state (`terraform show -json` without a plan file), not a plan',
        'Name the plan file: `terraform show -json PLANFILE`.',
      ),
    ]);
  }
  // 0.1 and 0.2 are Terraform 0.12 to 1.0; every 1.x only adds to 1.0, as HashiCorp promises.
  if (!/^[01]\.\d+/.test(version)) {
    return err([
      {
        ...problem('Unsupported format version of the plan', 'Formats 0.x and 1.x are read. A newer version of this action may read it.'),
        path: 'format_version',
      },
    ]);
  }

  const diagnostics: Diagnostic[] = [];
  const head = check(planJsonSchema, document, '', diagnostics);
  const changes = checkAll(resourceChangeSchema, head?.resource_changes ?? [], 'resource_changes', diagnostics);
  const drift = checkAll(resourceChangeSchema, head?.resource_drift ?? [], 'resource_drift', diagnostics);
  const outputs = outputChanges(document, diagnostics).map(([name, change]) => ({
    name,
    change: check(changeSchema, change, `output_changes.${name}`, diagnostics),
  }));
  if (head === null || diagnostics.length > 0) return err(shorten(diagnostics));
  return ok(
    toPlan({
      head,
      changes,
      drift,
      outputs: outputs.flatMap(({ name, change }) => (change === null ? [] : [[name, change] as const])),
      markedElsewhere: markedElsewhere(document),
      configuration: toConfiguration(document),
      variables: toVariables(document),
    }),
  );
}

/** HCP Terraform's redacted plans call it `plan_format_version`. */
function formatVersion(document: Json): string | null {
  if (!isMap(document)) return null;
  const version = ownValue(document, 'format_version') ?? ownValue(document, 'plan_format_version');
  return typeof version === 'string' ? version : null;
}

// By hand, and not as a zod record, which drops a key named __proto__: an output may be called so, and its secret must be known.
function outputChanges(document: Json, diagnostics: Diagnostic[]): [name: string, change: Json][] {
  const outputs = (isMap(document) ? ownValue(document, 'output_changes') : undefined) ?? {};
  if (isMap(outputs)) return Object.entries(outputs);
  diagnostics.push({ ...problem('The plan is not as Terraform writes it', 'Invalid input: expected a map'), path: 'output_changes' });
  return [];
}

function checkAll<T>(schema: z.ZodType<T>, items: readonly unknown[], path: string, diagnostics: Diagnostic[]): T[] {
  return items.flatMap((item, i) => check(schema, item, `${path}[${i}]`, diagnostics) ?? []);
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string, diagnostics: Diagnostic[]): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const below = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    // zod's message names the types that it expected and found, never the value.
    const detail = issue.code === 'invalid_type' ? issue.message : 'It does not have the form that Terraform documents.';
    diagnostics.push({ ...problem('The plan is not as Terraform writes it', detail), path: (path + below).replace(/^\./, '') });
  }
  return null;
}

function shorten(diagnostics: Diagnostic[]): Diagnostic[] {
  if (diagnostics.length <= MAX_DIAGNOSTICS) return diagnostics;
  const rest = diagnostics.length - MAX_DIAGNOSTICS;
  return [...diagnostics.slice(0, MAX_DIAGNOSTICS), problem(`${rest} more problems of the same kind`, '')];
}

function notJson(text: string): Diagnostic {
  const recognised = recogniseText(text);
  if (recognised !== null) return fromRecognised(recognised);
  const fault = findJsonFault(text);
  const summary = fault === null ? 'The plan is not valid JSON' : `The plan is not valid JSON: ${fault.problem}`;
  return {
    ...problem(summary, 'Use the output of `terraform show -json PLANFILE`, complete and unchanged.'),
    ...(fault === null ? {} : { line: fault.line, column: fault.column }),
  };
}

const fromRecognised = ({ summary, detail }: Recognised): Diagnostic => problem(summary, detail);

const problem = (summary: string, detail: string): Diagnostic => ({ severity: 'error', summary, detail, path: '' });

function fileErrorCode(thrown: unknown): string | null {
  const code = isErrorLike(thrown) && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : null;
}
