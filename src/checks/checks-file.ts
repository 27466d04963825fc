// Reads `.runtask/checks.yml`: YAML, schema and expressions, everything that is wrong at once, each with its line and what to do.
// The schema is contracts/checks-file.ts; the text is an argument.
import { LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { hasErrors, type Diagnostic } from '../base/diagnostics.ts';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import { celSchema, checksFileSchema, KIND_NAMES, type ChecksFile } from '../contracts/checks-file.ts';
import { compileCel } from './cel/compile.ts';
import { toDiagnosticTexts } from './checks-file-issues.ts';
import { createPlaces, pathText, type DocumentPath, type Place } from './checks-file-places.ts';
import { objectOf } from './loose-json.ts';

// A checks file is written by hand; a megabyte of YAML is an attack or a mistake.
const MAX_LENGTH = 1024 * 1024;
// Enough for shared `when` blocks; a "billion laughs" file needs many more.
const MAX_ALIASES = 100;

/** @param file  its name in the diagnostics, e.g. `.runtask/checks.yml` */
export function readChecksFile(text: string, file: string): Result<ChecksFile, Diagnostic[]> {
  if (text.length > MAX_LENGTH)
    return err([whole(file, 'The checks file is too large', `It has ${text.length} characters, ${MAX_LENGTH} are read`)]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    strict: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const at = (place: Place | null): Pick<Diagnostic, 'line' | 'column'> =>
    place === null ? {} : { line: place.line, column: place.column };

  const yamlProblems = [...document.errors, ...document.warnings].map((problem): Diagnostic => {
    const { line, col } = lines.linePos(problem.pos[0]);
    return {
      severity: 'error',
      ...yamlTexts(problem.code, problem.message),
      path: '',
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
    };
  });
  if (yamlProblems.length > 0) return err(yamlProblems);
  if (document.contents === null) return err([whole(file, 'The checks file is empty', EXAMPLE)]);
  const value = toValue(document);
  if (!value.ok) return err([whole(file, 'The checks file cannot be expanded', value.error)]);

  const places = createPlaces(document, lines, text);
  const parsed = checksFileSchema.safeParse(value.value);
  const issues = [...(parsed.success ? [] : parsed.error.issues), ...crossIssues(value.value)];
  const diagnostics = [
    ...unique(issues).flatMap((issue) =>
      toDiagnosticTexts(issue, value.value).map(({ path, key, summary, detail }): Diagnostic => {
        return { severity: 'error', summary, detail, path: pathText(path), file, ...at(key ? places.ofKey(path) : places.ofValue(path)) };
      }),
    ),
    ...celProblems(value.value).map(({ path, offset, summary }): Diagnostic => {
      return { severity: 'error', summary, detail: '', path: pathText(path), file, ...at(places.inText(path, offset)) };
    }),
  ];
  diagnostics.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return parsed.success && !hasErrors(diagnostics) ? ok(parsed.data) : err(diagnostics);
}

const EXAMPLE = 'Write at least: version: 1, and a list of `checks`';

const whole = (file: string, summary: string, detail: string): Diagnostic => ({
  severity: 'error',
  summary,
  detail,
  path: '',
  file,
  line: 1,
  column: 1,
});

function toValue(document: Document.Parsed): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    return err(`${describeThrown(error)}. Write the parts out instead of referring to them with \`*\``);
  }
}

function yamlTexts(code: string, message: string): Pick<Diagnostic, 'summary' | 'detail'> {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { summary: 'A tab is used as indentation', detail: 'YAML allows only spaces there' };
    case 'DUPLICATE_KEY':
      return { summary: 'A key is written twice', detail: 'One of the two would be ignored. Remove or rename it' };
    case 'MULTIPLE_DOCS':
      return { summary: 'The file holds more than one YAML document', detail: 'Only one is read. Remove the line with `---`' };
    case 'TAG_RESOLVE_FAILED':
      return { summary: 'A tag (`!…`) is not known here', detail: message };
    default:
      return { summary: 'Not valid YAML', detail: message };
  }
}

/**
 * What holds between parts of the file. The schema has these rules too, but a zod refinement is left out while anything else in its
 * object is wrong, and "everything at once" would take two runs.
 */
function crossIssues(value: unknown): z.core.$ZodIssue[] {
  const checks = objectOf(value)?.['checks'];
  if (!Array.isArray(checks)) return [];
  const issues: z.core.$ZodIssue[] = [];
  const custom = (path: (string | number)[], message: string): void =>
    void issues.push({ code: 'custom', path, message, input: undefined });
  if (checks.length === 0) custom(['checks'], 'The list of checks is empty: a gate without checks lets nothing pass');

  const names = new Map<unknown, number>();
  checks.forEach((item: unknown, index) => {
    const check = objectOf(item);
    if (check === null) return;
    const kinds = KIND_NAMES.filter((kind) => check[kind] !== undefined);
    // With none, an unknown key is reported already, and it is probably the kind.
    if (kinds.length > 1)
      custom(['checks', index], `A check has exactly one kind: ${KIND_NAMES.join(', ')}. It has ${kinds.join(' and ')}`);
    const name = check['name'];
    const first = names.get(name);
    if (typeof name !== 'string') return;
    if (first === undefined) names.set(name, index);
    else custom(['checks', index, 'name'], `The name "${name}" is taken by check ${first + 1}`);
  });
  return issues;
}

function unique(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const seen = new Map(issues.map((issue) => [`${JSON.stringify(issue.path)} ${issue.message}`, issue]));
  return [...seen.values()];
}

/** Compiled now, so that a slip is told in the pull request that made it and not at three in the night. */
function celProblems(value: unknown): { path: DocumentPath; offset: number; summary: string }[] {
  const checks = objectOf(value)?.['checks'];
  if (!Array.isArray(checks)) return [];
  return checks.flatMap((item: unknown, index) => {
    const spec = celSchema.safeParse(objectOf(item)?.['cel']);
    if (!spec.success) return [];
    const compiled = compileCel(spec.data);
    if (compiled.ok) return [];
    return compiled.error.map(({ field, offset, problem }) => ({
      path: ['checks', index, 'cel', field],
      offset,
      summary: `CEL: ${problem}`,
    }));
  });
}
