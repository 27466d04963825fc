// The blocks of a .tf file with their lines. Pure, linear in the text, and without recursion: the file may be hostile.
//
// Not a parser: it knows where strings, templates, heredocs and comments end, and so which braces count. A file that Terraform would
// refuse gives fewer blocks or wrong lines, never an error. Own code: the HCL parsers on npm are Go compiled to 10 MB of WebAssembly
// (@cdktf/hcl2json) or know neither templates nor lines.
import type { ConfigurationBlock } from './block.ts';

type Token = { readonly kind: 'name' | 'text' | 'sign' | 'newline'; readonly text: string; readonly line: number };

/** Source: HashiCorp, "HCL native syntax specification" (read 2026-11-22). */
export function scanHcl(source: string): ConfigurationBlock[] {
  const blocks: ConfigurationBlock[] = [];
  let members = new Map<string, number>();
  let depth = 0;
  /** What stands before `{` or `=` in the item that is being read: names and labels. */
  let words: Token[] = [];
  for (const token of tokens(source)) {
    if (token.kind === 'newline') {
      words = [];
    } else if (token.kind !== 'sign') {
      if (depth <= 1) words.push(token);
    } else if (OPENING.has(token.text)) {
      const [first, ...labels] = words;
      if (token.text === '{' && first?.kind === 'name') {
        if (depth === 0) {
          members = new Map();
          blocks.push({ keyword: first.text, labels: labels.map(({ text }) => text), line: first.line, members });
        } else if (depth === 1) {
          // `dynamic "ingress" {` stands for the blocks that it makes.
          addMember(members, first.text === 'dynamic' && labels[0] !== undefined ? { ...labels[0], line: first.line } : first);
        }
      }
      words = [];
      depth++;
    } else if (CLOSING.has(token.text)) {
      depth = Math.max(0, depth - 1);
      words = [];
    } else {
      if (token.text === '=' && depth === 1 && words.length === 1 && words[0]?.kind === 'name') addMember(members, words[0]);
      // An expression begins, or goes on: names in it are no items of ours.
      words = [EXPRESSION];
    }
  }
  return blocks;
}

const OPENING = new Set(['{', '[', '(']);
const CLOSING = new Set(['}', ']', ')']);
const EXPRESSION: Token = { kind: 'text', text: '', line: 0 };

function addMember(members: Map<string, number>, { text, line }: Token): void {
  if (!members.has(text)) members.set(text, line);
}

const SPACE = /[^\S\n]+/y;
const COMMENT = /(?:#|\/\/)[^\n]*/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const HEREDOC = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;

function* tokens(source: string): Generator<Token> {
  let at = source.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const skipTo = (end: number): void => {
    // Not with indexOf: on one endless line it would look through the rest of the file for each string.
    for (; at < end; at++) if (source[at] === '\n') line++;
  };
  while (at < source.length) {
    const begin = at;
    const beginLine = line;
    const blank = matchAt(SPACE) ?? matchAt(COMMENT);
    const heredoc = blank === null && source[at] === '<' ? matchAt(HEREDOC) : null;
    const name = blank === null && heredoc === null ? matchAt(NAME) : null;
    if (blank !== null) at += blank[0].length;
    else if (source.startsWith('/*', at)) skipTo(endOrAll(source.indexOf('*/', at + 2), 2, source));
    else if (heredoc !== null) {
      skipTo(endOfHeredoc(source, at + heredoc[0].length, heredoc[1] ?? ''));
      yield { kind: 'text', text: '', line: beginLine };
    } else if (source[at] === '"') {
      skipTo(endOfString(source, at));
      yield { kind: 'text', text: source.slice(begin + 1, at - 1), line: beginLine };
    } else if (name !== null) {
      at += name[0].length;
      yield { kind: 'name', text: name[0], line };
    } else if (source[at] === '\n') {
      at++;
      yield { kind: 'newline', text: '\n', line: line++ };
    } else {
      at++;
      yield { kind: 'sign', text: source.charAt(begin), line };
    }
  }
}

const endOrAll = (found: number, length: number, source: string): number => (found === -1 ? source.length : found + length);

/** The line that holds the marker alone ends it; what follows that line's text is the file's again. */
function endOfHeredoc(source: string, from: number, marker: string): number {
  for (let start = from; start < source.length;) {
    const newline = source.indexOf('\n', start);
    const end = newline === -1 ? source.length : newline;
    if (source.slice(start, end).trim() === marker) return end;
    start = end + 1;
  }
  return source.length;
}

/**
 * Behind the closing quote. Templates (`${…}`, `%{…}`) hold strings that hold templates; `$${` opens none. A string that is open at the
 * end of its line is a mistake that ends there, so that it does not swallow the rest of the file.
 */
function endOfString(source: string, from: number): number {
  const open: ('"' | '{')[] = ['"'];
  let at = from + 1;
  while (at < source.length && open.length > 0) {
    const c = source[at];
    if (open.at(-1) === '{') {
      if (c === '"' || c === '{') open.push(c);
      else if (c === '}') open.pop();
      at++;
    } else if (c === '\\') at += 2;
    else if (c === '\n') return at;
    else if (c === '"') {
      open.pop();
      at++;
    } else if ((c === '$' || c === '%') && source[at + 1] === c && source[at + 2] === '{') at += 3;
    else if ((c === '$' || c === '%') && source[at + 1] === '{') {
      open.push('{');
      at += 2;
    } else at++;
  }
  return Math.min(at, source.length);
}
