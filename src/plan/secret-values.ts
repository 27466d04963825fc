// Which texts count as secrets of a plan: everything under a mark, less what is too short or too common to be one. No I/O.
//
// The rule, also told in docs/design: the marked place itself is always hidden, whatever stands there. A *copy* elsewhere is hidden
//   - as a whole value:      4 characters and up (a number: 6 digits and up, unless it is round or a power of two)
//   - as a word of a text:   4 to 7 characters, in free text only (messages, tool output), bounded by what is no letter or digit
//   - inside any text:       8 characters and up, also encoded (secret-forms.ts)
//   - as a digest of it:     where the digest is the whole value (secret-digests.ts)
// and never when it is a common word: `true` marked somewhere would otherwise hide half the plan. Keys of a marked map are hidden
// with the map, but are no secrets elsewhere: they are mostly attribute names.
import { isErrorLike } from '../base/fault.ts';
import type { Json } from '../contracts/json.ts';
import { isList, isMap, ownValue } from './json-tree.ts';
import { isMarked, marksAt, type Marks } from './marks.ts';
import type { Change, ExactNumbers, Plan, ValuePath } from './model.ts';
import { isKnownUnmarked } from './read/packed-change.ts';

export const MIN_COPY_LENGTH = 4;
export const MIN_INNER_LENGTH = 8;
const MIN_NUMBER_LENGTH = 6;

export interface SecretValues {
  /** Whole marked texts of at least MIN_COPY_LENGTH. */
  readonly whole: ReadonlySet<string>;
  /** Single secrets found within a marked text (a line of a key, a value in JSON or in KEY=value); at least MIN_INNER_LENGTH. */
  readonly parts: ReadonlySet<string>;
}

export function collectSecretValues(plan: Plan): SecretValues {
  const whole = new Set<string>();
  const parts = new Set<string>();
  const add = (text: string): void => {
    if (text.length < MIN_COPY_LENGTH || isCommon(text) || whole.has(text)) return;
    whole.add(text);
    for (const part of partsOf(text)) parts.add(part);
  };

  const fromChange = (change: Change): void => {
    if (isKnownUnmarked(change)) return;
    const marksBefore: Marks = { own: change.beforeSensitive, other: change.afterSensitive };
    const marksAfter: Marks = { own: change.afterSensitive, other: change.beforeSensitive };
    addMarked(change.before, marksBefore, add);
    addMarked(change.after, marksAfter, add);
    if (change.exactNumbers === undefined) return;
    addMarkedExactly(change.before, marksBefore, change.exactNumbers.before, add);
    addMarkedExactly(change.after, marksAfter, change.exactNumbers.after, add);
  };
  for (const change of plan.changes) fromChange(change);
  for (const change of plan.drift) fromChange(change);
  for (const change of plan.outputs) fromChange(change);
  for (const deferred of plan.deferred) fromChange(deferred.change);
  for (const invocation of plan.invocations ?? []) fromChange(invocation.config);
  for (const value of plan.markedElsewhere ?? []) addLeaves(value, add);
  return { whole, parts };
}

/** Too common to be anybody's secret; compared without regard to case. */
export function isCommon(text: string): boolean {
  return COMMON_WORDS.has(text.toLowerCase()) || COMMON_FORMS.test(text) || /^(.)\1*$/su.test(text);
}

// Ports, sizes, timeouts, limits. Below six digits a number stands everywhere; a round one is a setting, a power of two a size.
function isCommonNumber(value: number): boolean {
  const size = Math.abs(value);
  return (
    String(size).length < MIN_NUMBER_LENGTH ||
    size % 100 === 0 ||
    Number.isInteger(Math.log2(size)) ||
    Number.isInteger(Math.log2(size + 1))
  );
}

/** Calls `found` with each marked value (whole subtrees) below `value`. */
export function eachMarked(value: Json, marks: Marks, found: (marked: Json) => void): void {
  if (isMarked(value, marks)) return found(value);
  if (!marks.own && !marks.other) return;
  if (isList(value)) value.forEach((item, i) => eachMarked(item, marksAt(marks, i), found));
  else if (isMap(value)) {
    for (const key of Object.keys(value)) eachMarked(ownValue(value, key) ?? null, marksAt(marks, key), found);
  }
}

const addMarked = (value: Json, marks: Marks, add: (text: string) => void): void =>
  eachMarked(value, marks, (marked) => addLeaves(marked, add));

/** A number that a double does not hold is known by its spelling, too: a text beside it has all of its digits. */
function addMarkedExactly(value: Json, marks: Marks, numbers: ExactNumbers, add: (text: string) => void): void {
  for (const [place, spelling] of numbers) {
    if (isMarkedAt(value, marks, JSON.parse(place) as ValuePath)) add(spelling);
  }
}

function isMarkedAt(value: Json | undefined, marks: Marks, path: ValuePath): boolean {
  if (isMarked(value, marks)) return true;
  const [step, ...rest] = path;
  if (step === undefined) return false;
  const child = isList(value) ? value[Number(step)] : isMap(value) ? ownValue(value, String(step)) : undefined;
  return isMarkedAt(child, marksAt(marks, step), rest);
}

function addLeaves(value: Json, add: (text: string) => void): void {
  if (typeof value === 'string') add(value);
  else if (typeof value === 'number') {
    if (!isCommonNumber(value)) add(String(value));
  } else if (isList(value)) for (const item of value) addLeaves(item, add);
  else if (isMap(value)) for (const key of Object.keys(value)) addLeaves(ownValue(value, key) ?? null, add);
}

// A marked text may be a container of secrets: an .env file, a PEM key, a JSON document. People and tools copy the parts.
function partsOf(text: string): string[] {
  const parts: string[] = [];
  const add = (part: string): void => {
    if (part.length >= MIN_INNER_LENGTH && part !== text && !isCommon(part)) parts.push(part);
  };
  add(text.trim());
  const leaves = jsonLeaves(text);
  for (const leaf of leaves) add(leaf);
  for (const line of [text, ...leaves].filter((one) => /[\n=]/.test(one)).flatMap((one) => one.split(/\r?\n/))) {
    const assigned = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*[=:]\s*(\S+)\s*$/.exec(line)?.[1];
    if (assigned !== undefined) add(assigned.replace(/^(["'])(.*)\1$/, '$2'));
    // Prose, scripts and the frame of a PEM key share their lines with unmarked texts; one long token does not.
    else if (/^\s*\S+\s*$/.test(line)) add(line.trim());
  }
  return parts;
}

function jsonLeaves(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (thrown) {
    // Looks like JSON and is not: then it has no leaves.
    if (isErrorLike(thrown) && thrown.name === 'SyntaxError') return [];
    throw thrown;
  }
  const leaves: string[] = [];
  const pending: Json[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') leaves.push(next);
    else if (isList(next)) for (const item of next) pending.push(item);
    else if (isMap(next)) for (const key of Object.keys(next)) pending.push(ownValue(next, key) ?? null);
  }
  return leaves;
}

// Numbers that are ports, sizes or years; versions; the open network; policy dates; regions and zones of the large clouds.
const DIRECTION = '(?:north|south|east|west|central){1,2}';
const COMMON_FORMS = new RegExp(
  [
    String.raw`\d{1,5}`,
    String.raw`v?\d{1,4}(?:\.\d{1,4}){1,2}`,
    String.raw`127\.0\.0\.1|0\.0\.0\.0/0`,
    String.raw`20\d\d-\d\d-\d\d`,
    String.raw`(?:us|eu|ap|ca|sa|me|af|il|mx|us-gov|cn)-${DIRECTION}-\d[a-z]?`,
    String.raw`(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-${DIRECTION}\d(?:-[a-z])?`,
  ]
    .map((form) => `^(?:${form})$`)
    .join('|'),
);

const COMMON_WORDS: ReadonlySet<string> = new Set(
  `true false null none undefined unknown empty enabled disabled enable disable allow deny allowed denied active inactive default
  defaults custom standard basic premium public private internal external local remote global regional primary secondary
  admin administrator root user username password passwd secret secrets token apikey api_key key_id client_id client_secret
  name names type types value values string number object list data test tests testing demo example examples sample
  dev prod stage staging production development integration sandbox main master latest stable release version
  postgres postgresql mysql mariadb mongodb redis oracle sqlserver aurora-postgresql aurora-mysql database
  http https tcp udp icmp localhost 0.0.0.0 terraform managed aws azure google github linux windows ubuntu
  service services server client cluster instance bucket network subnet security policy role group groups
  yaml json text plain binary base64 utf-8 sha256 rsa2048 aes256 aws:kms owner team environment
  read write readonly readwrite read-only read-write always never optional required changeme change_me redacted`
    .split(/\s+/)
    .concat('(sensitive value)', '(known after apply)'),
);
