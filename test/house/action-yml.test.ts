// action.yml is the action's promise to its users: what it names must be what the code reads, writes and starts.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { INPUT_NAMES } from '../../src/action/inputs.ts';
import { listFiles, read, ROOT } from './source-files.ts';

interface ActionYml {
  readonly inputs: Readonly<Record<string, { readonly description?: string; readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description?: string }>>;
  readonly runs: {
    readonly using: string;
    readonly pre: string;
    readonly main: string;
    readonly post: string;
    readonly [key: string]: string;
  };
}

const action = parse(read('action.yml')) as ActionYml;
const actionSources = listFiles('src/action', ['.ts']).map(read).join('\n');

describe('action.yml', () => {
  it('has the inputs that the action reads, and no others', () =>
    expect(Object.keys(action.inputs).sort()).toEqual([...INPUT_NAMES].sort()));

  it.each(Object.entries(action.inputs))('says of the input %s what it is for', (_name, input) => {
    expect(input.description).toMatch(/^\S.{20,}/);
    // A default that is no text arrives as text all the same: `false` and "false" must not be two things.
    if (input.default !== undefined) expect(typeof input.default).toBe('string');
  });

  it.each(Object.entries(action.outputs))('gives the output %s', (name, output) => {
    expect(output.description).toMatch(/^\S.{20,}/);
    expect(actionSources).toMatch(new RegExp(`['"\`]?\\b${name}\\b['"\`]?`));
  });

  it('runs on node24, before, in and after the step, whatever happened', () => {
    expect(action.runs.using).toBe('node24');
    // `pre-if` and `post-if` default to always(): a condition of ours could only make us silent.
    expect(Object.keys(action.runs).sort()).toEqual(['main', 'post', 'pre', 'using']);
    for (const file of [action.runs.pre, action.runs.main, action.runs.post]) expect(existsSync(path.join(ROOT, file))).toBe(true);
  });
});
