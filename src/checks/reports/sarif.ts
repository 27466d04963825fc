// Findings from a SARIF 2.1.0 report. Section numbers are OASIS's "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
// The text is a tool's, often about untrusted code: nothing is believed about its shape, and what cannot be read counts against it.
import { err, ok, type Result } from '../../base/result.ts';
import type { Severity } from '../../contracts/check-words.ts';
import { listOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { webUrl } from './location.ts';
import { parseReportJson } from './parse-json.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';
import { readLocation } from './sarif-location.ts';
import { findRule, type RuleSource } from './sarif-rule.ts';
import { severityOfScore, severityOfWord } from './severity.ts';
import { SKIPPED_IN_SOURCE } from './skipped.ts';

export const sarif: ReportFormat = {
  looksLike: (text) =>
    text.includes('{') && /"runs"\s*:/.test(text) && /"\$schema"\s*:\s*"[^"]*sarif|"version"\s*:\s*"2\.1\.0"/i.test(text),
  read: readSarif,
};

function readSarif(text: string, context: ReportContext): Result<Report, string> {
  const parsed = parseReportJson(text);
  if (!parsed.ok) return parsed;
  const root = objectOf(parsed.value);
  const version = textOf(root?.['version']);
  const runs = listOf(root?.['runs']);
  if (runs === null) return err('The report is JSON but not SARIF: it has no list of `runs`');
  if (version !== '2.1.0') return err(`The report is SARIF ${shortVersion(version)}; this version reads 2.1.0`);
  if (runs.length === 0) return err('The report holds no run: the tool looked at nothing');

  const findings: ReportFinding[] = [];
  let suppressed = 0;
  let problem: string | null = null;
  for (const item of runs) {
    const run = objectOf(item);
    const results = listOf(run?.['results']);
    problem ??= run === null ? null : failedInvocation(run);
    // 3.14.23: `results` is absent when the tool did not look for any; an empty list says that it found none.
    if (run === null || results === null)
      return err(problem ?? 'The report holds a run without `results`: the tool did not come to the point of looking');
    for (const result of results) {
      const finding = readResult(objectOf(result), run, context);
      if (finding === 'suppressed') suppressed++;
      else if (finding !== null) findings.push(finding);
    }
  }
  return ok({ findings, suppressed, looked: null, problem });
}

const shortVersion = (version: string | null): string =>
  version === null ? 'without a version' : /^[\w.-]{1,20}$/.test(version) ? version : 'of an unknown version';

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

function readResult(result: Dict | null, run: Dict, context: ReportContext): ReportFinding | 'suppressed' | null {
  if (result === null) return { message: 'The report holds a result that cannot be read', level: 'error', severity: 'high' };
  // 3.27.9: whatever is not said to be harmless is a failure.
  const kind = textOf(result['kind']) ?? 'fail';
  if (['pass', 'notApplicable', 'informational'].includes(kind)) return null;
  const suppression = suppressionOf(result);
  if (suppression === 'external') return 'suppressed';

  const rule = findRule(result, run);
  const level = kind === 'review' || kind === 'open' ? 'note' : readLevel(result, rule, suppression === 'inSource');
  return {
    message: `${messageOf(result, rule)}${suppression === 'inSource' ? ` ${SKIPPED_IN_SOURCE}` : ''}`,
    level,
    severity: readSeverity(result, rule.rule, level),
    ruleId: rule.id,
    help: textOf(objectOf(rule.rule?.['help'])?.['text']),
    url: webUrl(textOf(rule.rule?.['helpUri'])),
    ...readLocation(result, run, context),
  };
}

type Level = 'error' | 'warning' | 'note';
const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

/**
 * 3.27.10: the result's own level, else the rule's, else warning.
 * @param worse  the worse of the two: Checkov gives a skipped result the level of whichever came before it (3.2)
 */
function readLevel(result: Dict, { rule }: RuleSource, worse: boolean): Level {
  const own = levelOfWord(textOf(result['level']));
  const usual = levelOfWord(textOf(objectOf(rule?.['defaultConfiguration'])?.['level']));
  if (worse) return LEVELS.find((level) => level === own || level === usual) ?? 'warning';
  return own ?? usual ?? 'warning';
}

/** A word that is none of the four is taken for the worst. */
function levelOfWord(word: string | null): Level | null {
  if (word === null || word === 'warning') return word;
  return word === 'note' || word === 'none' ? 'note' : 'error';
}

/** SARIF has no field for it. In this order: the CVSS number that GitHub asks for, a word in the properties, one among the tags, the level. */
function readSeverity(result: Dict, rule: Dict | null, level: Level): Severity {
  const bags = [objectOf(result['properties']), objectOf(rule?.['properties'])].filter((bag) => bag !== null);
  const words = bags.flatMap((bag) => [bag['severity'], bag['problem.severity'], bag['Severity'], ...(listOf(bag['tags']) ?? [])]);
  const found = bags.map((bag) => severityOfScore(bag['security-severity'])).find((severity) => severity !== null);
  return found ?? words.map(severityOfWord).find((severity) => severity !== null) ?? OF_LEVEL[level];
}
const OF_LEVEL: Readonly<Record<Level, Severity>> = { error: 'high', warning: 'medium', note: 'low' };

/**
 * 3.27.23: suppressed unless one of the suppressions is under review or was rejected. `inSource` is a comment in the code that is being
 * judged: whoever wants to pass could write it, so it does not count.
 */
function suppressionOf(result: Dict): 'external' | 'inSource' | null {
  const suppressions = (listOf(result['suppressions']) ?? []).map(objectOf);
  if (suppressions.some((s) => s === null || ['underReview', 'rejected'].includes(textOf(s['status']) ?? 'accepted'))) return null;
  const kinds = suppressions.map((s) => s?.['kind']);
  return kinds.includes('external') ? 'external' : kinds.includes('inSource') ? 'inSource' : null;
}

/** 3.27.11: text, or an id into the rule's messages with placeholders. */
function messageOf(result: Dict, { rule, id }: RuleSource): string {
  const message = objectOf(result['message']);
  const templates = objectOf(rule?.['messageStrings']);
  const name = textOf(message?.['id']) ?? '';
  const named = templates !== null && Object.hasOwn(templates, name) ? objectOf(templates[name]) : null;
  const template = textOf(message?.['text']) ?? textOf(message?.['markdown']) ?? textOf(named?.['text']);
  const fallback = textOf(objectOf(rule?.['shortDescription'])?.['text']) ?? textOf(rule?.['name']) ?? id;
  const values = listOf(message?.['arguments']) ?? [];
  const text = (template ?? '').replace(/\{(\d{1,3})\}/g, (whole, index: string) => textOf(values[Number(index)]) ?? whole);
  return text.trim() === '' ? (fallback ?? 'The tool gives no message') : text;
}
