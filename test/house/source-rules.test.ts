// Rules about single source files that a linter has no words for.
import { describe, expect, it } from '@jest/globals';
import { listFiles, read, withoutComments } from './source-files.ts';

/** Reading the environment belongs to the doors of a process: everything behind them takes it as an argument. */
const DOORS = /^src\/(cli\/|action\/(start|runner|entry-[a-z]+)\.ts$)/;
/** Longer than this is two stories in one file. */
const MAX_LINES = 350;

const NEVER: readonly (readonly [RegExp, string])[] = [
  [/\bas unknown as\b/, 'a double cast says that a type is wrong: mend the type'],
  [/eslint-disable|@ts-(ignore|expect-error|nocheck)/, 'a rule that is switched off is no rule'],
  [/\b(TODO|FIXME|XXX)\b/, 'what is left to do belongs to an issue'],
  [/\bjest\.(mock|unstable_mockModule|doMock)\b/, 'no module mocks: hand the part in as an argument'],
  [/\.(only|skip)\(\s*['"`]/, 'a test that is left out must say why: use a condition with a printed reason'],
];

const sources = listFiles('src', ['.ts']);
const everything = [...sources, ...listFiles('test', ['.ts', '.cjs'])];

describe('every source file', () => {
  it.each(sources)('%s says first what it is for', (file) => expect(read(file)).toMatch(/^(#!.*\n)?\/\/ \S.{20,}/));

  it.each(sources)(`%s has at most ${MAX_LINES} lines`, (file) => expect(read(file).split('\n').length).toBeLessThanOrEqual(MAX_LINES));

  it.each(sources.filter((file) => !DOORS.test(file)))('%s takes the environment as an argument', (file) =>
    expect(withoutComments(read(file))).not.toMatch(/\bprocess\s*\.\s*env\b|\benv\b.*from 'node:process'/),
  );
});

describe('no source file or test', () => {
  it.each(NEVER)('holds %s: %s', (pattern) => {
    const self = 'test/house/source-rules.test.ts';
    expect(everything.filter((file) => file !== self && pattern.test(withoutComments(read(file)).replaceAll(/^.*@see.*$/gm, '')))).toEqual(
      [],
    );
  });
});
