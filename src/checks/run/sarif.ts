// Findings from a SARIF 2.1.0 report. Section numbers are OASIS's "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
// The text is a tool's, often about untrusted code: nothing is believed about its shape, and what cannot be read counts against it.
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { FindingDraft } from '../kind.ts';
import { listOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { findRule, type RuleSource } from './sarif-rule.ts';
import { readLocation, type LocationContext } from './sarif-location.ts';
import { readSeverity } from './sarif-severity.ts';

export interface SarifReport {
  /** Everything that is not a pass, not applicable and not suppressed. */
  readonly findings: readonly (FindingDraft & Required<Pick<FindingDraft, 'level' | 'severity'>>)[];
  readonly suppressed: number;
}

/** Would a person call this SARIF? Decided by content, because tools name their files as they like. */
export function looksLikeSarif(text: string): boolean {
  // A truncated report must be recognised as a broken one, not be taken for a tool's chatter. So must one that follows a line of
  // chatter: of a tool that always ends with 0 the report is all that there is, and a warning in front must not hide it.
  return text.includes('{') && /"runs"\s*:/.test(text) && /"\$schema"\s*:\s*"[^"]*sarif|"version"\s*:\s*"2\.1\.0"/i.test(text);
}

/** @returns a sentence when the report as a whole says nothing that can be relied on */
export function readSarif(text: string, context: LocationContext): Result<SarifReport, string> {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // V8 quotes what it stumbled over; the report may hold values of the plan.
    return err(
      `The report is not JSON (${describeThrown(error).replace(/[,:]? ?(".*"|\.\.\.).*$/s, '')}): the tool may have been ended while it wrote, or printed something else beside it`,
    );
  }
  const version = textOf(objectOf(root)?.['version']);
  const runs = listOf(objectOf(root)?.['runs']);
  if (runs === null) return err('The report is JSON but not SARIF: it has no list of `runs`');
  if (version !== '2.1.0') return err(`The report is SARIF ${version ?? 'without a version'}; this version reads 2.1.0`);
  if (runs.length === 0) return err('The report holds no run: the tool looked at nothing');

  const findings: SarifReport['findings'][number][] = [];
  let suppressed = 0;
  for (const item of runs) {
    const run = objectOf(item);
    const results = listOf(run?.['results']);
    // 3.14.23: `results` is absent when the tool did not look for any; an empty list says that it found none.
    if (run === null || results === null)
      return err('The report holds a run without `results`: the tool did not come to the point of looking');
    const failure = failedInvocation(run);
    if (failure !== null) return err(failure);
    const rules = { run, context };
    for (const result of results) {
      const finding = readResult(objectOf(result), rules);
      if (finding === 'suppressed') suppressed++;
      else if (finding !== null) findings.push(finding);
    }
  }
  return ok({ findings, suppressed });
}

/** 3.20.14: the tool itself says whether its work succeeded. */
function failedInvocation(run: Dict): string | null {
  for (const item of listOf(run['invocations']) ?? []) {
    const invocation = objectOf(item);
    if (invocation?.['executionSuccessful'] !== false) continue;
    const notes = listOf(invocation['toolExecutionNotifications']) ?? [];
    const first = notes.map((note) => textOf(objectOf(objectOf(note)?.['message'])?.['text'])).find((text) => text !== null);
    return `The tool says in its report that it did not succeed${first === undefined ? '' : `: ${first}`}`;
  }
  return null;
}

function readResult(
  result: Dict | null,
  { run, context }: { run: Dict; context: LocationContext },
): SarifReport['findings'][number] | 'suppressed' | null {
  if (result === null) return { message: 'The report holds a result that cannot be read', level: 'error', severity: 'high' };
  // 3.27.9: whatever is not said to be harmless is a failure.
  const kind = textOf(result['kind']) ?? 'fail';
  if (['pass', 'notApplicable', 'informational'].includes(kind)) return null;
  if (isSuppressed(result)) return 'suppressed';

  const rule = findRule(result, run);
  const level = kind === 'review' || kind === 'open' ? 'note' : readLevel(result, rule);
  return {
    message: messageOf(result, rule),
    level,
    severity: readSeverity(result, rule.rule, level),
    ruleId: rule.id,
    help: textOf(objectOf(rule.rule?.['help'])?.['text']),
    url: webUrl(textOf(rule.rule?.['helpUri'])),
    ...readLocation(result, run, context),
  };
}

/** 3.27.10: the result's own level, else the rule's, else warning. A word that is none of the four is taken for the worst. */
function readLevel(result: Dict, { rule }: RuleSource): 'error' | 'warning' | 'note' {
  const level = textOf(result['level']) ?? textOf(objectOf(rule?.['defaultConfiguration'])?.['level']) ?? 'warning';
  if (level === 'warning') return 'warning';
  return level === 'note' || level === 'none' ? 'note' : 'error';
}

/**
 * 3.27.23: suppressed unless one of the suppressions is under review or was rejected. `inSource` does not count here: it is a comment
 * in the code that is being judged, and whoever wants to pass could write it.
 */
function isSuppressed(result: Dict): boolean {
  const suppressions = (listOf(result['suppressions']) ?? []).map(objectOf);
  if (suppressions.some((s) => s === null || ['underReview', 'rejected'].includes(textOf(s['status']) ?? 'accepted'))) return false;
  return suppressions.some((s) => s?.['kind'] === 'external');
}

/** 3.27.11: text, or an id into the rule's messages with placeholders. */
function messageOf(result: Dict, { rule, id }: RuleSource): string {
  const message = objectOf(result['message']);
  const named = objectOf(objectOf(rule?.['messageStrings'])?.[textOf(message?.['id']) ?? '']);
  const template = textOf(message?.['text']) ?? textOf(message?.['markdown']) ?? textOf(named?.['text']);
  const fallback = textOf(objectOf(rule?.['shortDescription'])?.['text']) ?? textOf(rule?.['name']) ?? id;
  const values = listOf(message?.['arguments']) ?? [];
  const text = (template ?? '').replace(/\{(\d{1,3})\}/g, (whole, index: string) => textOf(values[Number(index)]) ?? whole);
  return text.trim() === '' ? (fallback ?? 'The tool gives no message') : text;
}

function webUrl(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  return ['https:', 'http:'].includes(new URL(text).protocol) ? text : null;
}
