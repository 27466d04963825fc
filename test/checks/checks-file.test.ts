// Reading `.runtask/checks.yml`: everything wrong at once, each with its place and what to do.
import { describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { readChecksFile } from '../../src/checks/checks-file.ts';

const problems = (text: string): string[] => {
  const read = readChecksFile(text, 'c.yml');
  return read.ok ? [] : read.error.map(formatDiagnostic);
};
const inCheck = (...lines: string[]): string[] =>
  problems(['version: 1', 'checks:', '  - name: a', ...lines.map((line) => `    ${line}`)].join('\n'));

describe('readChecksFile', () => {
  it('reads a file and fills in the defaults', () => {
    const read = readChecksFile(
      [
        'version: 1',
        'checks:',
        '  - name: data stores stay',
        '    protect: { types: [aws_db_instance] }',
        '  - name: tags',
        '    when: { workspace: net-*, stage: [post_plan] }',
        '    cel: { assert: has(after.tags.Owner), message: "${address} lacks Owner" }',
        '    enforce: advisory',
        '    timeout: 30s',
        '  - name: scan',
        '    run: { command: [checkov, -f, $TF_PLAN_JSON] }',
      ].join('\n'),
      'c.yml',
    );
    expect(read).toEqual({
      ok: true,
      value: {
        version: 1,
        when_none_apply: 'fail',
        plan_changed_since_review: 'warn',
        checks: [
          {
            name: 'data stores stay',
            enforce: 'mandatory',
            severity: 'high',
            protect: { types: ['aws_db_instance'], actions: ['delete', 'replace'] },
          },
          {
            name: 'tags',
            enforce: 'advisory',
            severity: 'high',
            timeout: 30_000,
            when: { workspace: ['net-*'], stage: ['post_plan'] },
            cel: { for: 'resource_changes', unknown: 'fail', assert: 'has(after.tags.Owner)', message: '${address} lacks Owner' },
          },
          {
            name: 'scan',
            enforce: 'mandatory',
            severity: 'high',
            run: { command: ['checkov', '-f', '$TF_PLAN_JSON'], format: 'auto', env: [] },
          },
        ],
      },
    });
  });

  it('tells all at once, in the order of the lines, with what was probably meant', () => {
    const text = [
      'version: 2',
      'check: []',
      'checks:',
      '  - name: a',
      '    cell: { assert: x }',
      '    enforc: advisory',
      '  - name: b',
      '    cel:',
      '      for: resource_change',
      '      assert: after.x == 1',
      '  - name: b',
      '    protect: { types: [x] }',
      '    cel: { assert: "true" }',
      '    timeout: 5h',
    ].join('\n');
    expect(problems(text)).toEqual([
      'c.yml:1:10: Not one of the possible values (version). Use 1. Found: 2',
      'c.yml:2:1: Unknown key "check" (check). Did you mean "checks"? Known here: version, when_none_apply, plan_changed_since_review, extends, params, checks, waivers',
      'c.yml:4:5: A check has exactly one kind: protect, require, limit, cel, schema, script, run, results, rego (checks[0]). It has none',
      'c.yml:5:5: Unknown key "cell" (checks[0].cell). Did you mean "cel"? Known here: protect, require, limit, cel, schema, script, run, results, rego, name, when, enforce, severity, fail_on, except, timeout, message, help, params',
      'c.yml:6:5: Unknown key "enforc" (checks[0].enforc). Did you mean "enforce"? Known here: protect, require, limit, cel, schema, script, run, results, rego, name, when, enforce, severity, fail_on, except, timeout, message, help, params',
      'c.yml:9:12: Not one of the possible values (checks[1].cel.for). Use one of: resource_changes, outputs, drift, modules, providers, plan. Found: "resource_change". Did you mean "resource_changes"?',
      'c.yml:11:5: A check has exactly one kind: protect, require, limit, cel, schema, script, run, results, rego (checks[2]). It has protect and cel',
      'c.yml:11:11: The name "b" is taken by check 2 (checks[2].name)',
      'c.yml:14:14: Write a number and a unit: 500ms, 30s or 2m; 30m at most (checks[2].timeout). Found: "5h"',
    ]);
  });

  it.each([
    ['an empty file', '', 'c.yml:1:1: The checks file is empty. Write at least: version: 1, and a list of `checks`'],
    ['a file of comments', '# nothing\n', 'c.yml:1:1: The checks file is empty. Write at least: version: 1, and a list of `checks`'],
    ['a tab', 'version: 1\nchecks:\n\t- name: a', 'c.yml:3:1: A tab is used as indentation. YAML allows only spaces there'],
    [
      'a key written twice',
      'version: 1\nversion: 1\nchecks: []',
      'c.yml:2:1: A key is written twice. One of the two would be ignored. Remove or rename it',
    ],
    [
      'two documents',
      'version: 1\n---\nversion: 1',
      'c.yml:2:1: The file holds more than one YAML document. Only one is read. Remove the line with `---`',
    ],
    [
      'a name with a colon',
      'version: 1\nchecks:\n  - name: aws: x',
      'c.yml:3:11: A second `key: ` or a list begins in the same line. A text that holds ": " must be in quotes: "a: b". ' +
        'What belongs to the key stands in lines of its own, indented',
    ],
    [
      'a version in quotes',
      'version: "1"\nchecks: [{ name: a, protect: { types: [x] } }]',
      'c.yml:1:10: Not one of the possible values (version). Use 1. Found: "1". Write it without quotes',
    ],
    ['a list', '- x', 'c.yml:1:1: Must be a map of keys and values. Found: ["x"]'],
    ['no version', 'checks: [{ name: a, protect: { types: [x] } }]', 'c.yml:1:1: "version" is missing (version). Write `version: 1`'],
    ['no checks', 'version: 1', 'c.yml:1:1: "checks" is missing (checks). Write a list of checks'],
    ['an empty list', 'version: 1\nchecks: []', 'c.yml:2:9: The list of checks is empty: a gate without checks lets nothing pass (checks)'],
  ])('refuses %s', (_what, text, expected) => expect(problems(text)).toEqual([expected]));

  it('refuses a tag that would build an object', () => {
    expect(problems('version: !!js/function "x"')[0]).toMatch(/^c\.yml:1:10: A tag \(`!…`\) is not known here/);
  });

  it('refuses aliases that multiply ("billion laughs") at once', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`);
    expect(problems(['a0: &a0 x', ...levels].join('\n'))[0]).toContain('The checks file cannot be expanded');
  });

  it('lets a shared `when` be referred to', () => {
    const text =
      'version: 1\nchecks:\n  - { name: a, when: &w { workspace: x }, protect: { types: [x] } }\n  - { name: b, when: *w, protect: { types: [y] } }';
    expect(problems(text)).toEqual([]);
  });

  it('does not take `__proto__` for a key like others', () => {
    expect(inCheck('protect: { types: [x] }', '__proto__: { enforce: advisory }')[0]).toContain('Unknown key "__proto__"');
  });

  it('refuses a file of megabytes before it is parsed', () => {
    expect(problems(`version: 1 #${'x'.repeat(2 ** 20)}`)[0]).toContain('too large');
  });

  it.each([
    ['a plain text', ['cel: { assert: after.x = 1 }'], 'c.yml:4:28: CEL: Unexpected character: =. Equality is `==` (checks[0].cel.assert)'],
    ['a quoted text', ['cel:', '  assert: "aftr.x == 1"'], 'c.yml:5:16: CEL: Unknown variable: aftr (checks[0].cel.assert)'],
    [
      'a literal block',
      ['cel:', '  assert: |', '    has(after.x) &&', '      aftr.x == 1'],
      'c.yml:7:11: CEL: Unknown variable: aftr (checks[0].cel.assert)',
    ],
    [
      'a message',
      ['cel: { assert: "true", message: "${address} and ${addres}" }'],
      'c.yml:4:55: CEL: Unknown variable: addres (checks[0].cel.message)',
    ],
    [
      '`when`',
      ['cel: { when: actions, assert: "true" }'],
      'c.yml:4:18: CEL: Is of type list<string>, must be true or false (checks[0].cel.when)',
    ],
  ])('points into %s', (_what, lines, expected) => expect(inCheck(...lines)).toEqual([expected]));

  it.each([
    [
      'a command in one text',
      'run: { command: checkov -f x }',
      'c.yml:4:21: A list, each word for itself: [checkov, -f, $TF_PLAN_JSON]. No shell splits it (checks[0].run.command). Found: "checkov -f x"',
    ],
    [
      'a command without its key',
      'run: checkov',
      'c.yml:4:10: Must be a map of keys and values (checks[0].run). Found: "checkov". Write { command: … }',
    ],
    [
      'an expression without its key',
      `cel: name == 'a'`,
      `c.yml:4:10: Must be a map of keys and values (checks[0].cel). Found: "name == 'a'". Write { assert: … }`,
    ],
    [
      'a variable that nobody fills in',
      'run: { command: [cat, $TF_PLAN, "${TF_PLAN_JSON}", "$HOME/x", "$1"] }',
      'c.yml:4:27: "$TF_PLAN" would reach the program as it is written: only $TF_PLAN_JSON, $TF_CONFIGURATION, $RUN_FACTS_JSON are filled in. ' +
        'Write [sh, -c, …] for others (checks[0].run.command[1])',
    ],
    [
      'a time without a unit',
      'protect: { types: [a] }\n    timeout: 90',
      'c.yml:5:14: Write a number and a unit: 500ms, 30s or 2m; 30m at most (checks[0].timeout). Found: 90',
    ],
  ])('says what to write instead of %s', (_what, line, expected) => expect(inCheck(line)).toEqual([expected]));

  it("leaves a shell's own variables to it", () => expect(inCheck('run: { command: [sh, -c, $SCAN] }')).toEqual([]));

  it.each([
    ['an unknown function', 'cel: { assert: "after.x.frob()" }', /found no matching overload|frob/],
    ['a variable that the target has not', 'cel: { for: plan, assert: "address == 1" }', /Unknown variable: address/],
    ['a message that does not close', 'cel: { assert: "true", message: "${address" }', /`\$\{` without its `\}`/],
    ['an empty interpolation', 'cel: { assert: "true", message: "x ${ } y" }', /holds no expression/],
    ['an expression of ten thousand brackets', `cel: { assert: "${'('.repeat(10_000)}" }`, /CEL/],
    ['type as a loop variable', 'cel: { assert: "[1].all(type, true)" }', /cannot be the variable of all/],
  ])('refuses %s when the file is read', (_what, line, expected) => {
    const found = inCheck(line);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each([
    [
      'a waiver without a day',
      ['- { check: a, reason: r, owner: me }'],
      'c.yml:4:5: "expires" is missing (waivers[0].expires). Add `expires: …`',
    ],
    [
      'a day that does not exist',
      ['- { check: a, reason: r, owner: me, expires: 2026-02-30 }'],
      'c.yml:4:48: Write a day as YYYY-MM-DD (waivers[0].expires). Found: "2026-02-30"',
    ],
    [
      'an owner of spaces',
      ['- { check: a, reason: r, owner: "  ", expires: 2026-12-31 }'],
      'c.yml:4:35: Write who answers for it (waivers[0].owner). Found: "  "',
    ],
    [
      'the same waiver twice',
      ['- { check: a, reason: r, owner: me, expires: 2026-12-31 }', '- { check: a, reason: s, owner: you, expires: 2027-12-31 }'],
      'c.yml:5:5: Waives the same as waiver 1 (waivers[1]). Keep one of the two',
    ],
  ])('refuses %s', (_what, lines, expected) => {
    const text = ['version: 1', 'checks: [{ name: a, protect: { types: [x] } }]', 'waivers:', ...lines.map((line) => `  ${line}`)];
    expect(problems(text.join('\n'))).toEqual([expected]);
  });

  const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
  it.each([
    [
      'a branch in place of a commit',
      `{ repository: acme/policies, commit: main }`,
      /The whole hash of a commit.*\(extends\[0\]\.commit\)\. Found: "main"/,
    ],
    ['no commit', `{ repository: acme/policies }`, /"commit" is missing \(extends\[0\]\.commit\)\. Write the whole hash/],
    ['a repository without an owner', `{ repository: policies, commit: ${COMMIT} }`, /Write OWNER\/NAME/],
    ['a repository that climbs', `{ repository: acme/.., commit: ${COMMIT} }`, /Write OWNER\/NAME/],
    ['a path that climbs', `{ repository: acme/policies, commit: ${COMMIT}, path: ../x.yml }`, /A path inside the repository/],
    ['two places at once', `{ pack: aws-basics, file: x.yml }`, /Unknown key/],
    ['a misspelled key', `{ pack: aws-basics, witout: [x] }`, /Unknown key "witout" .*Did you mean "without"\?/],
  ])('refuses to extend %s', (_what, entry, expected) => {
    const found = problems(`version: 1\nextends:\n  - ${entry}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each([
    ['GITHUB_TOKEN', 'env: [GITHUB_TOKEN]', /No tool gets this one/],
    ['an input', 'env: [INPUT_SEAL-KEY]', /name of an environment variable/],
    ['the id-token request', 'env: [ACTIONS_ID_TOKEN_REQUEST_TOKEN]', /No tool gets this one/],
    ['a report outside', 'report: ../x.sarif', /A path inside the repository/],
    ['an absolute report', 'report: /tmp/x.sarif', /A path inside the repository/],
  ])('refuses %s for a tool', (_what, line, expected) => {
    const [found] = inCheck('run:', '  command: [x]', `  ${line}`);
    expect(found).toMatch(expected);
  });
});
