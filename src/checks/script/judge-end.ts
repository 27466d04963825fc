// What the end of a script's process means: findings, or the reason why it says nothing. Pure.
//
// It came to its end only if it said so itself with the token it was given, ended by itself and with exit code 0. In every other case the
// check has errored, and what it had found until then counts.
import { stripVTControlCharacters } from 'node:util';
import type { Severity } from '../../contracts/check-words.ts';
import { worstFirst } from '../../findings/sort.ts';
import { MAX_FINDINGS, toUnlisted } from '../finding-limit.ts';
import type { FindingDraft, KindOutcome } from '../kind.ts';
import type { ScriptMessage } from './messages.ts';
import { tooMuchMemory, type ScriptEnd } from './run-process.ts';

export interface Asked {
  /** Folder of the private copy: no place that means anything to whoever reads. */
  readonly root: string;
  readonly file: string;
  readonly token: string;
  readonly memoryMb: number;
  /** Of findings that name none. */
  readonly severity: Severity;
}

const LEVELS = ['error', 'warning', 'note'] as const;

export const judgeScriptEnd = (end: ScriptEnd, asked: Asked): KindOutcome => ({
  findings: findingsOf(end.messages, asked),
  reason: reasonOf({ ...end, tail: withoutRoot(end.tail, asked.root) }, asked),
});

function findingsOf(messages: readonly ScriptMessage[], { severity }: Asked): FindingDraft[] {
  const made = messages.flatMap((message) =>
    'finding' in message ? [{ ...message.finding, severity: message.finding.severity ?? severity }] : [],
  );
  const sorted = worstFirst(made);
  const unlisted = [
    ...sorted.slice(MAX_FINDINGS).map((finding) => ({ ...finding, count: 1 })),
    ...(endOf(messages)?.unlisted ?? []).map((some) => ({ ...some, severity: some.severity ?? severity })),
  ];
  // One for each level, as grave as the gravest: what fails is decided by both.
  const rest = LEVELS.flatMap((level) => {
    const same = worstFirst(unlisted.filter((one) => one.level === level));
    const count = same.reduce((sum, one) => sum + one.count, 0);
    return same[0] === undefined ? [] : [{ ...toUnlisted(count, level), severity: same[0].severity }];
  });
  return [...sorted.slice(0, MAX_FINDINGS), ...rest];
}

function reasonOf({ code, killedBy, stopped, messages, tail }: ScriptEnd, { file, token, memoryMb }: Asked): string | null {
  if (stopped !== null) return `${file}: ${stopped}${said(tail)}`;
  const broke = messages.flatMap((message) => ('broke' in message ? [message.broke] : []));
  if (broke[0] !== undefined) return `${broke[0]}${said(tail)}`;
  // V8 aborts, with this in what it prints.
  if (/heap out of memory|Reached heap limit/.test(tail)) return `${file}: ${tooMuchMemory(memoryMb)}`;
  if (killedBy !== null) return `${file}: Its process was killed (${killedBy}), perhaps because the machine ran out of memory${said(tail)}`;
  const done = endOf(messages)?.done === token;
  if (!done)
    return `${file}: Its process ended (exit code ${code}) before the check had come to its end. A check returns; it does not call process.exit${said(tail)}`;
  if (code !== 0) return `${file}: It ended with exit code ${code}. What is wrong is said with fail(…)${said(tail)}`;
  return null;
}

export const withoutRoot = (text: string, root: string): string => text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');

/** The last one: a script that finds something to do when it is already at its end comes to another. */
const endOf = (messages: readonly ScriptMessage[]): Extract<ScriptMessage, { done: string }> | undefined =>
  messages.filter((message) => 'done' in message).at(-1);

const LINES = 5;

/** The last lines that it printed; colours are taken out, the masker comes later. */
function said(tail: string): string {
  const lines = lastLines(tail);
  return lines.length === 0 ? '' : `. It printed: ${lines.join('\n')}`;
}

export const lastLines = (tail: string): string[] =>
  stripVTControlCharacters(tail)
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LINES);
