// Reads one checks file: YAML, schema and expressions, everything that is wrong at once, each with its line and what to do.
// The schema is contracts/checks-file.ts; the text is an argument; what the file extends is load/.
import { formatDiagnostic, hasErrors, type Diagnostic } from '../base/diagnostics.ts';
import { err, ok, type Result } from '../base/result.ts';
import { checksFileSchema, KIND_NAMES, KIND_SCHEMAS, type CheckSpec, type ChecksFile, type KindName } from '../contracts/checks-file.ts';
import { inOrder, readYaml, type Tell } from '../documents/read-yaml.ts';
import { readShape, type RoomWords } from '../documents/shape.ts';
import { listOf, objectOf } from './loose-json.ts';
import { findSpecProblems } from './spec-problems.ts';

export interface OpenedChecksFile {
  readonly file: ChecksFile;
  /** For whoever finds more in it than the reader can know. */
  readonly tell: Tell;
}

/** @param name  of the file in the diagnostics, e.g. `.runtask/checks.yml` */
export function readChecksFile(text: string, name: string): Result<ChecksFile, Diagnostic[]> {
  const opened = openChecksFile(text, name);
  return opened.ok ? ok(opened.value.file) : opened;
}

export function openChecksFile(text: string, name: string): Result<OpenedChecksFile, Diagnostic[]> {
  const yaml = readYaml(text, { file: name, called: 'The checks file', mayQuote: true });
  if (!yaml.ok) return yaml;
  const { value, tell } = yaml.value;
  if (value === null) return err([tell([], 'The checks file is empty', 'Write at least: version: 1, and a list of `checks`')]);
  const shape = readShape(yaml.value, checksFileSchema, WORDS);
  const found = [
    ...(shape.ok ? [] : shape.error),
    ...emptinessProblems(value, tell),
    ...checkProblems(value, tell),
    ...waiverProblems(value, tell),
  ];
  // The rules between parts of the file are asked twice; see checkProblems.
  const diagnostics = inOrder([...new Map(found.map((one) => [formatDiagnostic(one), one])).values()]);
  return shape.ok && !hasErrors(diagnostics) ? ok({ file: shape.value, tell }) : err(diagnostics);
}

const WORDS: RoomWords = {
  remedyOf: (path, found) =>
    found === undefined && path.length === 3 && path[0] === 'extends' && path[2] === 'commit'
      ? 'Write the whole hash of the commit, 40 characters: a branch or a tag can be moved'
      : '',
};

/** A file may have no checks of its own when it extends others, or when it is the place of the waivers that another file extends. */
function emptinessProblems(value: unknown, tell: Tell): Diagnostic[] {
  const file = objectOf(value);
  if (file === null || file['extends'] !== undefined || file['waivers'] !== undefined) return [];
  if (file['checks'] === undefined) return [tell(['checks'], '"checks" is missing', 'Write a list of checks')];
  return listOf(file['checks'])?.length === 0 ? [tell(['checks'], NO_CHECKS, '')] : [];
}

export const NO_CHECKS = 'The list of checks is empty: a gate without checks lets nothing pass';

/**
 * What holds between parts of the file. The schema has these rules too, but a zod refinement is left out while anything else in its
 * object is wrong, and "everything at once" would take two runs.
 */
function checkProblems(value: unknown, tell: Tell): Diagnostic[] {
  const names = new Map<unknown, number>();
  return (listOf(objectOf(value)?.['checks']) ?? []).flatMap((item, index) => {
    const check = objectOf(item);
    if (check === null) return [];
    const problems: Diagnostic[] = [];
    const kinds = KIND_NAMES.filter((kind) => check[kind] !== undefined);
    // With none, an unknown key is reported already, and it is probably the kind.
    if (kinds.length > 1)
      problems.push(tell(['checks', index], `A check has exactly one kind: ${KIND_NAMES.join(', ')}`, `It has ${kinds.join(' and ')}`));
    const { name } = check;
    const first = names.get(name);
    if (first !== undefined)
      problems.push(tell(['checks', index, 'name'], `The name "${String(name)}" is taken by check ${first + 1}`, ''));
    else if (typeof name === 'string') names.set(name, index);
    return [...problems, ...kinds.flatMap((kind) => problemsOfKind(kind, check[kind], ['checks', index, kind], tell))];
  });
}

function problemsOfKind(kind: KindName, value: unknown, path: readonly (string | number)[], tell: Tell): Diagnostic[] {
  const spec = KIND_SCHEMAS[kind].safeParse(value);
  // What does not have the shape is told by the schema.
  if (!spec.success) return [];
  const found = findSpecProblems(kind, spec.data as NonNullable<CheckSpec[typeof kind]>);
  return found.map(({ path: inside, problem, offset }) =>
    tell([...path, ...inside], problem, '', offset === undefined ? 'value' : { offset }),
  );
}

function waiverProblems(value: unknown, tell: Tell): Diagnostic[] {
  const seen = new Map<string, number>();
  return (listOf(objectOf(value)?.['waivers']) ?? []).flatMap((item, index) => {
    const waiver = objectOf(item);
    if (waiver === null || waiver['check'] === undefined) return [];
    const key = JSON.stringify([waiver['check'], waiver['rule'], waiver['addresses']]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    return first === undefined ? [] : [tell(['waivers', index], `Waives the same as waiver ${first + 1}`, 'Keep one of the two')];
  });
}
