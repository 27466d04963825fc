// Random reports about a plan: what checks said, waivers, sources, verdicts, delivery, runs.
import fc from 'fast-check';
import { SEVERITIES } from '../../../src/contracts/check-words.ts';
import { ENFORCEMENT_LEVELS, STAGES, type RunFacts } from '../../../src/contracts/run-facts.ts';
import type { CheckResult, Finding, WaiverReport } from '../../../src/findings/finding.ts';
import { createMasker, withoutCredentials } from '../../../src/plan/masking.ts';
import type { Plan } from '../../../src/plan/model.ts';
import type { ReportModel } from '../../../src/report/model.ts';
import { aModel } from '../models.ts';

/** Everything of a report but the plan. */
export type Frame = Omit<ReportModel, 'plan' | 'masker' | 'run'> & { readonly run: Partial<RunFacts> };

/** What the strings of a report are made of. */
export interface ReportWords {
  /** Names, reasons, people. */
  readonly text: fc.Arbitrary<string>;
  /** What checks say, which goes through the masker. */
  readonly said: fc.Arbitrary<string>;
  /** Where a link of ours may lead. */
  readonly url: fc.Arbitrary<string>;
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 2 });
const count = fc.oneof(fc.nat(3), fc.nat(100_000));

function findings({ text, said, url }: ReportWords): fc.Arbitrary<Finding> {
  return fc
    .record({
      check: text,
      ruleId: orNull(said),
      level: fc.constantFrom('error', 'error', 'warning', 'note'),
      severity: fc.constantFrom(...SEVERITIES),
      message: said,
      help: orNull(fc.tuple(said, said).map(([a, b]) => `${a}\n\n- ${b}\n${a}`)),
      address: orNull(text),
      action: orNull(text),
      file: orNull(text),
      line: orNull(fc.integer({ min: 1, max: 9999 })),
      url: orNull(url),
      standsFor: fc.option(fc.integer({ min: 1, max: 500 }), { nil: 0 }),
      waived: orNull(fc.record({ reason: text, owner: text, expires: text })),
    })
    .map(({ standsFor, waived, ...finding }) => ({
      ...finding,
      ...(standsFor === 0 ? {} : { standsFor }),
      ...(waived === null ? {} : { waived }),
    }));
}

function results(words: ReportWords): fc.Arbitrary<CheckResult> {
  return fc
    .record({
      check: words.text,
      kind: fc.constantFrom('cel', 'run', 'protect'),
      enforcement: fc.constantFrom(...ENFORCEMENT_LEVELS),
      status: fc.constantFrom('passed', 'failed', 'errored', 'not-applicable'),
      durationMs: fc.nat(1000),
      findings: fc.array(findings(words), { maxLength: 3 }),
      reason: orNull(words.said),
      origin: orNull(words.text),
    })
    .map(({ origin, ...result }) => ({ ...result, ...(origin === null ? {} : { origin }) }));
}

function waivers(text: fc.Arbitrary<string>): fc.Arbitrary<WaiverReport> {
  const waiver = fc
    .record({
      check: text,
      rule: orNull(text),
      addresses: orNull(fc.array(text, { minLength: 1, maxLength: 2 })),
      reason: text,
      owner: text,
      expires: text,
    })
    .map(({ rule, addresses, ...rest }) => ({ ...rest, ...(rule === null ? {} : { rule }), ...(addresses === null ? {} : { addresses }) }));
  return fc.record({ waiver, state: fc.constantFrom('in-effect', 'unmatched', 'not-asked', 'expired', 'unowned'), matched: count });
}

const DECIDERS = ['action', 'never-started', 'lease', 'deadline', 'github', 'superseded', 'operator', 'route'] as const;
const STATES = ['planned', 'applied', 'errored', 'discarded', 'canceled', 'finished'] as const;

export function frames(words: ReportWords): fc.Arbitrary<Frame> {
  const { text, url } = words;
  const delivery = fc.record({ state: fc.constantFrom('delivered', 'pending', 'undeliverable'), reason: text });
  const run = fc.record({
    stage: fc.constantFrom(...STAGES),
    enforcement: fc.constantFrom(...ENFORCEMENT_LEVELS),
    organization: text,
    workspace: text,
    run_id: text,
    run_url: url,
    run_message: text,
    run_created_by: orNull(text),
    speculative: fc.boolean(),
    outcomes: fc.constant(true),
    vcs: fc.record({
      branch: orNull(text),
      commit_hash: orNull(text),
      commit_url: orNull(url),
      pull_request_url: orNull(url),
      repository_url: orNull(url),
    }),
  });
  return fc
    .record({
      run,
      planProblem: orNull(text),
      results: fc.array(results(words), { maxLength: 4 }),
      waivers: fc.array(waivers(text), { maxLength: 2 }),
      sources: fc.array(fc.record({ name: text, digest: text, checks: count }), { maxLength: 2 }),
      verdict: orNull(fc.record({ status: fc.constantFrom('passed', 'failed'), message: text, decidedBy: fc.constantFrom(...DECIDERS) })),
      delivery: orNull(delivery),
      state: orNull(
        fc.record({ kind: fc.constantFrom(...STATES), at: orNull(fc.constantFrom('2026-11-22T12:00:00Z', '2026-11-22T12:00:00.5+01:00')) }),
      ),
      observe: fc.boolean(),
      workflowUrl: orNull(url),
      commit: orNull(text),
    })
    .map(({ delivery, state, ...frame }) => ({
      ...frame,
      ...(delivery === null ? {} : { delivery }),
      ...(state === null ? {} : { state }),
    }));
}

/** As the action makes one: whatever a check said went through the masker. */
export function toModel(plan: Plan | null, { run, ...frame }: Frame): ReportModel {
  const masker = plan === null ? null : createMasker(plan);
  const clean = (text: string): string => masker?.text(text) ?? withoutCredentials(text);
  const base = aModel(plan);
  return {
    ...base,
    ...frame,
    masker,
    run: { ...base.run, ...run },
    results: frame.results.map((result) => ({
      ...result,
      reason: result.reason === null ? null : clean(result.reason),
      findings: result.findings.map((finding) => ({
        ...finding,
        message: clean(finding.message),
        help: finding.help === null ? null : clean(finding.help),
        ruleId: finding.ruleId === null ? null : clean(finding.ruleId),
      })),
    })),
  };
}
