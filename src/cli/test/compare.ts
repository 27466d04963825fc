// What came out of a test against what its author expected; every difference as a sentence. Pure.
import type { Expectations, ExpectedFinding } from '../../contracts/checks-tests.ts';
import { matchGlob } from '../../documents/glob.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { CheckResult, Finding, Verdict } from '../../findings/finding.ts';

/** @returns what differs; empty: the test holds */
export function compare(expect: Expectations, results: readonly CheckResult[], verdict: Verdict): string[] {
  return [
    ...unknownNames(expect, results),
    ...(expect.verdict === undefined || expect.verdict === verdict.status
      ? []
      : [`the verdict is ${verdict.status}, expected ${expect.verdict}: ${verdict.message}`]),
    ...(expect.findings === undefined ? [] : compareFindings(expect.findings, results)),
    ...compareStatus(expect.passed ?? [], 'passed', results),
    ...compareStatus(expect.skipped ?? [], 'not-applicable', results),
    ...compareBroken(expect.broken ?? [], results),
  ];
}

function unknownNames(expect: Expectations, results: readonly CheckResult[]): string[] {
  const names = results.map(({ check }) => check);
  const named = [
    ...(expect.findings ?? []).map(({ check }) => check),
    ...(expect.passed ?? []),
    ...(expect.skipped ?? []),
    ...(expect.broken ?? []).map(({ check }) => check),
  ];
  return [...new Set(named)]
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = didYouMean(name, names);
      return `no check is called "${name}"${near === null ? `; there are: ${names.join(', ')}` : `; did you mean "${near}"?`}`;
    });
}

function compareFindings(expected: readonly ExpectedFinding[], results: readonly CheckResult[]): string[] {
  const wantsNotes = expected.some(({ level }) => level === 'note');
  const found = results
    .flatMap(({ findings }) => findings)
    .filter((finding) => finding.waived === undefined && (wantsNotes || finding.level !== 'note'));
  const { missing, surplus } = assign(expected, found);
  return [...missing.map((one) => `missing: ${describeExpected(one)}`), ...surplus.map((one) => `not expected: ${describeFinding(one)}`)];
}

/**
 * Each finding is used once. An expectation with few words could take the finding that one with more words needs, so who has taken one
 * moves over if it can (augmenting paths; a test has a handful of findings).
 */
function assign(
  expected: readonly ExpectedFinding[],
  found: readonly Finding[],
): { readonly missing: ExpectedFinding[]; readonly surplus: Finding[] } {
  const takenBy = new Map<Finding, ExpectedFinding>();
  const place = (one: ExpectedFinding, tried: Set<Finding>): boolean => {
    for (const finding of found) {
      if (tried.has(finding) || !fits(one, finding)) continue;
      tried.add(finding);
      const holder = takenBy.get(finding);
      if (holder !== undefined && !place(holder, tried)) continue;
      takenBy.set(finding, one);
      return true;
    }
    return false;
  };
  const missing = expected.filter((one) => !place(one, new Set()));
  return { missing, surplus: found.filter((finding) => !takenBy.has(finding)) };
}

function fits({ check, address, rule, message, level, severity }: ExpectedFinding, finding: Finding): boolean {
  return (
    finding.check === check &&
    finding.level === level &&
    (severity === undefined || finding.severity === severity) &&
    (address === undefined || matchGlob(address, finding.address ?? '')) &&
    (rule === undefined || matchGlob(rule, finding.ruleId ?? '')) &&
    (message === undefined || matchGlob(message, finding.message))
  );
}

function compareStatus(names: readonly string[], status: 'passed' | 'not-applicable', results: readonly CheckResult[]): string[] {
  return names.flatMap((name) => {
    const result = results.find(({ check }) => check === name);
    return result === undefined || result.status === status
      ? []
      : [`${name} is ${describeStatus(result)}, expected ${STATUS_WORDS[status]}`];
  });
}

function compareBroken(expected: NonNullable<Expectations['broken']>, results: readonly CheckResult[]): string[] {
  const broken = results.filter(({ status }) => status === 'errored');
  const isExpected = (result: CheckResult): boolean => expected.some(({ check }) => check === result.check);
  return [
    ...broken.filter((result) => !isExpected(result)).map((result) => `${result.check} could not run: ${result.reason ?? ''}`),
    ...expected.flatMap(({ check, reason }) => {
      const result = results.find((one) => one.check === check);
      if (result === undefined) return [];
      if (result.status !== 'errored') return [`${check} is ${describeStatus(result)}, expected to break`];
      return reason === undefined || matchGlob(reason, result.reason ?? '')
        ? []
        : [`${check} breaks with another reason: ${result.reason ?? ''}`];
    }),
  ];
}

const STATUS_WORDS: Readonly<Record<CheckResult['status'], string>> = {
  'passed': 'passed',
  'failed': 'failed',
  'errored': 'broken',
  'not-applicable': 'skipped',
};

const describeStatus = ({ status, reason }: CheckResult): string => `${STATUS_WORDS[status]}${reason === null ? '' : ` (${reason})`}`;

const describeExpected = ({ check, address, rule, message, level, severity }: ExpectedFinding): string =>
  [
    `${level} of "${check}"`,
    ...(address === undefined ? [] : [`at ${address}`]),
    ...(rule === undefined ? [] : [`rule ${rule}`]),
    ...(severity === undefined ? [] : [severity]),
    ...(message === undefined ? [] : [`"${message}"`]),
  ].join(', ');

const describeFinding = ({ check, level, address, ruleId, severity, message }: Finding): string =>
  [
    `${level} of "${check}"`,
    ...(address === null ? [] : [`at ${address}`]),
    ...(ruleId === null ? [] : [`rule ${ruleId}`]),
    severity,
    `"${message}"`,
  ].join(', ');
