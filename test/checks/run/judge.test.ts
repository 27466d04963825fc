// Exit code and report together: what each pair of them comes to, in every format, and what whoever asks is told.
import { describe, expect, it } from '@jest/globals';
import { ok } from '../../../src/base/result.ts';
import { runSchema } from '../../../src/contracts/check-kinds.ts';
import { judgeToolEnd, type ToolRun } from '../../../src/checks/run/judge.ts';
import type { KindOutcome } from '../../../src/checks/kind.ts';

interface Case extends Partial<ToolRun> {
  readonly stdout?: string | Buffer;
  readonly code?: number;
  readonly tail?: string;
  readonly format?: string;
}

function judge({ stdout = '', code = 0, tail = '', format = 'auto', ...over }: Case): KindOutcome {
  return judgeToolEnd({
    spec: runSchema.parse({ command: ['tool'], format }),
    program: 'tool',
    message: undefined,
    hasThreshold: false,
    isExcepted: () => false,
    end: { kind: 'exited', code, stdout: Buffer.from(stdout as string), tail },
    report: null,
    context: { actions: new Map([['a.b', 'create']]), namesInModules: new Set(), roots: [], planPath: null, severity: 'high' },
    remains: true,
    explain: () => {},
    ...over,
  });
}
const told = ({ findings, reason }: KindOutcome): unknown[] => [
  findings.map(({ level, message }) => `${level ?? 'error'}: ${message}`),
  reason,
];

const conftest = (over: object): string => JSON.stringify([{ filename: 'plan.json', namespace: 'main', successes: 0, ...over }]);
const WARNING = conftest({ warnings: [{ msg: 'w' }] });
const FAILURE = conftest({ failures: [{ msg: 'f', metadata: { address: 'a.b' } }] });
const FINE = conftest({ successes: 3 });
const NOTHING = conftest({});
const REFUSED =
  'error: tool ended with exit code 1, though none of its 1 findings is an error. If they shall not fail, let it exit with 0 or write `fail_on`';
const LOOKED_AT_NOTHING = expect.stringContaining('looked at nothing');

describe('exit code and report', () => {
  it.each<[string, Case, unknown[]]>([
    ['fine, 0', { stdout: FINE }, [[], null]],
    ['a failure, 0', { stdout: FAILURE }, [['error: f'], null]],
    ['a failure, 1', { stdout: FAILURE, code: 1 }, [['error: f'], null]],
    ['a warning, 0', { stdout: WARNING }, [['warning: w'], null]],
    ['a warning, 1', { stdout: WARNING, code: 1 }, [[REFUSED, 'warning: w'], null]],
    [
      'a warning, 1, and the check says what fails',
      { stdout: WARNING, code: 1, hasThreshold: true, format: 'conftest' },
      [['warning: w'], null],
    ],
    // A tool of which nobody says that it reports, and which prints the name of a bucket that is written like a report.
    [
      'a warning, 1, the check says what fails, and nobody that this is a report',
      { stdout: WARNING, code: 1, hasThreshold: true },
      [['warning: w'], expect.stringContaining('name it: `format: conftest`')],
    ],
    ['fine, 1', { stdout: FINE, code: 1 }, [[], expect.stringContaining('it may have crashed')]],
    [
      'fine, 1, and the check says what fails',
      { stdout: FINE, code: 1, hasThreshold: true },
      [[], expect.stringContaining('it may have crashed')],
    ],
    ['nothing looked at, 0', { stdout: NOTHING }, [[], LOOKED_AT_NOTHING]],
    ['nothing looked at, 0, no plan', { stdout: NOTHING, remains: null }, [[], LOOKED_AT_NOTHING]],
    ['nothing looked at, 0, nothing is left', { stdout: NOTHING, remains: false }, [[], null]],
    [
      'a failure of an excepted resource, 1',
      { stdout: FAILURE, code: 1, isExcepted: (address) => address === 'a.b', format: 'conftest' },
      [[], null],
    ],
    [
      'a failure of an excepted resource, 1, and nobody says that this is a report',
      { stdout: FAILURE, code: 1, isExcepted: (address) => address === 'a.b' },
      [[], expect.stringContaining('name it: `format: conftest`')],
    ],
    [
      'a report that is not whole, 0',
      { stdout: '<testsuite failures="2"><testcase name="t"><failure/></testcase></testsuite>' },
      [['error: t'], 'The report counts 2 failures and lists 1. tool ended with exit code 0'],
    ],
    [
      'a broken report, 0',
      { stdout: FAILURE.slice(0, -2) },
      [[], expect.stringMatching(/^The report is not JSON .* tool ended with exit code 0$/)],
    ],
    ['chatter, 0', { stdout: 'all is well' }, [[], null]],
    ['chatter where a report must be, 0', { stdout: 'all is well', format: 'junit' }, [[], expect.stringContaining('not well-formed XML')]],
    [
      'no report where one must be, 0',
      { format: 'conftest', tail: 'no policies' },
      [[], 'tool printed no report (exit code 0): no policies'],
    ],
    ['another report than is said, 0', { stdout: FINE, format: 'checkov' }, [[], expect.stringContaining("not Checkov's JSON")]],
    ['bytes, 0', { stdout: Buffer.from('a\0b') }, [[], expect.stringContaining('binary')]],
    ['bytes, by exit code', { stdout: Buffer.from('a\0b'), format: 'exit-code' }, [[], null]],
    ['a file in no format', { report: ok(Buffer.from('x')) }, [[], expect.stringContaining('Known: sarif, checkov, conftest, opa, junit')]],
    ['a file in UTF-16', { report: ok(Buffer.from(`\uFEFF${FAILURE}`, 'utf16le')), code: 1 }, [['error: f'], null]],
  ])('%s', (_what, run, expected) => expect(told(judge(run))).toEqual(expected));
});

it('lists the worst thousand, and what stands for the rest is as bad as the worst of them', () => {
  const failures = Array.from({ length: 1005 }, (_, n) => ({ msg: `f${n}`, metadata: { severity: 'low' } }));
  const warnings = [{ msg: 'w', metadata: { severity: 'critical' } }];
  const { findings } = judge({ stdout: conftest({ failures, warnings }) });
  expect(findings).toHaveLength(1001);
  // With `fail_on: high` the critical warning must still fail.
  expect(findings.at(-1)).toEqual({ message: '6 more findings are not listed', level: 'error', severity: 'critical', standsFor: 6 });
});

it('tells whoever asks the exit code, the last lines and what the report holds', () => {
  const explained: string[] = [];
  judge({
    stdout: FAILURE,
    code: 1,
    tail: 'one\n\u001b[31mtwo\u001b[0m\n',
    explain: (subject, saw) => explained.push(`${subject}: ${saw}`),
  });
  expect(explained).toEqual([
    'exit code: 1',
    'last lines: one\ntwo',
    'judged by: its report (conftest): 1 errors, 0 warnings, 0 notes, 0 suppressed, looked at 1',
  ]);
});
