// The text of a workflow: as the documentation shows it, and readable again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readWorkflow } from '../../../../src/emulators/github/runner/workflow-file.ts';
import {
  DEFAULTS,
  isMarked,
  readWorkflowWords,
  renderWorkflow,
  type WorkflowWords,
} from '../../../../src/config/resources/workflow-file/text.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const WORDS: WorkflowWords = { action: 'org/runtask-action@v1', versionComment: null, relayUrl: null, inputs: {}, ...DEFAULTS };

/** The first workflow in a page. */
function documented(file: string): unknown {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const block = /```yaml\n(# \.github\/workflows\/run-task\.yml\n[\s\S]*?)```/.exec(text)?.[1];
  return parse(block ?? '');
}

describe('renderWorkflow', () => {
  it("is the README's workflow", () => {
    const text = renderWorkflow(WORDS);
    expect(parse(text)).toEqual(documented('README.md'));
    expect(text.split('\n')[0]).toBe(
      '# Managed by runtask config: change its configuration and run `runtask config apply`. What is changed here is undone by it.',
    );
  });

  it("has the triggers, rights and first steps of the action's page", () => {
    const page = documented('docs/action.md') as Record<string, never>;
    const ours = parse(renderWorkflow(WORDS)) as Record<string, never>;
    for (const key of ['name', 'run-name', 'on', 'permissions']) expect(ours[key]).toEqual(page[key]);
  });

  it('is a workflow that the emulated runner plays', () => {
    expect(readWorkflow('x', renderWorkflow({ ...WORDS, inputs: { annotations: 'check-run' } }))).toMatchObject({
      name: 'HCP Terraform run task',
      problems: [],
      triggers: { repositoryDispatch: ['hcp-terraform-run-task'] },
      workflow: { permissions: { checks: 'write' } },
    });
  });

  it('names the version of a commit where people and Dependabot look', () => {
    const action = `org/runtask-action@${'0123456789'.repeat(4)}`;
    expect(renderWorkflow({ ...WORDS, action, versionComment: 'v1.2.3' })).toContain(`      - uses: ${action} # v1.2.3\n`);
  });

  it('writes what some readers take for a line end as an escape', () => {
    const text = renderWorkflow({ ...WORDS, relayUrl: 'a\u2028b\u0085c\nd' });
    expect(text).toContain('relay-url: "a\\u2028b\\u0085c\\nd"');
  });

  it('asks no relay with the sealed transport', () => {
    const text = renderWorkflow({ ...WORDS, inputs: { 'seal-key': '${{ secrets.RUNTASK_SEAL_KEY }}', 'relay-key': '…' } });
    expect(text).not.toContain('relay-url');
    expect(text).toContain('seal-key: "${{ secrets.RUNTASK_SEAL_KEY }}"');
  });

  it('can be read again, whatever the values are', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const inputs = fc
      .dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), text)
      .map(({ 'relay-url': _, 'seal-key': __, ...rest }) => rest);
    const words = fc.record({
      action: fc.constantFrom('org/runtask-action@v1', `a/b@${'a'.repeat(40)}`),
      versionComment: fc.constantFrom(null, 'v1.2.3'),
      checkout: fc.constantFrom('actions/checkout@v6', 'a/c@v1'),
      relayUrl: fc.option(text),
      inputs,
      runsOn: fc.constantFrom('ubuntu-latest', 'ubuntu-24.04', 'on', 'no', 'self hosted', '1', 'null', 'a.b', 'true'),
      eventType: fc.constantFrom('hcp-terraform-run-task', 'yes', '1.5', 'a.b', '-'),
    });
    fc.assert(
      fc.property(words, (given) => {
        const made = renderWorkflow(given);
        expect(readWorkflowWords(made)).toEqual(given);
        expect(isMarked(made)).toBe(true);
        expect(readWorkflow('x', made).problems).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('readWorkflowWords', () => {
  const NOTHING = { action: null, versionComment: null, checkout: null, relayUrl: null, inputs: null, runsOn: null, eventType: null };
  it.each([
    ['nothing', ''],
    ['no YAML', 'a: [b'],
    ['another shape', '- 1\n- 2'],
    ['other jobs', 'jobs: { build: { steps: [{ uses: a/b@v1 }] } }'],
    ['an alias that holds itself', 'jobs: &a { check: *a }'],
    [
      'very many aliases',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]`,
    ],
  ])('says nothing of %s', (_, text) => {
    expect(readWorkflowWords(text)).toEqual(NOTHING);
  });

  it('says what stands in a file that was changed by hand', () => {
    const text = renderWorkflow(WORDS).replace('runtask-action@v1', 'runtask-action@main').replace('ubuntu-latest', '[self-hosted, x]');
    expect(readWorkflowWords(text)).toEqual({
      action: 'org/runtask-action@main',
      versionComment: null,
      checkout: 'actions/checkout@v6',
      relayUrl: null,
      inputs: {},
      runsOn: null,
      eventType: 'hcp-terraform-run-task',
    });
  });
});
