// One of zod's issues as a problem of the file, said with the value that caused it or without. Pure.
import type * as z from 'zod';
import { didYouMean } from '../base/did-you-mean.ts';
import { kindWord, typeWord } from './schema-walk.ts';
import type { Words } from './yaml-words.ts';

export interface Problem {
  readonly what: string;
  /** What to write instead; '' when `what` says it. */
  readonly instead: string;
  /** What was probably meant; may repeat the value. */
  readonly hint: string;
  /** Which part of the value explains the problem. */
  readonly shows: 'value' | 'kind' | 'nothing';
}

/** @param forms  the forms of a union, or the one form that is expected, in words */
export function toProblem(issue: z.core.$ZodIssue, found: unknown, forms: readonly string[]): Problem {
  const say = (what: string, shows: Problem['shows'], instead = '', hint = ''): Problem => ({ what, shows, instead, hint });
  if (issue.code === 'custom') return say(issue.message, 'nothing');
  if (issue.message !== '') return say(issue.message, 'value');
  switch (issue.code) {
    case 'invalid_value': {
      const choices = issue.values.map(String);
      const near = typeof found === 'string' ? didYouMean(found, choices) : null;
      const use = `Use ${choices.length === 1 ? choices[0] : `one of: ${choices.join(', ')}`}`;
      const quoted = typeof found === 'string' && choices.includes(found);
      const hint = quoted ? 'Write it without quotes' : near === null ? '' : `Did you mean "${near}"?`;
      return say('Not one of the possible values', 'value', use, hint);
    }
    case 'invalid_type': {
      const hint = typeof found === 'string' ? insteadOfText(issue.expected, found, forms) : '';
      return say(`Must be ${typeWord(issue.expected)}`, 'kind', '', hint);
    }
    case 'invalid_union':
      return say(forms.length === 0 ? 'Not in a form that is known here' : `Must be ${forms.join(' or ')}`, 'kind');
    case 'too_small':
      if (issue.origin === 'array') return say('The list is empty', 'nothing', 'Name at least one');
      return issue.origin === 'string' ? say('Too short', 'value') : say(`Must be at least ${issue.minimum}`, 'value');
    case 'too_big':
      if (issue.origin === 'string') return say(`Too long: at most ${issue.maximum} characters`, 'nothing');
      return issue.origin === 'array'
        ? say(`Too many: at most ${issue.maximum}`, 'nothing')
        : say(`Must be at most ${issue.maximum}`, 'value');
    case 'invalid_format':
      return say(
        issue.format === 'url' ? 'Must be a URL, such as https://relay.example.com' : 'Not in the form that is asked here',
        'value',
      );
    default:
      return say('Not valid here', 'value');
  }
}

/** Whoever writes a text where more is asked for mostly means the only thing in it. */
function insteadOfText(expected: string, found: string, forms: readonly string[]): string {
  if (expected === 'array') return `Write [${found}]`;
  return expected === 'object' && forms[0]?.startsWith('{') === true ? `Write ${forms[0]}` : '';
}

/** For a file that holds no secrets: what was found explains more than any rule. */
export function quoting({ what, instead, hint, shows }: Problem, found: unknown): Words {
  if (shows === 'nothing' && instead === '') return splitSentence(what);
  return { summary: what, detail: sentences(instead, shows === 'nothing' ? '' : `Found: ${show(found)}`, hint) };
}

/** For a file that may hold a secret by mistake: the place is named, and the kind of what stands there. */
export function quotingNothing({ what, instead, shows }: Problem, found: unknown, name: string): Words {
  const detail = sentences(instead === '' ? what : instead, shows === 'kind' ? `Found: ${kindWord(found)}` : '');
  return { summary: `"${name}" is not valid`, detail };
}

const sentences = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('. ');

/** A schema's author writes "what is wrong. What to do". */
function splitSentence(message: string): Words {
  const end = message.indexOf('. ');
  return end < 0 ? { summary: message, detail: '' } : { summary: message.slice(0, end), detail: message.slice(end + 2) };
}

/** Short: a pasted page would fill the log. */
function show(value: unknown): string {
  const text = value === null ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
