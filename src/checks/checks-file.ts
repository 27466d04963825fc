// Reads `.runtask/checks.yml`: YAML, schema and expressions, everything that is wrong at once, each with its line and what to do.
// The schema is contracts/checks-file.ts; the text is an argument.
import { formatDiagnostic, hasErrors, type Diagnostic } from '../base/diagnostics.ts';
import { err, ok, type Result } from '../base/result.ts';
import { celSchema } from '../contracts/check-kinds.ts';
import { checksFileSchema, KIND_NAMES, type ChecksFile } from '../contracts/checks-file.ts';
import { inOrder, readYaml, type Tell, type YamlDocument } from '../documents/read-yaml.ts';
import { readShape, type RoomWords } from '../documents/shape.ts';
import { compileCel } from './cel/compile.ts';
import { objectOf } from './loose-json.ts';

/** @param file  its name in the diagnostics, e.g. `.runtask/checks.yml` */
export function readChecksFile(text: string, file: string): Result<ChecksFile, Diagnostic[]> {
  const yaml = readYaml(text, { file, called: 'The checks file', mayQuote: true });
  if (!yaml.ok) return yaml;
  const { value, tell } = yaml.value;
  if (value === null) return err([tell([], 'The checks file is empty', 'Write at least: version: 1, and a list of `checks`')]);
  const shape = readShape(yaml.value, checksFileSchema, WORDS);
  const found = [...(shape.ok ? [] : shape.error), ...crossProblems(value, tell), ...celProblems(yaml.value)];
  // The rules between parts of the file are asked twice; see crossProblems.
  const diagnostics = inOrder([...new Map(found.map((one) => [formatDiagnostic(one), one])).values()]);
  return shape.ok && !hasErrors(diagnostics) ? ok(shape.value) : err(diagnostics);
}

const WORDS: RoomWords = {
  remedyOf: (path, found) => (found === undefined && path.length === 1 && path[0] === 'checks' ? 'Write a list of checks' : ''),
};

/**
 * What holds between parts of the file. The schema has these rules too, but a zod refinement is left out while anything else in its
 * object is wrong, and "everything at once" would take two runs.
 */
function crossProblems(value: unknown, tell: Tell): Diagnostic[] {
  const checks = objectOf(value)?.['checks'];
  if (!Array.isArray(checks)) return [];
  const problems: Diagnostic[] = [];
  if (checks.length === 0) problems.push(tell(['checks'], 'The list of checks is empty: a gate without checks lets nothing pass', ''));

  const names = new Map<unknown, number>();
  checks.forEach((item: unknown, index) => {
    const check = objectOf(item);
    if (check === null) return;
    const kinds = KIND_NAMES.filter((kind) => check[kind] !== undefined);
    // With none, an unknown key is reported already, and it is probably the kind.
    if (kinds.length > 1)
      problems.push(tell(['checks', index], `A check has exactly one kind: ${KIND_NAMES.join(', ')}`, `It has ${kinds.join(' and ')}`));
    const name = check['name'];
    const first = names.get(name);
    if (typeof name !== 'string') return;
    if (first === undefined) names.set(name, index);
    else problems.push(tell(['checks', index, 'name'], `The name "${name}" is taken by check ${first + 1}`, ''));
  });
  return problems;
}

/** Compiled now, so that a slip is told in the pull request that made it and not at three in the night. */
function celProblems({ value, tell }: YamlDocument): Diagnostic[] {
  const checks = objectOf(value)?.['checks'];
  if (!Array.isArray(checks)) return [];
  return checks.flatMap((item: unknown, index) => {
    const spec = celSchema.safeParse(objectOf(item)?.['cel']);
    if (!spec.success) return [];
    const compiled = compileCel(spec.data);
    if (compiled.ok) return [];
    return compiled.error.map(({ field, offset, problem }) => tell(['checks', index, 'cel', field], `CEL: ${problem}`, '', { offset }));
  });
}
