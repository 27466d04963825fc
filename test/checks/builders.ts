// Small plans and runs for the tests of checks and findings, built from what a test says and harmless defaults for the rest.
import type { Json } from '../../src/contracts/json.ts';
import type { RunFacts } from '../../src/contracts/run-facts.ts';
import type { OutputChange, Plan, ResourceChange } from '../../src/plan/model.ts';
import type { CheckResult, Finding } from '../../src/findings/finding.ts';

export function aChange(address: string, action: string, over: Partial<ResourceChange> = {}): ResourceChange {
  const ACTIONS: Record<string, readonly string[]> = { replace: ['delete', 'create'] };
  const plain = address.replace(/^(module\.[^.[]+(\["[^"]*"\]|\[\d+\])?\.)*/, '');
  const [type = '', name = ''] = plain.split('.');
  const gone: Json = null;
  return {
    address,
    previousAddress: null,
    module: address.slice(0, Math.max(0, address.length - plain.length - 1)),
    mode: 'managed',
    type,
    name: name.replace(/\[.*$/, ''),
    index: null,
    deposed: null,
    provider: null,
    reason: null,
    replaceOrder: null,
    replacePaths: [],
    importing: null,
    actions: ACTIONS[action] ?? [action],
    action,
    before: action === 'create' ? gone : {},
    after: action === 'delete' || action === 'forget' ? gone : {},
    unknown: false,
    beforeSensitive: false,
    afterSensitive: false,
    ...over,
  };
}

export const anOutput = (name: string, action: string, over: Partial<OutputChange> = {}): OutputChange => ({
  name,
  actions: [action],
  action,
  before: null,
  after: null,
  unknown: false,
  beforeSensitive: false,
  afterSensitive: false,
  ...over,
});

export function aPlan(changes: readonly ResourceChange[] = [], over: Partial<Plan> = {}): Plan {
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  const replace = count('replace');
  return {
    formatVersion: '1.2',
    terraformVersion: '1.11.4',
    changes,
    drift: [],
    outputs: [],
    deferred: [],
    counts: {
      add: count('create') + replace,
      change: count('update'),
      destroy: count('delete') + replace,
      replace,
      import: 0,
      forget: count('forget'),
      move: 0,
    },
    errored: false,
    complete: true,
    applyable: true,
    ...over,
  };
}

export const aRun = (over: Partial<RunFacts> = {}): RunFacts => ({
  stage: 'post_plan',
  enforcement: 'mandatory',
  organization: 'acme',
  workspace: 'net-prod',
  workspace_id: 'ws-1',
  workspace_url: null,
  workspace_working_directory: '',
  run_id: 'run-1',
  run_url: 'https://app.terraform.io/app/acme/net-prod/runs/run-1',
  run_created_at: '2026-11-22T10:00:00Z',
  run_created_by: null,
  run_message: '',
  speculative: false,
  task_result_id: 'taskrs-1',
  configuration_version_id: null,
  has_plan: true,
  has_configuration: false,
  outcomes: true,
  vcs: { branch: null, commit_hash: null, commit_url: null, pull_request_url: null, repository_url: null },
  ...over,
});

export const aFinding = (over: Partial<Finding> = {}): Finding => ({
  check: 'a check',
  ruleId: null,
  level: 'error',
  severity: 'high',
  message: 'something is wrong',
  help: null,
  address: null,
  action: null,
  file: null,
  line: null,
  url: null,
  ...over,
});

export const aResult = (over: Partial<CheckResult> = {}): CheckResult => ({
  check: 'a check',
  kind: 'protect',
  enforcement: 'mandatory',
  status: 'passed',
  durationMs: 1,
  findings: [],
  reason: null,
  ...over,
});
