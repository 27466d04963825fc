// SARIF out: what GitHub's code scanning needs of it, its limits, and that it can be read back by our own reader of reports.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Log, Result } from 'sarif';
import { NO_FILE, toSarif } from '../../src/report/sarif.ts';
import { hostile } from './gfm.ts';
import { aFinding, aModel, aResult } from './models.ts';
import { showcase } from './showcase.ts';

const runOf = (log: Log) => log.runs[0]!;
const resultsOf = (log: Log): Result[] => runOf(log).results ?? [];
const waived = { reason: 'until the move', owner: 'net@example.com', expires: '2026-12-31' };

describe('toSarif', () => {
  it('tells findings and checks that could not run, worst first and waived last', async () => {
    const log = toSarif(await showcase());
    expect(resultsOf(log).map(({ ruleId, level, message, suppressions }) => [ruleId, level, message.text, suppressions?.length])).toEqual([
      ['data stores stay', 'error', 'aws_s3_bucket.logs: A data store must not be deleted', 0],
      ['data stores stay', 'error', 'aws_db_instance.main: A data store must not be replaced', 0],
      [
        'cost limit/could not run',
        'error',
        'cost limit could not run: The command did not end within 2m; raise `timeout` or make it faster',
        0,
      ],
      ['checkov/CKV_AWS_20', 'warning', 'aws_s3_bucket.assets: S3 Bucket has an ACL defined which allows public READ access', 0],
      ['checkov/CKV_AWS_21', 'warning', 'aws_s3_bucket.assets: Versioning is not enabled', 0],
      ['no wildcard policies', 'error', 'aws_iam_policy.app: The policy allows everything', 1],
      ['checkov/CKV_AWS_145', 'warning', 'aws_s3_bucket.assets: S3 bucket is not encrypted with a key of ours', 1],
    ]);
    expect(runOf(log).automationDetails).toEqual({ id: 'runtask/acme/net-prod/post_plan/' });
    expect(runOf(log).invocations).toEqual([{ executionSuccessful: false }]);
    expect(runOf(log).tool.driver.rules?.map(({ id, properties }) => [id, properties?.['security-severity']])).toEqual([
      ['data stores stay', '9.5'],
      ['cost limit/could not run', '8.0'],
      ['checkov/CKV_AWS_20', '5.5'],
      ['checkov/CKV_AWS_21', '2.0'],
      ['no wildcard policies', '8.0'],
      ['checkov/CKV_AWS_145', '5.5'],
    ]);
    for (const { ruleId, ruleIndex } of resultsOf(log)) expect(runOf(log).tool.driver.rules?.[ruleIndex!]?.id).toBe(ruleId);
  });

  it('gives each result a place, by line where it is known, and its address', () => {
    const findings = [
      aFinding({ address: 'a.b["x"]', file: 'modules/net x/é.tf', line: 14, waived }),
      aFinding({ file: 's3.tf' }),
      aFinding(),
    ];
    const [first, second, third] = resultsOf(toSarif(aModel(null, { results: [aResult({ status: 'failed', findings })] }))).reverse();
    expect(first).toMatchObject({
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'modules/net%20x/%C3%A9.tf' }, region: { startLine: 14 } },
          logicalLocations: [{ fullyQualifiedName: 'a.b["x"]', kind: 'resource' }],
        },
      ],
      suppressions: [{ kind: 'external', status: 'accepted', justification: 'until the move (net@example.com, until 2026-12-31)' }],
    });
    const places = [second, third].map((result) => result?.locations?.[0]?.physicalLocation);
    expect(places).toEqual([
      { artifactLocation: { uri: NO_FILE, uriBaseId: '%SRCROOT%' }, region: { startLine: 1 } },
      { artifactLocation: { uri: 's3.tf', uriBaseId: '%SRCROOT%' }, region: { startLine: 1 } },
    ]);
  });

  it('knows a finding again when its block has moved and its message has other values', () => {
    const of = (...findings: Parameters<typeof aFinding>[0][]): (string | undefined)[] =>
      resultsOf(toSarif(aModel(null, { results: [aResult({ status: 'failed', findings: findings.map(aFinding) })] }))).map(
        (result) => result.partialFingerprints?.['primaryLocationLineHash'],
      );
    const [one] = of({ address: 'a.b', file: 'a.tf', line: 3, message: 'has 7 ports' });
    expect(of({ address: 'a.b', file: 'b.tf', line: 9, message: 'has 8 ports' })).toEqual([one]);
    expect(of({ address: 'a.c' })).not.toEqual([one]);
    expect(of({ message: '7 of them' })).toEqual(of({ message: '8 of them' }));
    expect(of({ address: 'a.b' }, { address: 'a.b' })).toEqual([one, one?.replace(/:1$/, ':2')]);
  });

  it('keeps the worst within what GitHub takes, and says how many it left out', () => {
    const findings = [
      ...Array.from({ length: 60_000 }, (_, index) => aFinding({ severity: 'low', address: `a.b[${index}]`, message: 'x'.repeat(300) })),
      aFinding({ severity: 'critical', message: 'the worst' }),
    ];
    const log = toSarif(aModel(null, { results: [aResult({ status: 'failed', findings })] }));
    const results = resultsOf(log);
    expect(results[0]?.message.text).toBe('the worst');
    expect(results.length).toBeLessThanOrEqual(25_000);
    expect(results.length).toBeGreaterThan(5000);
    expect(Buffer.byteLength(JSON.stringify(log))).toBeLessThan(10_000_000);
    expect(runOf(log).invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toBe(
      `${60_001 - results.length} results left out for length; the file of findings has all`,
    );
  });

  it('holds whatever the checks say: no link, no invisible character, no half of one', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const finding = aFinding({ check: text, ruleId: text, message: text, help: text, address: text, file: text, line: 2, url: text });
        const results = [
          aResult({
            check: text,
            origin: text,
            status: 'failed',
            findings: [finding, { ...finding, waived: { ...waived, reason: text } }],
          }),
          aResult({ check: text, status: 'errored', reason: text }),
        ];
        const log = toSarif(aModel(null, { results }));
        for (const { message, locations } of resultsOf(log)) {
          expect(message.text).not.toMatch(/(?<!\\)(\\\\)*\[/);
          expect(message.text?.isWellFormed()).toBe(true);
          expect(locations?.[0]?.physicalLocation?.artifactLocation?.uri).not.toMatch(/^[a-z]+:|\s|\.\.\//i);
        }
      }),
      { numRuns: 200 },
    );
  });
});
