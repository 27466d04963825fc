import { describe, expect, it } from '@jest/globals';
import { frameOf, mayHold } from '../../../src/checks/rego/input.ts';
import { toAnswersModule, toQuestions } from '../../../src/checks/rego/questions.ts';
import { findCall, readPolicyText, readsOfInput } from '../../../src/checks/rego/rego-text.ts';
import { aRun } from '../builders.ts';

const mentioned = (text: string): string[] => [...readPolicyText(text).mentioned].sort();

describe('readPolicyText', () => {
  it.each<[string, string, string[] | null]>([
    ['plain', 'package main', ['main']],
    ['after comments', '# package a\n\n# x\npackage terraform.aws', ['terraform', 'aws']],
    ['quoted', 'package a["b-c"].d', ['a', 'b-c', 'd']],
    ['spread out', 'package a . b [ "c" ]\nimport rego.v1', ['a', 'b', 'c']],
    ['after a byte order mark', '\uFEFFpackage main', ['main']],
    ['none', 'deny := 1', null],
  ])('package: %s', (_, text, expected) => expect(readPolicyText(text).package).toEqual(expected));

  it.each<[string, string, string[]]>([
    [
      'v1 and v0',
      'deny contains msg if { x }\nwarn_a[msg] { x }\nviolation_b_2 = "x" { y }\ndefault deny_c := false',
      ['deny', 'deny_c', 'violation_b_2', 'warn_a'],
    ],
    ['not in comments, strings, and other packages', 'x := "deny" # deny\ny := `\n  warn\n` { data.main.violation }', []],
    [
      'not functions, nor names that only look alike',
      'deny(x) := x\nwarn_x (y) := y\ndenyx := 1\nmy_deny := 2\ndeny_x_ := 3\nDeny := 4',
      [],
    ],
    ['anywhere on a line', 'x := 1; deny := 2', ['deny']],
    ['at the beginning of a line even where a string seems to stand', 'x := `\ndeny contains "y"\n`', ['deny']],
    ['after a quote that nobody closes', 'x := "\ndeny contains "y"\n', ['deny']],
  ])('rules: %s', (_, text, expected) => expect(mentioned(`package main\n${text}`)).toEqual(expected));

  it('finds calls and reads, with their lines', () => {
    const text =
      'package a\n# http.send\nx := "http.send"\ny := http . send({})\nz := input.run.name\nw := input["a"]\nv := data.input.q\n';
    expect(findCall(text, ['net.x', 'http.send'])).toEqual({ name: 'http.send', line: 4 });
    expect(findCall('x := my_http.send', ['http.send'])).toBeNull();
    expect(readsOfInput(text)).toEqual([{ path: ['run', 'name'], line: 5 }]);
  });
});

describe('toAnswersModule', () => {
  it('names can be nothing but names', () => {
    const policy = readPolicyText('package a["x\\"].y}"]\ndeny := 1');
    const questions = toQuestions([policy], 'all');
    if (!questions.ok) throw new Error(questions.error);
    expect(toAnswersModule(questions.value)).toContain('data["a"]["x\\"].y}"]["deny"]]');
  });
});

describe('frameOf', () => {
  const run = aRun({
    run_created_by: 'ada',
    run_message: '"}, "plan": {',
    vcs: {
      branch: 'main',
      commit_hash: 'abc',
      commit_url: null,
      pull_request_url: null,
      repository_url: 'https://github.com/acme/net.git',
    },
  });
  const documentOf = (shape: 'hcp' | 'scalr' | 'spacelift', facts = run, destroy: boolean | null = false): unknown => {
    const { before, after } = frameOf(shape, facts, destroy);
    return JSON.parse(`${before}{"format_version":"1.2"}${after}`);
  };
  const plan = { format_version: '1.2' };

  it('hcp', () =>
    expect(documentOf('hcp', { ...run, project: 'shop' })).toEqual({
      plan,
      run: {
        id: 'run-1',
        created_at: '2026-11-22T10:00:00Z',
        created_by: 'ada',
        message: '"}, "plan": {',
        commit_sha: 'abc',
        speculative: false,
        is_destroy: false,
        project: { name: 'shop' },
        organization: { name: 'acme' },
        workspace: { id: 'ws-1', name: 'net-prod', working_directory: '', vcs_repo: { identifier: 'acme/net', branch: 'main' } },
      },
    }));
  it('scalr', () =>
    expect(documentOf('scalr')).toEqual({
      tfplan: plan,
      tfrun: {
        message: '"}, "plan": {',
        is_dry: false,
        is_destroy: false,
        workspace: { name: 'net-prod' },
        created_by: { username: 'ada' },
        vcs: { repository_id: 'acme/net', branch: 'main', commit: { sha: 'abc' } },
      },
    }));
  it('spacelift', () =>
    expect(documentOf('spacelift', { ...run, speculative: true })).toEqual({
      terraform: plan,
      spacelift: {
        run: { id: 'run-1', type: 'PROPOSED', triggered_by: 'ada' },
        stack: { name: 'net-prod', repository: 'net', branch: 'main' },
        commit: { hash: 'abc', branch: 'main' },
      },
    }));
  it('what is not known is not there, and the schema says so', () => {
    const { schema } = frameOf('hcp', aRun(), null);
    expect(documentOf('hcp', aRun(), null)).not.toMatchObject({ run: { is_destroy: expect.anything() } });
    expect(
      [
        ['run', 'is_destroy'],
        ['run', 'project', 'name'],
        ['run', 'cost_estimate'],
        ['resource_changes'],
        ['__proto__'],
        ['constructor'],
      ].map((path) => mayHold(schema, path)),
    ).toEqual([false, false, false, false, false, false]);
    expect(
      [['run', 'workspace', 'vcs_repo', 'branch'], ['plan', 'resource_changes', 'x'], ['tfplan'], []].map((path) => mayHold(schema, path)),
    ).toEqual([true, true, true, true]);
  });
});
