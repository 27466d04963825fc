// What checks can say beyond CEL, and what is told of a literal while the file is read.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compileCel } from '../../../src/checks/cel/compile.ts';
import { createCelEnvironment } from '../../../src/checks/cel/environment.ts';
import { compareVersions } from '../../../src/checks/cel/versions.ts';
import { Environment } from '@marcbachmann/cel-js';
import { aChange, aPlan } from '../builders.ts';
import { judge } from './judge.ts';

const AFTER = {
  n: 5,
  half: 2.5,
  zero: 0,
  text: 'a',
  list: ['b', 'a', 'b'],
  nested: [[1], [2, [3]]],
  numbers: [1, 2.5],
  none: null,
  mixed: ['a', 1],
};

function answer(assert: string): boolean | string {
  const { findings, problems } = judge({ assert }, aPlan([aChange('aws_x.a', 'update', { after: AFTER })]));
  return problems[0] ?? findings.length === 0;
}

describe('numbers', () => {
  it.each([
    'after.n % 2 == 1 && 7 % after.n == 2 && after.n % after.half == 0 && after.n % 2.0 == 1.0',
    '-after.n == -5 && 0 - after.n < 0 && -after.half == -2.5',
    'after.n == 5 && 5 == after.n && after.n != 4 && 5 == 5.0 && 5.0 == 5 && 5 != 5.5',
    'size(after.list) == 3.0 && size(after.list) > after.half && after.half < size(after.list)',
    'after.n in [1, 5] && 2.5 in after.numbers && 1 in after.numbers',
    'after.n * 2 + 1 - after.n / 2 == 8.5',
    'int(after.n) / 2 == 2 && double(int(after.half)) == 2.0',
    '[1, 2, 3][int(after.zero)] == 1 && after.list[after.zero] == "b"',
    'plan.counts.change % 2 == 1 && plan.counts.change * after.n == 5',
  ])('%s', (assert) => expect(answer(assert)).toBe(true));

  it.each(['after.n / 0 > 1', '1 / after.zero > 1', 'after.n % 0 == 0', '5 % after.zero == 0', 'after.half % after.zero == 0'])(
    'have no answer by zero: %s',
    (assert) => expect(answer(assert)).toMatch(/(division|modulo) by zero/),
  );
});

describe('functions', () => {
  it.each([
    '"net-1".glob(["x", "net-*"]) && !"net-1".glob(["x"]) && !"net-1".glob([])',
    'cidrPrefix("0.0.0.0/1") < 8 && cidrPrefix("10.1.2.3") == 32 && cidrPrefix("::/0") == 0',
    'compareVersions("15.4", "15") > 0 && compareVersions("v1.2.3-rc.1", "1.2.3") < 0',
    'base64Decode("w6TDtsO8") == "äöü" && base64Decode("") == ""',
    'asList(after.text) == ["a"] && asList(after.none) == [] && asList(after.list) == after.list',
    'after.list.distinct() == ["b", "a"] && [1, 1.0, "1", true, null].distinct().size() == 4',
    'after.numbers.sum() == 3.5 && [].sum() == 0.0 && [1, 2].sum() == 3.0',
    'after.nested.flatten().size() == 3',
    'params.regions.exists(r, "eu-west-1".glob(r)) == false || true',
  ])('%s', (assert) => expect(answer(assert)).toBe(true));

  it.each([
    ['"a".glob(after.mixed) == false', true],
    ['"b".glob(after.mixed)', 'holds something else than texts'],
    ['base64Decode("a") == ""', 'not base64'],
    ['base64Decode("a b=") == ""', 'not base64'],
    ['base64Decode("/////w==") == ""', 'what is packed is not text'],
    ['after.nested.distinct() == []', 'lists and maps cannot be told apart'],
    ['after.list.sum() == 0.0', 'something else than numbers'],
    ['compareVersions(after.text, "1") == 0', '"a" is not a version'],
  ])('%s has no answer but %j', (assert, told) =>
    expect(answer(assert)).toEqual(typeof told === 'string' ? expect.stringContaining(told) : !told),
  );

  it.each([
    ['1', '1.0.0', 0],
    ['1.10', '1.9', 1],
    ['5.7.44.20240408', '5.7.44', 1],
    ['1.0.0-alpha', '1.0.0-alpha.1', -1],
    ['1.0.0-alpha.10', '1.0.0-alpha.9', 1],
    ['1.0.0-1', '1.0.0-alpha', -1],
    ['1.0.0+b1', '1.0.0+b2', 0],
  ])('compareVersions(%s, %s) is %j, and the other way round', (a, b, expected) =>
    expect([compareVersions(a, b), compareVersions(b, a)]).toEqual([expected, expected === 0 ? 0 : -expected]),
  );

  it.each(['', '14.x', '14.*', '^1', '1.', '.1', '1.2.3.4.5.6.7', '1-', 'latest', '9'.repeat(30)])('%j is no version', (text) =>
    expect(() => compareVersions('1', text)).toThrow('is not a version'),
  );
});

describe('while the file is read', () => {
  it.each([
    ['after.a.matches("(")', 'error parsing regexp', 16],
    ['true && "a".matches("a**")', 'error parsing regexp', 20],
    ['cidrContains("10.0.0.0/33", after.a)', '"10.0.0.0/33" is not a network', 13],
    ['after.l.all(c, cidrContains("10.0.0.0/8", "x"))', '"x" is not a network', 42],
    ['compareVersions(after.v, "1.x") > 0', '"1.x" is not a version', 25],
    ['after.m == {"__proto__": 1}', 'cannot have the key "__proto__"', 12],
    ['after.a.nope()', 'nope', 0],
    ['source == "x"', 'Unknown variable: source', 0],
  ])('%s is told', (assert, problem, offset) => {
    const compiled = compileCel({ for: 'resource_changes', assert, unknown: 'fail' });
    expect(compiled).toEqual({ ok: false, error: [{ field: 'assert', problem: expect.stringContaining(problem), offset }] });
  });
});

it('the page names every function', async () => {
  const namesOf = (env: Environment): string[] => env.getDefinitions().functions.map(({ name }) => name);
  const known = new Set(namesOf(new Environment({ enableOptionalTypes: true })));
  const added = [...new Set(namesOf(createCelEnvironment('plan')))].filter((name) => !known.has(name) && name !== 'reachEvaluator');
  const page = await readFile(join(import.meta.dirname, '../../../docs/checks/cel.md'), 'utf8');
  const named = added.map((name) => ({ matchesLinear: 'matches', Has: 'has' })[name] ?? name);
  expect([added.length > 10, named.filter((name) => !page.includes(`${name}(`))]).toEqual([true, []]);
});
