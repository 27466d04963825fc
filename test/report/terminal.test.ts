import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderTerminal } from '../../src/report/terminal.ts';
import { hostile } from './gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';
import { showcase } from './showcase.ts';

describe('renderTerminal', () => {
  it('has no escape sequence without colour, and the same words with it', async () => {
    const model = await showcase();
    const plain = renderTerminal(model, { colour: false, width: 80 });
    const coloured = renderTerminal(model, { colour: true, width: 80 });
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('counts what goes beyond the lines that a log should hold', async () => {
    const plan = await planFrom(planJson(Array.from({ length: 40 }, (_, i) => changeJson(`a.b[${i}]`, ['create'], null, { x: i }))));
    const text = renderTerminal(aModel(plan), { colour: false, width: 80, maxLines: 12 });
    expect(text).toContain('Create (40)\n');
    expect(text).toContain('a.b[4]\n');
    expect(text).not.toContain('a.b[5]');
    expect(text).toContain('  … and 35 more, left out for length\n');
  });

  it('tells what stops the run first, a finding without a place beside its sign, and the verdict again at the end', async () => {
    const plan = await planFrom(planJson([changeJson('a.b', ['create'], null, { x: 1 })]));
    const everywhere = aFinding({ check: 'pinned', ruleId: 'R1', message: `The provider aws has ${'no '.repeat(25)}version`, help: null });
    const text = renderTerminal(
      aModel(plan, {
        results: [
          aResult({ check: 'fine' }),
          aResult({ check: 'gentle', status: 'failed', enforcement: 'advisory', findings: [aFinding({ message: 'meh', help: null })] }),
          aResult({
            check: 'pinned',
            status: 'failed',
            findings: [{ ...everywhere, address: null, action: null, file: null, line: null }],
          }),
        ],
        verdict: { status: 'failed', message: 'x' },
      }),
      { colour: false, width: 60 },
    );
    expect(text.split('\n').slice(2)).toEqual([
      '',
      '  FAILED  pinned',
      '      ✗ The provider aws has no no no no no no no no no no',
      '        no no no no no no no no no no no no no no no version',
      '        [R1]',
      '',
      '  FAILED  gentle (advisory)',
      '      ✗ meh',
      '',
      '  passed  fine',
      '',
      'Create (1)',
      '  +   a.b',
      '      + x = 1',
      '',
      text.split('\n')[0],
      '',
    ]);
  });

  it("has Terraform's marks: what comes first in a replacement, ~ in place, and in red what forces it", async () => {
    const forced = { action_reason: 'replace_because_cannot_update', change: { replace_paths: [['x']] } };
    const plan = await planFrom(planJson([changeJson('a.b', ['create', 'delete'], { x: 1 }, { x: 2 }, forced)]));
    const lines = renderTerminal(aModel(plan, { results: [], verdict: null }), { colour: true, width: 80 }).split('\n');
    expect(lines.slice(-3)).toEqual([
      '  \u001b[31m+/-\u001b[0m a.b · x cannot be changed in place, the new one is created first',
      '\u001b[33m      ~ x = 1 -> 2\u001b[0m\u001b[31m  # forces replacement\u001b[0m',
      '',
    ]);
  });

  it('tells what is beside the resources, and what applying comes to when none changes', async () => {
    const plan = await planFrom(
      planJson([], {
        checks: [
          {
            address: { kind: 'check', to_display: 'check.dns' },
            status: 'fail',
            instances: [{ address: { to_display: 'check.dns' }, status: 'fail', problems: [{ message: 'No such name' }] }],
          },
        ],
        action_invocations: [{ address: 'action.mail.send', type: 'mail', name: 'send', config_values: { to: 'ops' } }],
        deferred_changes: [{ reason: 'instance_count_unknown', resource_change: changeJson('a.later', ['create'], null, { x: 1 }) }],
      }),
    );
    const text = renderTerminal(aModel(plan, { results: [], verdict: null }), { colour: false, width: 100 });
    for (const part of [
      '\nConditions of the configuration (1)\n  ✗   check.dns · check block failed\n      No such name\n',
      '\nActions to invoke (1)\n  action.mail.send\n      + to = "ops"\n',
      '\nDeferred to a later run (1)\n  +   a.later · ',
      '\nTerraform plans no change of a resource. Applying this plan invokes actions',
    ])
      expect(text).toContain(part);
  });

  it('wraps the names of what is known only after apply', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`attribute_${i}`, true]));
    const plan = await planFrom(planJson([changeJson('a.b', ['create'], null, { x: 1 }, { change: { after_unknown: unknown } })]));
    const lines = renderTerminal(aModel(plan), { colour: false, width: 80 }).split('\n');
    expect(lines.filter((line) => line.includes('attribute_')).length).toBeGreaterThan(4);
    for (const line of lines.slice(3)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('gives the runner no command and the terminal no control, whatever a plan or a check says', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const words = `${'word '.repeat(8)}::error::x ${text}`;
        const evil = { [text]: text, lines: `one\n::error::two\n${text}` };
        const plan = await planFrom(
          planJson([changeJson(`a.b["${text}"]`, ['update'], evil, { x: text }), changeJson('a.c', ['create'], null, evil)]),
        );
        const finding = aFinding({ check: text, ruleId: text, message: words, help: words, address: text, action: text, file: text });
        const model = aModel(plan, {
          results: [
            aResult({ check: text, status: 'failed', findings: [finding] }),
            aResult({ check: text, status: 'errored', reason: words }),
          ],
          verdict: { status: 'failed', message: words, decidedBy: 'deadline' },
        });
        for (const line of renderTerminal(model, { colour: false, width: 40 }).split('\n')) {
          expect(line).not.toMatch(/^\s*::|##\[/);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
