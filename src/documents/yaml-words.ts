// What is wrong with the YAML itself, in words that say what to write instead. Pure.
import type { ErrorCode } from 'yaml';

export interface Words {
  readonly summary: string;
  readonly detail: string;
}

const WORDS: Readonly<Partial<Record<ErrorCode, Words>>> = {
  TAB_AS_INDENT: { summary: 'A tab is used as indentation', detail: 'YAML allows only spaces there' },
  DUPLICATE_KEY: { summary: 'A key is written twice', detail: 'One of the two would be ignored. Remove or rename it' },
  MULTIPLE_DOCS: { summary: 'The file holds more than one YAML document', detail: 'Only one is read. Remove the line with `---`' },
  TAG_RESOLVE_FAILED: { summary: 'A tag (`!…`) is not known here', detail: 'A text that begins with ! must be in quotes' },
  BAD_ALIAS: {
    summary: 'An anchor (`&…`) or alias (`*…`) has no good name',
    detail: 'A text that begins with * or & must be in quotes: "*"',
  },
  BAD_SCALAR_START: { summary: 'A text begins with a character that YAML keeps for itself', detail: 'Write the text in quotes' },
  BAD_DQ_ESCAPE: {
    summary: 'A backslash in double quotes begins no escape that YAML knows',
    detail: 'Write two backslashes, or use single quotes',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    summary: 'A second `key: ` or a list begins in the same line',
    detail: 'A text that holds ": " must be in quotes: "a: b". What belongs to the key stands in lines of its own, indented',
  },
  BAD_DIRECTIVE: { summary: 'A YAML directive is not known here', detail: 'Remove the line that begins with %' },
  NON_STRING_KEY: { summary: 'A key is not plain text', detail: 'A list, a map or an alias cannot be a key' },
  RESOURCE_EXHAUSTION: { summary: 'The file is nested too deeply', detail: 'A file that is written by hand has a few levels' },
};

/** Codes whose sentence is the same whatever the file holds (yaml 2.9, read 2026-11-22). The others put pieces of the file into it. */
const QUOTES_NOTHING: readonly ErrorCode[] = [
  'ALIAS_PROPS',
  'BAD_INDENT',
  'BLOCK_IN_FLOW',
  'KEY_OVER_1024_CHARS',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
];

/** @param mayQuote  false: no part of the file is repeated, because it may be a secret */
export function toWords({ code, message }: { readonly code: ErrorCode; readonly message: string }, mayQuote: boolean): Words {
  const words = WORDS[code];
  if (words !== undefined) return words;
  const detail = mayQuote || QUOTES_NOTHING.includes(code) ? message : 'Brackets, quotes or indentation do not fit together there';
  return { summary: 'Not valid YAML', detail };
}
