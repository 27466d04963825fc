import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESULT_LIMITS, taskResultSchema } from '../../src/contracts/task-result.ts';
import { toTaskResult } from '../../src/report/task-result.ts';
import { HARMLESS, hostile, inspect, nodes, parse } from './gfm.ts';
import { aFinding, aModel, aResult } from './models.ts';
import { showcase } from './showcase.ts';

const failed = { status: 'failed', message: 'm', decidedBy: 'action' } as const;

describe('toTaskResult', () => {
  it('tells what failed by enforcement and severity, then what could not run, then waivers missed, warnings, what is waived, what passed', async () => {
    const { outcomes } = toTaskResult(await showcase());
    expect(outcomes.map((outcome) => [outcome.tags?.['Status']?.[0]?.label, outcome.description])).toEqual([
      ['Failed', 'aws_s3_bucket.logs: A data store must not be deleted'],
      ['Failed', 'aws_db_instance.main: A data store must not be replaced'],
      ['Failed (advisory)', 'aws_s3_bucket.assets: S3 Bucket has an ACL defined which allows public READ access'],
      ['Could not run', 'cost limit could not run: The command did not end within 2m; raise `timeout` or make it faster'],
      [
        'Waiver expired',
        'The waiver for "data stores stay", at `aws_db_instance.*` (data@example.com) ended on 2026-10-31. It would cover 1 finding of this run: renew or remove it.',
      ],
      ['Warning', 'aws_s3_bucket.assets: Versioning is not enabled'],
      ['Waived', 'aws_iam_policy.app: The policy allows everything'],
      ['Waived', 'aws_s3_bucket.assets: S3 bucket is not encrypted with a key of ours'],
      ['Passed', 'no wildcard policies'],
      ['Passed', 'required tags'],
      ['Waiver unmatched', 'Nothing in this run needs the waiver for "required tags". If that stays so, remove it.'],
    ]);
  });

  it('sends no outcomes to a Terraform Enterprise that does not know them', async () => {
    const model = await showcase();
    expect(toTaskResult({ ...model, run: { ...model.run, outcomes: false } }).outcomes).toEqual([]);
  });

  it('counts what goes beyond 250 outcomes, and keeps the worst', () => {
    const findings = [
      ...Array.from({ length: 400 }, () => aFinding({ severity: 'low' })),
      aFinding({ severity: 'critical', message: 'the worst' }),
    ];
    const { outcomes } = toTaskResult(aModel(null, { results: [aResult({ status: 'failed', findings })], verdict: failed }));
    expect(outcomes).toHaveLength(RESULT_LIMITS.outcomes);
    expect(outcomes[0]?.description).toBe('the worst');
    expect(outcomes.at(-1)?.description).toBe('… and 152 more outcomes; the workflow run shows all');
  });

  it('leaves out a link that is too long or not http(s)', () => {
    const of = (workflowUrl: string): string | undefined => toTaskResult(aModel(null, { workflowUrl })).url;
    expect(of(`https://example.com/${'a'.repeat(600)}`)).toBeUndefined();
    expect(of('javascript:alert(1)')).toBeUndefined();
    expect(of('https://github.com/acme/net/actions/runs/1')).toBe('https://github.com/acme/net/actions/runs/1');
  });

  it('has not passed when nothing was judged', () => {
    expect(toTaskResult(aModel(null, { verdict: null })).status).toBe('failed');
  });

  it('holds HCP’s limits, cuts no character in half and opens nothing, whatever the checks say', () => {
    const long = fc.tuple(hostile, fc.nat(6000)).map(([text, n]) => `${text}${'😀'.repeat(n)}${text}`);
    fc.assert(
      fc.property(long, fc.constantFrom('error', 'warning', 'note'), (text, level) => {
        const finding = aFinding({
          check: text,
          ruleId: text,
          level,
          message: text,
          help: text,
          address: text,
          action: text,
          file: text,
          line: 1,
          url: text,
        });
        const results = [
          aResult({ check: text, status: 'failed', findings: [finding] }),
          aResult({ check: text, status: 'errored', reason: text }),
          aResult({ check: text, status: 'passed' }),
        ];
        const result = toTaskResult(aModel(null, { results, verdict: { ...failed, message: text } }));
        expect(taskResultSchema.safeParse(result).error).toBeUndefined();
        expect(JSON.stringify(result).isWellFormed()).toBe(true);
        for (const { body = '' } of result.outcomes) {
          const { links, ...seen } = inspect(body);
          expect(seen).toEqual(HARMLESS);
          expect(links.filter((url) => !/^https?:\/\//.test(url))).toEqual([]);
          // Tables and HTML are not known to be shown by HCP Terraform.
          expect(nodes(parse(body)).filter((node) => node.type === 'html' || node.type === 'table')).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
