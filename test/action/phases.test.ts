// What the steps of one job leave each other, and what they conclude from it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase } from '../../src/contracts/relay-api.ts';
import { enter, leave, readSaid, readUses, writeSaid, type Use } from '../../src/action/job-folder.ts';
import { lastWord, whyNotOne, type MainState } from '../../src/action/phases.ts';
import { toResultsChecks } from '../../src/action/results-files.ts';

const use = (letter: string, phase: Phase): Use => ({ use: letter.repeat(22), phase });
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runtask-phases-'));
  folder = join(root, 'job');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the job folder', () => {
  it('knows each step once, and is private', async () => {
    expect(await readUses(folder)).toEqual([]);
    await enter(folder, use('a', 'begin'));
    await enter(folder, use('b', 'finish'));
    await enter(folder, use('a', 'begin'));
    expect(await readUses(folder)).toEqual([use('a', 'begin'), use('b', 'finish')]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is taken away by the post that comes last', async () => {
    await enter(folder, use('a', 'begin'));
    await enter(folder, use('b', 'finish'));
    await leave(folder, 'finish');
    expect(existsSync(folder)).toBe(true);
    await leave(folder, 'begin');
    expect(readdirSync(root)).toEqual([]);
    await enter(folder, use('b', 'finish'));
    await leave(folder, 'finish');
    expect(readdirSync(root)).toEqual([]);
  });

  it('tells what was said, and takes nothing else for it', async () => {
    const said = {
      verdict: { status: 'failed', message: 'no', decided_by: 'action' },
      accepted: true,
      delivery: { state: 'delivered' },
    } as const;
    expect(await readSaid(folder)).toBeNull();
    await writeSaid(folder, said);
    expect(await readSaid(folder)).toEqual(said);
    for (const text of ['', '{', '{"verdict":{"status":"perhaps"}}', '[]']) {
      writeFileSync(join(folder, 'said.json'), text);
      expect(await readSaid(folder)).toBeNull();
    }
  });
});

describe('whyNotOne', () => {
  it.each<[string, Use[], boolean]>([
    ['nothing known', [], true],
    ['one step', [use('a', 'all')], true],
    ['begin alone', [use('a', 'begin')], true],
    ['the two phases', [use('a', 'finish'), use('b', 'begin')], true],
    ['twice everything', [use('a', 'all'), use('b', 'all')], false],
    ['two beginnings', [use('a', 'begin'), use('b', 'begin')], false],
    ['a phase beside everything', [use('a', 'all'), use('b', 'finish')], false],
    ['three steps', [use('a', 'begin'), use('b', 'finish'), use('c', 'finish')], false],
  ])('%s', (_, uses, good) => expect(whyNotOne(uses) === null).toBe(good));
});

describe('lastWord', () => {
  const both = [use('a', 'begin'), use('b', 'finish')];
  it.each<[Phase, MainState, Use[], RegExp]>([
    ['all', '', [use('a', 'all')], /an earlier step of the job failed/],
    ['all', 'started', [use('a', 'all')], /ended before the checks did/],
    ['begin', '', both, /an earlier step of the job failed/],
    ['begin', 'begun', [use('a', 'begin')], /none with `phase: finish`.*Add one/],
    ['begin', 'begun', both, /`phase: finish` came to no verdict/],
    ['finish', '', both, /between `phase: begin` and `phase: finish` failed/],
    ['finish', '', [use('b', 'finish')], /an earlier step of the job failed/],
    ['finish', 'started', both, /ended before the checks did/],
  ])('%s, main "%s"', (phase, main, uses, text) => expect(lastWord(phase, main, uses)).toMatch(text));
});

describe('results-files', () => {
  it('become mandatory checks with the defaults of the checks file', () => {
    expect(toResultsChecks(['reports/*.sarif'], '/w')).toEqual([
      {
        spec: {
          name: 'results: reports/*.sarif',
          enforce: 'mandatory',
          severity: 'high',
          results: { files: ['reports/*.sarif'], format: 'auto' },
        },
        params: {},
        baseDir: '/w',
        origin: null,
      },
    ]);
  });
});
