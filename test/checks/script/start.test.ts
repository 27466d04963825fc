// How a script check is named in the file, and how its process is started: from sources, and from the action's bundle.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readChecksFile } from '../../../src/checks/checks-file.ts';
import { createPlanReceiver, toLines, type Briefing } from '../../../src/checks/script/plan-lines.ts';
import { scriptProgramOfBundle } from '../../../src/checks/script/program.ts';
import { aChange, anOutput, aPlan, aRun } from '../builders.ts';
import { judging, runScript } from './run-script.ts';

const DIST = path.join(import.meta.dirname, '../../../dist');

describe('in the checks file', () => {
  const read = (script: string): unknown => {
    const file = readChecksFile(`version: 1\nchecks:\n  - name: a\n    script: ${script}\n`, 'checks.yml');
    return file.ok ? file.value.checks[0]?.script : file.error.map(({ line, detail, summary }) => `${line}: ${summary} ${detail}`).join();
  };

  it.each([
    ['.runtask/checks/cost.ts', { file: '.runtask/checks/cost.ts', memory_mb: 1024 }],
    ['{ file: policies/a.mjs, memory_mb: 64 }', { file: 'policies/a.mjs', memory_mb: 64 }],
  ])('%s', (text, spec) => expect(read(text)).toEqual(spec));

  it.each([
    ['cost.ts', /4: .*In a folder, such as \.runtask\/checks\/cost\.ts/],
    ['./cost.ts', /4: .*In a folder/],
    ['../other/cost.ts', /4: .*without "\.\."/],
    ['/etc/cost.ts', /4: .*A path inside the repository/],
    ['.runtask/cost.cjs', /4: .*An ES module/],
    ['.runtask/cost.py', /4: .*An ES module/],
    ['{ file: .runtask/a.ts, memory_mb: 8 }', /4: .*64/],
  ])('%s: told when it is read', (text, why) => expect(read(text)).toMatch(why));
});

describe('the plan', () => {
  const briefing: Briefing = {
    token: 't',
    file: 'a',
    root: '/r',
    params: {},
    run: aRun(),
    except: [],
    explain: false,
    maxFindings: 1,
    maxText: 1,
  };
  const plan = aPlan([aChange('a_b.c["new\nline"]', 'create', { after: { ['__proto__']: 1, n: 'ü\u2028' } })], {
    drift: [aChange('a_b.d', 'update')],
    outputs: [anOutput('o', 'create')],
    variables: new Map([['__proto__', 1]]),
    markedElsewhere: ['secret'],
  });
  const receive = (lines: readonly string[]): ReturnType<ReturnType<typeof createPlanReceiver>['finish']> => {
    const receiver = createPlanReceiver();
    for (const line of lines) receiver.line(line);
    return receiver.finish();
  };

  it('arrives as it was sent, without what only the masker needs', () => {
    const { markedElsewhere: _, ...rest } = plan;
    const lines = [...toLines(briefing, plan)];
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    expect(receive(lines)).toEqual({ briefing, plan: rest });
  });

  it.each([0, 1, 2, 3])('is refused when it ends after %d lines', (count) =>
    expect(() => receive([...toLines(briefing, plan)].slice(0, count))).toThrow('The plan did not arrive as it was sent'),
  );

  it('is refused when there is more of it', () =>
    expect(() => receive([...toLines(briefing, plan), '{}'])).toThrow('The plan did not arrive as it was sent'));

  it('a script is never given half of one: what cannot be sent is the reason', async () => {
    const odd = aPlan([aChange('a_b.c', 'create')]);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { reason } = await runScript({ files: judging(''), plan: { ...odd, changes: [...odd.changes, circle as never] } });
    expect(reason).toMatch(/^\.runtask\/check\.ts: It could not be given the plan: Converting circular structure/);
  });
});

it('runs from the bundle of the action', async () => {
  const plan = aPlan([aChange('a_b.c', 'create', { after: { n: 1 } })]);
  const outcome = await runScript({
    files: judging("for (const { after, address } of plan.planned()) if (after.n < 2) fail(address, 'small');"),
    plan,
    context: { scriptProgram: scriptProgramOfBundle(path.join(DIST, 'main/index.js')) },
  });
  expect([outcome.reason, outcome.findings.map(({ message }) => message)]).toEqual([null, ['small']]);
});
