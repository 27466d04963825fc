// Builders for report models, and plans of our own small enough to read.
import { readFile } from 'node:fs/promises';
import { toRunFacts } from '../../src/contracts/run-task-request.ts';
import type { CheckResult, Finding } from '../../src/findings/finding.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { Plan } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { aRequest } from '../support/requests.ts';

export async function planFrom(text: string): Promise<Plan> {
  const result = await readPlan(chunks(text));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

export const planFile = async (path: string | URL): Promise<Plan> => planFrom(await readFile(path, 'utf8'));

export function aModel(plan: Plan | null, change: Partial<ReportModel> = {}): ReportModel {
  return {
    run: toRunFacts(aRequest()),
    plan,
    masker: plan === null ? null : createMasker(plan),
    planProblem: null,
    results: [aResult()],
    waivers: [],
    sources: [],
    verdict: { status: 'passed', message: '1 check passed', decidedBy: 'action' },
    observe: false,
    workflowUrl: 'https://github.com/acme/net/actions/runs/1',
    commit: '0123456789abcdef0123456789abcdef01234567',
    ...change,
  };
}

export const aResult = (change: Partial<CheckResult> = {}): CheckResult => ({
  check: 'required tags',
  kind: 'cel',
  enforcement: 'mandatory',
  status: 'passed',
  durationMs: 12,
  findings: [],
  reason: null,
  ...change,
});

export const aFinding = (change: Partial<Finding> = {}): Finding => ({
  check: 'data stores stay',
  ruleId: null,
  level: 'error',
  severity: 'high',
  message: 'Must not be replaced',
  help: null,
  address: null,
  action: null,
  file: null,
  line: null,
  url: null,
  ...change,
});

/** The form of a resource change in Terraform's JSON, with only what a test is about. */
export function changeJson(address: string, actions: readonly string[], before: unknown, after: unknown, more: object = {}): object {
  const [type = '', name = ''] = address.split('.').slice(-2);
  const { change, ...rest } = more as { change?: object };
  return {
    address,
    mode: 'managed',
    type,
    name,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...change },
    ...rest,
  };
}

export const planJson = (changes: readonly object[], more: object = {}): string =>
  JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.14.1',
    resource_changes: changes,
    complete: true,
    errored: false,
    ...more,
  });
