// A reader of the text of `terraform show` and `terraform plan`, so that what we tell of a plan can be held against what Terraform tells.
// Knows no code of ours. Throws on a line that it does not understand: a comparison must not pass over anything.
//
// Source of the form: hashicorp/terraform, internal/command/jsonformat, read 2026-11-22.

/** One value that comes or goes. Steps: keys, `[]` for any element of a list or set, `jsonencode()` for what stands in a JSON text. */
export interface ToldValue {
  readonly sign: '-' | '+';
  readonly path: readonly string[];
  /** JSON of a scalar, `[]`, `{}`, or Terraform's words in brackets: `(known after apply)`. Several lines: as a text without white space around. */
  readonly value: string;
}

export interface ToldBody {
  readonly values: readonly ToldValue[];
  /** Paths with `# forces replacement`. */
  readonly forced: readonly (readonly string[])[];
  /** Paths of nested blocks: the text does not say whether the JSON holds a list or an object there. */
  readonly blocks: readonly (readonly string[])[];
}

export interface ToldResource extends ToldBody {
  /** With `(deposed object KEY)`, as the text has it. */
  readonly address: string;
  /** The sentence after the address: `will be created`. */
  readonly sentence: string;
  readonly movedFrom: string | null;
  readonly importedFrom: string | null;
  /** Other lines of comment below the sentence, without their brackets. */
  readonly remarks: readonly string[];
  /** `+`, `-/+`, `<=`, empty. */
  readonly mark: string;
}

export interface ToldPlan {
  readonly drift: readonly ToldResource[];
  readonly deferred: readonly ToldResource[];
  readonly changes: readonly ToldResource[];
  readonly outputs: ToldBody | null;
  /** `1 to add, 0 to change, 0 to destroy`; null: there is no such line. */
  readonly planLine: string | null;
  /** The first sentence of a plan without changes: `No changes.`; null: there is none. */
  readonly nothing: string | null;
  readonly isRefreshOnly: boolean;
}

const SENTENCES: readonly string[] = [
  'will be created',
  'will be updated in-place',
  'will be destroyed',
  'will be read during apply',
  'must be replaced',
  'is tainted, so must be replaced',
  'is tainted, so it must be replaced',
  'will be replaced, as requested',
  'will be replaced due to changes in replace_triggered_by',
  'must be replaced, but the existing object will not be destroyed',
  'will no longer be managed by Terraform, but will not be destroyed',
  'will be removed from Terraform state, but will not be destroyed',
  'will be removed from the OpenTofu state but will not be destroyed',
  'will be imported',
  'has changed',
  'has been deleted',
  'was deferred',
];

type Section = 'drift' | 'deferred' | 'changes';

const HEADINGS: readonly (readonly [RegExp, Section])[] = [
  [/^Note: Objects have changed outside of (?:Terraform|OpenTofu)$/, 'drift'],
  [/^Note: This is a partial plan/, 'deferred'],
  [/^(?:Terraform|OpenTofu) will perform the following actions:$/, 'changes'],
  [/^(?:Terraform|OpenTofu) planned the following actions, but then encountered a problem:$/, 'changes'],
];

export function readTerraformText(text: string): ToldPlan {
  const lines = new Lines(text);
  const told: Record<Section, ToldResource[]> = { drift: [], deferred: [], changes: [] };
  let section: Section | null = null;
  let outputs: ToldBody | null = null;
  let planLine: string | null = null;
  let nothing: string | null = null;
  let isRefreshOnly = false;
  while (!lines.atEnd) {
    const line = lines.next();
    const heading = HEADINGS.find(([form]) => form.test(line));
    if (heading !== undefined) section = heading[1];
    else if (/^ {1,2}# /.test(line)) {
      if (section === null) throw lines.fault('a resource outside of a section');
      told[section].push(readResource(lines, line));
    } else if (line.startsWith('Plan: ')) planLine = line.slice('Plan: '.length).replace(/\.$/, '');
    else if (line === 'Changes to Outputs:') outputs = readBody(lines, 2, () => lines.atEnd || lines.peek() === '');
    else if (/^No (?:current )?changes\. /.test(line)) nothing = line;
    else if (line.startsWith('This is a refresh-only plan')) isRefreshOnly = true;
    else if (/^ /.test(line) && !LEGEND.test(line)) throw lines.fault('a line that stands nowhere');
    // The rest is Terraform's prose around the plan, and what it writes while it works.
  }
  return { ...told, outputs, planLine, nothing, isRefreshOnly };
}

/** What the signs mean, what the command does next, and the excerpts of warnings. */
const LEGEND =
  /^(?: {2}[+~.-] | <= read|\+\/- |-\/\+ |\.\/\+ | {4}(?:terraform|tofu) apply| {2}(?:terraform|tofu) apply| {2}on | +\d+: | +[├│])/;

class Lines {
  private readonly lines: readonly string[];
  private at = 0;

  constructor(text: string) {
    // Colours, and the ends of lines of Windows.
    this.lines = text.replace(/\u001b\[[0-9;]*m/g, '').split(/\r?\n/);
  }

  get atEnd(): boolean {
    return this.at >= this.lines.length;
  }

  peek(): string {
    return this.lines[this.at] ?? '';
  }

  next(): string {
    if (this.atEnd) throw this.fault('the text ends too early');
    this.at += 1;
    return this.lines[this.at - 1] ?? '';
  }

  fault(what: string): Error {
    return new Error(`Terraform's text, line ${this.at}: ${what}: ${JSON.stringify(this.lines[this.at - 1] ?? '')}`);
  }
}

const RESOURCE = /^(-\/\+|\+\/-|\.\/\+|\+\/\.| <=| {2}[+~. -]| \.| {3}) ?(?:resource|data) "[^"]+" "[^"]+" \{$/;

function readResource(lines: Lines, first: string): ToldResource {
  const head = readSentence(first.replace(/^ {1,2}# /, '')) ?? fail(lines, 'a sentence that nobody knows');
  const facts: { movedFrom: string | null; importedFrom: string | null; remarks: string[] } = {
    movedFrom: head.movedFrom,
    importedFrom: null,
    remarks: [],
  };
  while (/^ {1,2}#/.test(lines.peek())) {
    const remark = lines.next().replace(/^ {1,2}# ?/, '');
    const moved = /^\(moved from (.*)\)$/.exec(remark)?.[1];
    const imported = /^\(imported from "(.*)"\)$/.exec(remark)?.[1];
    if (moved !== undefined) facts.movedFrom = moved;
    else if (imported !== undefined) facts.importedFrom = imported;
    else facts.remarks.push(remark.replace(/^\((.*)\)$/, '$1'));
  }
  const opening = RESOURCE.exec(lines.next()) ?? fail(lines, 'no resource begins here');
  const body = readBody(lines, 6, () => lines.peek() === '    }');
  lines.next();
  return { address: head.address, sentence: head.sentence, ...facts, mark: (opening[1] ?? '').trim(), ...body };
}

function readSentence(text: string): { address: string; sentence: string; movedFrom: string | null } | null {
  const moved = /^(.*) has moved to (.*)$/.exec(text);
  if (moved) return { address: moved[2] ?? '', sentence: 'has moved', movedFrom: moved[1] ?? '' };
  // The longest: "is tainted, so must be replaced" ends as another one does.
  const sentence = SENTENCES.filter((known) => text.endsWith(` ${known}`)).sort((a, b) => b.length - a.length)[0];
  return sentence === undefined ? null : { address: text.slice(0, -sentence.length - 1), sentence, movedFrom: null };
}

function fail(lines: Lines, what: string): never {
  throw lines.fault(what);
}

interface Reading {
  readonly values: ToldValue[];
  readonly forced: (readonly string[])[];
  readonly blocks: (readonly string[])[];
}

/** Attributes and blocks, until `isEnd`. @param column where the sign of an attribute stands, 0-based */
function readBody(lines: Lines, column: number, isEnd: () => boolean): ToldBody {
  const into: Reading = { values: [], forced: [], blocks: [] };
  readMembers(lines, column, [], into, isEnd);
  return into;
}

type Sign = '+' | '-' | '~' | ' ';

const MEMBER = /^("(?:[^"\\]|\\.)*"|[^\s"=]+) += (.*)$/;
const BLOCK = /^([^\s"=]+) (?:"(?:[^"\\]|\\.)*" )?\{(.*)$/;

function readMembers(lines: Lines, column: number, path: readonly string[], into: Reading, isEnd: () => boolean): void {
  while (!isEnd()) {
    const line = lines.next();
    const rest = line.slice(column + 2);
    if (line.trim() === '' || rest.startsWith('#')) continue;
    const sign = signOf(lines, line, column);
    const member = MEMBER.exec(rest);
    if (member) {
      const key = member[1] ?? '';
      const inner = [...path, key.startsWith('"') ? unquote(key) : key];
      readValue(lines, member[2] ?? '', { sign, column, path: inner, into });
      continue;
    }
    const block = BLOCK.exec(rest) ?? fail(lines, 'neither attribute nor block');
    const inner = [...path, block[1] ?? ''];
    into.blocks.push(inner);
    if (/# forces replacement/.test(block[2] ?? '')) into.forced.push(inner);
    const closing = `${' '.repeat(column + 2)}}`;
    readMembers(lines, column + 4, inner, into, () => lines.peek().startsWith(closing));
    lines.next();
  }
}

function signOf(lines: Lines, line: string, column: number): Sign {
  const sign = line.charAt(column);
  if (line.slice(0, column).trim() !== '' || !isSign(sign)) throw lines.fault('no sign where one must stand');
  return sign;
}

const isSign = (text: string): text is Sign => text === '+' || text === '-' || text === '~' || text === ' ';

interface Place {
  readonly sign: Sign;
  readonly column: number;
  readonly path: readonly string[];
  readonly into: Reading;
}

/** The value that begins with `text`, with all lines that belong to it, and what it becomes: `1 -> 2`. */
function readValue(lines: Lines, text: string, place: Place): void {
  const { sign } = place;
  if (sign === ' ') readSide(lines, text, place, null);
  else if (sign !== '~') readSide(lines, text, place, sign);
  else {
    const after = readSide(lines, text, place, 'both');
    if (after !== null) readSide(lines, after, place, '+');
  }
}

/** @returns the text after `->`, when there is one */
function readSide(lines: Lines, text: string, place: Place, side: '+' | '-' | 'both' | null): string | null {
  const { column, path, into } = place;
  const add = (text: string, signs: readonly ('+' | '-')[]): void => {
    const json = /^jsonencode\((.*)\)$/.exec(text);
    const told = json ? { path: [...path, 'jsonencode()'], value: json[1] ?? '' } : { path, value: text };
    for (const sign of signs) into.values.push({ sign, ...told });
  };
  const tell = (value: string, after: string | null): void => {
    if (side === null) return;
    if (side !== 'both') add(value, [side]);
    // A changed secret stands there once, for both sides.
    else add(value, after === null ? ['-', '+'] : ['-']);
  };
  const opening = /^(\[|\{|jsonencode\()(?: # (.*))?$/.exec(text);
  if (opening) {
    const [, bracket = '', comment = ''] = opening;
    if (comment === 'forces replacement') into.forced.push(path);
    const close = bracket === '[' ? ']' : bracket === '{' ? '}' : ')';
    const closing = `${' '.repeat(column + 2)}${close}`;
    const isEnd = (): boolean => lines.peek().startsWith(closing);
    if (bracket === '{') readMembers(lines, column + 4, path, into, isEnd);
    else readElements(lines, column + 4, [...path, bracket === '[' ? '[]' : 'jsonencode()'], into, isEnd);
    return ending(lines, lines.next().slice(closing.length), place);
  }
  const heredoc = /^<<-EOT(?: # (forces replacement))?$/.exec(text);
  if (heredoc) {
    if (heredoc[1] !== undefined) into.forced.push(path);
    return readHeredoc(lines, place, side);
  }
  const scalar =
    /^((?:"(?:[^"\\]|\\.)*")|\[\]|\{\}|\([a-z -]+\)|jsonencode\((?:\{\}|\[\])\)|[^\s",]+)(.*)$/.exec(text) ?? fail(lines, 'no value');
  const after = ending(lines, scalar[2] ?? '', place);
  tell(toValue(scalar[1] ?? ''), after);
  return after;
}

/** What follows a value: `,`, `-> null`, `-> …`, `# forces replacement`. */
function ending(lines: Lines, text: string, { path, into, sign }: Place): string | null {
  const comment = /^(.*?)(?: # (forces replacement))?,?$/.exec(text) ?? fail(lines, 'no end of a value');
  let rest = comment[1] ?? '';
  const arrow = /^ -> (.*)$/.exec(rest);
  if (comment[2] !== undefined && !/^ -> [[{<]/.test(rest)) into.forced.push(path);
  if (rest.endsWith(',')) rest = rest.slice(0, -1);
  if (arrow) return sign === '~' ? text.replace(/^ -> /, '').replace(/ # forces replacement|,$/g, '') : null;
  if (rest !== '') throw lines.fault('something follows a value');
  return null;
}

function readElements(lines: Lines, column: number, path: readonly string[], into: Reading, isEnd: () => boolean): void {
  while (!isEnd()) {
    const line = lines.next();
    const rest = line.slice(column + 2);
    if (line.trim() === '' || rest.startsWith('#')) continue;
    readValue(lines, rest, { sign: signOf(lines, line, column), column, path, into });
  }
}

/** A text of several lines. Between both sides each line has a sign of its own. */
function readHeredoc(lines: Lines, place: Place, side: '+' | '-' | 'both' | null): string | null {
  const { column, path, into } = place;
  const rows: { sign: string; text: string }[] = [];
  const closing = `${' '.repeat(column + 2)}EOT`;
  while (!lines.peek().startsWith(closing)) {
    const line = lines.next();
    rows.push({ sign: line.charAt(column + 4), text: line.slice(column + 6) });
  }
  const after = ending(lines, lines.next().slice(closing.length), place);
  const sideOf = (own: string): string =>
    JSON.stringify(
      rows
        .filter(({ sign }) => sign === own || sign.trim() === '')
        .map(({ text }) => text)
        .join('\n')
        .trim(),
    );
  if (side === 'both' && after === null) {
    into.values.push({ sign: '-', path, value: sideOf('-') }, { sign: '+', path, value: sideOf('+') });
  } else if (side !== null) {
    into.values.push({ sign: side === 'both' ? '-' : side, path, value: sideOf('') });
  }
  return after;
}

function toValue(text: string): string {
  if (text.startsWith('"')) return JSON.stringify(unquote(text));
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A text as Go writes it with %q. */
function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g, (_all, x?: string, u?: string, long?: string, other?: string) =>
      other === undefined ? String.fromCodePoint(parseInt(x ?? u ?? long ?? '', 16)) : (ESCAPES[other] ?? other),
    );
}
