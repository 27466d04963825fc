// One checks file with all that it extends, in the order of their checks: what it extends first, its own last.
//
//   1. the file is read                                 checks-file.ts
//   2. each entry of `extends` is found, and read so    source.ts
//   3. what the entry changes in its checks             adjust.ts
//   4. no name stands twice
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { ChecksFile, CheckSpec, Extends, Waiver } from '../../contracts/checks-file.ts';
import type { DocumentPath } from '../../documents/path.ts';
import type { Tell } from '../../documents/read-yaml.ts';
import type { CheckSource } from '../check-set.ts';
import { openChecksFile } from '../checks-file.ts';
import { adjust, type PlacedCheck } from './adjust.ts';
import { findSource, type Source, type SourceDeps } from './source.ts';

export interface Branch {
  readonly file: ChecksFile;
  readonly tell: Tell;
  readonly checks: readonly PlacedCheck[];
  readonly waivers: readonly PlacedWaiver[];
  /** The file itself is the last. */
  readonly sources: readonly CheckSource[];
  /** Names of parameters that have a value, in the file or in what it extends. */
  readonly params: ReadonlySet<string>;
}

export interface PlacedWaiver {
  readonly waiver: Waiver;
  readonly tellCheck: (summary: string, detail: string) => Diagnostic;
}

/** What is the same for all files of one loading. */
export interface Loading {
  readonly deps: SourceDeps;
  /** Everything that is wrong, in any file. */
  readonly problems: Diagnostic[];
  /** Extended so far. */
  files: number;
}

// Each is small, but files that name one another twice would be read for ever.
const MAX_FILES = 50;

/** @param trail  the files on the way here, so that none extends itself
 *  @returns null when it cannot be used; why is among the problems */
export async function readBranch(source: Source, trail: readonly string[], loading: Loading): Promise<Branch | null> {
  const opened = openChecksFile(source.text, source.name);
  if (!opened.ok) {
    loading.problems.push(...opened.error);
    return null;
  }
  const { file, tell } = opened.value;
  const { waivers = [], params = {} } = file;
  if (source.isForeign && waivers.length > 0) loading.problems.push(tell(['waivers'], 'Checks from elsewhere cannot waive', WAIVERS_STAY));

  const branches: Branch[] = [];
  for (const [index, entry] of (file.extends ?? []).entries()) {
    const branch = await readEntry(entry, { source, tell, path: ['extends', index], trail: [...trail, keyOf(source)] }, loading);
    if (branch === null) continue;
    const taken = branches.flatMap(({ checks }) => checks);
    loading.problems.push(...twins(taken, branch.checks).map(([one, other]) => tellTwins(one, other, tell(['extends', index], '', ''))));
    branches.push(branch);
  }
  const own = file.checks.map((spec, index) => toPlaced(spec, file, source, tell(['checks', index, 'name'], '', '')));
  const extended = branches.flatMap(({ checks }) => checks);
  for (const [one, other] of twins(extended, own))
    loading.problems.push(tellTwins(one, other, tell(['checks', file.checks.indexOf(other.spec), 'name'], '', '')));

  const digest = createHash('sha256').update(source.text).digest('hex');
  return {
    file,
    tell,
    checks: [...extended, ...own],
    waivers: [
      ...branches.flatMap((branch) => branch.waivers),
      ...waivers.map((waiver, index) => ({
        waiver,
        tellCheck: (summary: string, detail: string) => tell(['waivers', index, 'check'], summary, detail),
      })),
    ],
    sources: [...branches.flatMap(({ sources }) => sources), { name: source.origin ?? source.name, digest, checks: own.length }],
    params: new Set([...branches.flatMap((branch) => [...branch.params]), ...Object.keys(params)]),
  };
}

const WAIVERS_STAY = 'Waivers stand in the repository that judges. Here, write `except` at the check';
const keyOf = ({ baseDir, name }: Source): string => `${baseDir}\0${name}`;

function toPlaced(spec: CheckSpec, file: ChecksFile, { baseDir, origin }: Source, { file: name, line, column }: Diagnostic): PlacedCheck {
  const place = [name, line, column].filter((part) => part !== undefined).join(':');
  return { spec, params: file.params ?? {}, baseDir, origin, place };
}

/** Checks that are called alike. */
const twins = (first: readonly PlacedCheck[], then: readonly PlacedCheck[]): (readonly [PlacedCheck, PlacedCheck])[] =>
  then.flatMap((other) => first.filter(({ spec }) => spec.name === other.spec.name).map((one) => [one, other] as const));

const tellTwins = (one: PlacedCheck, other: PlacedCheck, at: Diagnostic): Diagnostic => ({
  ...at,
  summary: `Two checks are called "${one.spec.name}"`,
  detail: `They stand at ${one.place} and ${other.place}. Rename one, or leave one out with \`without\``,
});

interface At {
  /** The file that extends. */
  readonly source: Source;
  readonly tell: Tell;
  readonly path: DocumentPath;
  readonly trail: readonly string[];
}

async function readEntry(entry: Extends, { source, tell, path, trail }: At, loading: Loading): Promise<Branch | null> {
  const problem = (inside: DocumentPath, summary: string, detail: string): null => {
    loading.problems.push(tell([...path, ...inside], summary, detail));
    return null;
  };
  if (++loading.files > MAX_FILES)
    return loading.files > MAX_FILES + 1 ? null : problem([], `More than ${MAX_FILES} files are extended`, '');
  const found = await findSource(entry, source, loading.deps);
  if (!found.ok) return problem([found.error.key], found.error.summary, found.error.detail);
  if (trail.includes(keyOf(found.value))) return problem([], `${found.value.name} extends itself`, 'Take this entry out');
  const before = loading.problems.length;
  const branch = await readBranch(found.value, trail, loading);
  // What is wrong in it is told there; that its checks are missing here would only repeat it.
  if (branch === null || loading.problems.length > before) return null;
  const { checks, problems } = adjust(branch.checks, entry, branch.params);
  for (const { path: inside, summary, detail } of problems) problem(inside, summary, detail);
  if (checks.length === 0 && branch.waivers.length === 0) return problem([], 'None of its checks is left', 'Take this entry out');
  const sources = branch.sources.map((one) => ({ ...one, checks: checks.filter(({ origin }) => origin === one.name).length }));
  return { ...branch, checks, sources };
}
