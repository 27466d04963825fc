// The words and signs that all views share: what an action is called, in which order actions are told, what a reason means.
import { SEVERITIES } from '../contracts/check-words.ts';
import type { VerdictDecider } from '../contracts/relay-api.ts';
import { countFindings, isWaived, waivedOf } from '../findings/count.ts';
import type { Finding } from '../findings/finding.ts';
import { planLine } from '../plan/counts.ts';
import type { PlanCounts, ResourceChange } from '../plan/model.ts';
import type { ReportModel } from './model.ts';

/** In order of danger. `other` holds actions that this version does not know: shown literally, and early. */
export const GROUPS = ['destroy', 'replace', 'other', 'forget', 'update', 'create', 'import', 'move', 'read'] as const;
export type GroupName = (typeof GROUPS)[number];

interface GroupWords {
  readonly heading: string;
  readonly sign: string;
  /** `1 to destroy` */
  readonly toDo: string;
  /** For a terminal and a diff: one ASCII character or two. */
  readonly mark: string;
}

export const GROUP_WORDS: Readonly<Record<GroupName, GroupWords>> = {
  destroy: { heading: 'Destroy', sign: '🗑️', toDo: 'to destroy', mark: '-' },
  replace: { heading: 'Replace', sign: '♻️', toDo: 'to replace', mark: '-/+' },
  other: { heading: 'Other actions', sign: '❔', toDo: 'with another action', mark: '?' },
  forget: { heading: 'Forget, without destroying', sign: '👋', toDo: 'to forget', mark: '.' },
  update: { heading: 'Update', sign: '📝', toDo: 'to update', mark: '~' },
  create: { heading: 'Create', sign: '➕', toDo: 'to create', mark: '+' },
  import: { heading: 'Import', sign: '📥', toDo: 'to import', mark: '&' },
  move: { heading: 'Move', sign: '↪️', toDo: 'to move', mark: '>' },
  read: { heading: 'Read', sign: '🔍', toDo: 'to read', mark: '<=' },
};

const GROUP_OF: Readonly<Record<string, GroupName>> = {
  'delete': 'destroy',
  'replace': 'replace',
  // A replacement that leaves the old object alone: what it held does not follow to the new one.
  'create+forget': 'replace',
  'forget+create': 'replace',
  'create': 'create',
  'update': 'update',
  'read': 'read',
  'forget': 'forget',
};

/** null: nothing to tell. A moved or imported object that changes too stands with its change. */
export function groupOf(change: ResourceChange): GroupName | null {
  if (change.action === 'no-op') return change.importing !== null ? 'import' : change.previousAddress !== null ? 'move' : null;
  // Terraform does not tell that a data source leaves the state, nor OpenTofu that an ephemeral resource is opened: nothing is lost.
  if (change.mode === 'data' && change.action === 'delete') return 'read';
  if (change.mode === 'ephemeral' && change.actions.every((action) => EPHEMERAL.has(action))) return 'read';
  return Object.hasOwn(GROUP_OF, change.action) ? (GROUP_OF[change.action] ?? 'other') : 'other';
}

const EPHEMERAL: ReadonlySet<string> = new Set(['open', 'renew', 'close']);

/** Terraform's own "Plan:" line, for comparing with HCP Terraform's page. */
export const terraformLine = (counts: PlanCounts): string => `Plan: ${planLine(counts)}`;

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

export type Tally = Readonly<Record<GroupName, number>>;

/** `1 to destroy`, `2 to replace`, `3 to create`: each resource once, in order of danger. Reads change nothing. */
export const tallyParts = (tally: Tally): string[] =>
  GROUPS.filter((group) => tally[group] > 0 && group !== 'read').map((group) => `${tally[group]} ${GROUP_WORDS[group].toDo}`);

/** The message without the address in front, which every view shows beside it. */
export const messageOf = ({ address, message }: Finding): string =>
  address !== null && message.startsWith(`${address} `) ? message.slice(address.length + 1) : message;

/** Worst first. */
export const bySeverity = (a: Finding, b: Finding): number => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

export interface CheckCounts {
  readonly failed: number;
  readonly errored: number;
  readonly advisory: number;
  readonly passed: number;
  readonly notApplicable: number;
  readonly warnings: number;
  /** Findings, those included that one only stands for. */
  readonly waived: number;
}

/** `failed` and `errored` count the mandatory ones; advisory ones that failed or errored stand in `advisory`. */
export function countChecks(model: ReportModel): CheckCounts {
  const bad = model.results.filter((r) => r.status === 'failed' || r.status === 'errored');
  return {
    failed: bad.filter((r) => r.enforcement === 'mandatory' && r.status === 'failed').length,
    errored: bad.filter((r) => r.enforcement === 'mandatory' && r.status === 'errored').length,
    advisory: bad.filter((r) => r.enforcement === 'advisory').length,
    passed: model.results.filter((r) => r.status === 'passed').length,
    notApplicable: model.results.filter((r) => r.status === 'not-applicable').length,
    warnings: model.results.flatMap((r) => r.findings).filter((f) => f.level === 'warning' && !isWaived(f)).length,
    waived: countFindings(waivedOf(model.results)),
  };
}

/** `2 checks failed, 1 could not run, 1 advisory failed` or `5 checks passed, 2 findings waived`; empty: there were none. */
export function checkWords(counts: CheckCounts): string {
  const parts = [
    ...(counts.failed > 0 ? [`${plural(counts.failed, 'check')} failed`] : []),
    ...(counts.errored > 0 ? [`${counts.failed > 0 ? counts.errored : plural(counts.errored, 'check')} could not run`] : []),
    ...(counts.advisory > 0 ? [`${counts.advisory} advisory failed`] : []),
  ];
  if (counts.failed + counts.errored === 0 && counts.passed > 0) parts.unshift(`${plural(counts.passed, 'check')} passed`);
  if (counts.waived > 0) parts.push(`${plural(counts.waived, 'finding')} waived`);
  return parts.join(', ');
}

/** Do the checks say the same as the verdict on record? If not, the verdict's own words must be told. */
export function isExplained(model: ReportModel): boolean {
  const { failed, errored, passed } = countChecks(model);
  if (model.verdict === null) return true;
  if (deciderWords(model) !== null) return false;
  return model.verdict.status === 'failed' ? failed + errored > 0 : passed > 0 && (failed + errored === 0 || model.observe);
}

const DECIDERS: Readonly<Record<VerdictDecider, string | null>> = {
  'action': null,
  'never-started': 'Decided by the relay: no workflow started',
  'lease': 'Decided by the relay: the runner was lost',
  'deadline': 'Decided by the relay: the time was up',
  'github': 'Decided by the relay: GitHub did not take the task',
  'superseded': 'Decided by the relay: a newer run took its place',
  'operator': 'Decided by an operator',
  'refused-request': 'Decided by the relay: the request could not be accepted',
  'route': 'Decided by the relay: its routes say so',
  'two-uses': 'Decided by the relay: two steps of one job judged the same run task',
};

/** How the verdict came about; null when it is the checks' own. */
export const deciderWords = ({ verdict }: ReportModel): string | null =>
  verdict?.decidedBy === undefined ? null : DECIDERS[verdict.decidedBy];
