// A YAML text: its data, the place of each part, and every way in which it can be no YAML, or too much of it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { inOrder, readYaml, type At, type YamlDocument } from '../../src/documents/read-yaml.ts';

const SOURCE = { file: 'f.yml', called: 'The file', mayQuote: true };
const problems = (text: string, mayQuote = true): string[] => {
  const read = readYaml(text, { ...SOURCE, mayQuote });
  return read.ok ? [] : read.error.map(formatDiagnostic);
};
const parse = (text: string): YamlDocument => {
  const read = readYaml(text, SOURCE);
  if (!read.ok) throw new Error(read.error.map(formatDiagnostic).join('\n'));
  return read.value;
};

describe('readYaml', () => {
  it('gives plain data, by YAML 1.2', () => {
    const text = 'yes: no\nport: 0o17\n1: one\nshared: &s { a: [1, 2.5, true, ~] }\nagain: *s\n';
    expect(parse(text).value).toEqual({
      yes: 'no',
      port: 15,
      1: 'one',
      shared: { a: [1, 2.5, true, null] },
      again: { a: [1, 2.5, true, null] },
    });
  });

  it.each(['', '# only a comment\n', '---\n', 'null'])('finds nothing in %j', (text) => expect(parse(text).value).toBeNull());

  it('takes `__proto__` for a key like others', () => {
    const { value } = parse('__proto__: { a: 1 }');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { a?: unknown }).a).toBeUndefined();
  });

  it.each([
    ['a tab', 'a:\n\t- b', 'f.yml:2:1: A tab is used as indentation. YAML allows only spaces there'],
    ['a key written twice', 'a: 1\nb: 2\na: 3', 'f.yml:3:1: A key is written twice. One of the two would be ignored. Remove or rename it'],
    [
      'one key as number and as text',
      '1: a\n"1": b',
      'f.yml:2:1: A key is written twice. One of the two would be ignored. Remove or rename it',
    ],
    [
      'two documents',
      'a: 1\n---\nb: 1',
      'f.yml:2:1: The file holds more than one YAML document. Only one is read. Remove the line with `---`',
    ],
    ['a tag', 'a: !secret b', 'f.yml:1:4: A tag (`!…`) is not known here. A text that begins with ! must be in quotes'],
    [
      'a tag that builds an object',
      'a: !!js/function b',
      'f.yml:1:4: A tag (`!…`) is not known here. A text that begins with ! must be in quotes',
    ],
    [
      'a text that begins with @',
      'a: @b',
      'f.yml:1:4: A text begins with a character that YAML keeps for itself. Write the text in quotes',
    ],
    [
      'an escape of a regular expression',
      'a: "\\d"',
      'f.yml:1:5: A backslash in double quotes begins no escape that YAML knows. Write two backslashes, or use single quotes',
    ],
    ['a directive', '%FOO x\n---\na: 1', 'f.yml:1:1: A YAML directive is not known here. Remove the line that begins with %'],
    ['a list as key', '? [a]\n: 1', 'f.yml:1:3: A key is not plain text. A list, a map or an alias cannot be a key'],
    ['an alias as key', 'a: &a x\n*a : 1', 'f.yml:2:1: A key is not plain text. A list, a map or an alias cannot be a key'],
    [
      'a star alone',
      'a: *',
      'f.yml:1:4: An anchor (`&…`) or alias (`*…`) has no good name. A text that begins with * or & must be in quotes: "*"',
    ],
    [
      'a glob without quotes',
      'a: [ *-prod ]',
      'f.yml:1:6: The alias `*-prod` names nothing. A text that begins with * must be in quotes: "*-prod"',
    ],
    [
      'an alias before its anchor',
      'a: *x\nb: &x 1',
      'f.yml:1:4: The alias `*x` names nothing. A text that begins with * must be in quotes: "*-prod"',
    ],
    ['an alias inside of itself', 'a: &a\n  b: [1, *a]', 'f.yml:2:10: The alias `*a` stands inside of what it names. Write the part out'],
    [
      'an open bracket',
      'a: [',
      'f.yml:1:5: Not valid YAML. Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a megabyte', `a: ${'x'.repeat(2 ** 20)}`, 'f.yml:1:1: The file is too large. It has 1048579 characters, 1048576 are read'],
  ])('refuses %s', (_what, text, expected) => expect(problems(text)[0]).toBe(expected));

  it('does not print a key that is a list in a warning of the process', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    problems('? [a-secret]\n: 1\nb: !x 1\n%FOO');
    // Warnings are emitted on the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('refuses aliases that multiply', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`);
    expect(problems(['a0: &a0 x', ...levels].join('\n'))).toEqual([
      'f.yml:1:1: The file cannot be expanded. Its aliases multiply. Write the parts out instead of referring to them with `*`',
    ]);
  });

  it('refuses a crowd of aliases without looking each one up', () => {
    const crowd = Array.from({ length: 40_000 }, (_, n) => `- &a${n} x\n- *a${n}`).join('\n');
    const start = performance.now();
    expect(problems(crowd)).toEqual(['f.yml:2002:3: More than 1000 aliases (`*…`). Write the parts out']);
    // Looked up one by one they take a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('refuses thousands of brackets with one problem', () => {
    const found = problems('['.repeat(100_000));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('The file is nested too deeply');
  });

  it('gives data or a problem with a line, whatever the text', () => {
    const pieces = [
      'a: ',
      '- ',
      '*a',
      '&a ',
      '? ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|\n',
      '>\n',
      '!!',
      '%',
      '---\n',
      '\n',
      '  ',
      '\t',
      '#',
      '<<',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 30 });
    fc.assert(
      fc.property(text, (parts) => {
        const read = readYaml(parts.join(''), SOURCE);
        // No circle: what walks the data comes back.
        if (read.ok) expect(() => JSON.stringify(read.value.value)).not.toThrow();
        else for (const { line, column } of read.error) expect(Math.min(line ?? 0, column ?? 0)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  it('repeats nothing of a file that may hold a secret', () => {
    const secret = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
    const pieces = [
      'a: ',
      '- ',
      '* ',
      '*',
      '&',
      '!',
      '!!',
      '!<',
      '%',
      '? ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '|',
      '>',
      '@',
      '\\',
      '\n',
      '  ',
      '\t',
      '---\n',
      '#',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, secret, secret), { maxLength: 12 }), (parts) => {
        for (const problem of problems(parts.join(''), false)) expect(problem).not.toContain(secret.slice(0, 8));
      }),
      { numRuns: 3000 },
    );
    expect(problems(`a: *${secret}`, false)[0]).toContain('The alias `*…` names nothing');
  });
});

describe('tell', () => {
  const text = [
    'version: 1',
    'tasks:',
    '  gate: &g',
    '    keys: [a, b]',
    '    rule: |',
    '      first line',
    '      second line',
    '    folded: "one two"',
    '  other: *g',
    '  empty:',
  ].join('\n');
  const placeOf = (path: readonly (string | number)[], at?: At): string => {
    const { line, column } = parse(text).tell(path, 's', 'd', at);
    return `${line}:${column}`;
  };

  it('says all of a problem', () => {
    expect(parse(text).tell(['tasks', 'gate', 'keys', 1], 'Wrong', 'Do this')).toEqual({
      severity: 'error',
      summary: 'Wrong',
      detail: 'Do this',
      path: 'tasks.gate.keys[1]',
      file: 'f.yml',
      line: 4,
      column: 15,
    });
  });

  it.each<[string, readonly (string | number)[], At | undefined, string]>([
    ['a value', ['version'], undefined, '1:10'],
    ['a key', ['version'], 'key', '1:1'],
    ['an item, which has no key', ['tasks', 'gate', 'keys', 0], 'key', '4:12'],
    ['what is missing: the key of what lacks it', ['tasks', 'gate', 'routes'], undefined, '3:3'],
    ['what is missing in a list: the key of the list', ['tasks', 'gate', 'keys', 7], undefined, '4:5'],
    ['what is missing at the top: the beginning', ['store'], undefined, '1:1'],
    ['a path far beyond', ['store', 0, 'a'], undefined, '1:1'],
    ['through an alias: where it is written', ['tasks', 'other', 'keys', 1], undefined, '4:15'],
    ['the whole file', [], undefined, '1:1'],
    ['a character in a block of text', ['tasks', 'gate', 'rule'], { offset: 'first line\nsec'.length }, '7:10'],
    ['a character in a quoted text', ['tasks', 'gate', 'folded'], { offset: 4 }, '8:18'],
    ['a character of what is no text', ['version'], { offset: 3 }, '1:10'],
  ])('finds %s', (_what, path, at, expected) => expect(placeOf(path, at)).toBe(expected));
});

describe('inOrder', () => {
  it('is the order of reading, and what has the same place stays as it was', () => {
    const { tell } = parse('a: 1\nb: { c: 1, d: 2 }\n');
    const told = [tell(['b', 'd'], '3', ''), tell(['b', 'c'], '2', ''), tell(['a'], '1', ''), tell(['b', 'd'], '4', '')];
    expect(inOrder(told).map(({ summary }) => summary)).toEqual(['1', '2', '3', '4']);
  });
});
