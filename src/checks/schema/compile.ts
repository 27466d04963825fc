// A JSON Schema (2020-12) as a function, or everything that is wrong with it. One library, wrapped here. Only schemas of the check's author
// are compiled, and nothing is ever fetched. Pure.
import { Ajv2020, type AnySchemaObject, type ErrorObject } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { err, ok, type Result } from '../../base/result.ts';
import type { DocumentPath } from '../../documents/path.ts';
import { readPointer } from './pointer.ts';

export type Validate = (data: unknown) => readonly ErrorObject[];

export interface SchemaProblem {
  readonly path: DocumentPath;
  readonly problem: string;
}

export function compileSchema(schema: Readonly<Record<string, unknown>>): Result<Validate, readonly SchemaProblem[]> {
  const ajv = createAjv();
  const wrong = (problem: string, path: DocumentPath = []): Result<Validate, readonly SchemaProblem[]> => err([{ path, problem }]);
  try {
    if (ajv.validateSchema(schema) !== true) return err(toProblems(ajv.errors ?? []));
    // It compares each item with each: a list in a pull request would hold up the job, and Terraform's sets have no item twice. Not before
    // this line, because the schema of schemas itself has it.
    ajv.removeKeyword('uniqueItems');
    const validate = ajv.compile(schema as AnySchemaObject);
    // Its answer would be a promise, which is true whatever the data is.
    if ('$async' in validate) return wrong('An asynchronous schema cannot be judged here: leave out `$async`');
    return ok((data) => (validate(data) ? [] : [...(validate.errors ?? [])]));
  } catch (error) {
    return wrong(toSentence(error instanceof Error ? error.message : 'unknown fault'));
  }
}

function createAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    // A keyword or a format that it does not know is an error: a misspelled one would let everything pass.
    strict: true,
    // What these would refuse is right in JSON Schema, and usual: `required` in `anyOf` without `type`.
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    // `constructor` is an attribute like another.
    ownProperties: true,
    code: { regExp: LINEAR },
    logger: false,
  });
}

/** No pattern can hang the gate. */
const LINEAR = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // ajv keeps one of each by what toString says: without it, all patterns would be the first.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
  },
  { code: 'RE2' },
);

/** ajv tells a slip once for each alternative that it does not fit: the first of a place says it. */
function toProblems(errors: readonly ErrorObject[]): SchemaProblem[] {
  const places = new Map<string, SchemaProblem>();
  for (const { instancePath, message = 'is not valid', params } of errors) {
    if (places.has(instancePath)) continue;
    const allowed = Array.isArray(params['allowedValues']) ? `: ${params['allowedValues'].join(', ')}` : '';
    places.set(instancePath, { path: readPointer(instancePath), problem: `Not a JSON Schema: ${message}${allowed}` });
  }
  return [...places.values()];
}

function toSentence(message: string): string {
  if (message.startsWith("can't resolve reference"))
    return `${message.replace("can't", 'Cannot')}: a schema may refer to its own \`$defs\` only, nothing is fetched`;
  return `Not a schema that can be judged: ${message.replace(/^strict mode: /, '').replace(' ignored in schema', '')}`;
}
