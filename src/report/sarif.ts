// The result in SARIF 2.1.0, for code scanning and for any other viewer. Pure; every text in it is masked already.
//
// Written for what GitHub reads of it (docs.github.com, "SARIF support for code scanning", read 2026-11-22): each result has a place,
// because one without makes GitHub refuse the whole file; rules carry `security-severity`; 25,000 results, of which the first 5,000 are
// shown; 10 MB packed.
import { createHash } from 'node:crypto';
import type { Location, Log, Notification, ReportingDescriptor, Result, Suppression } from 'sarif';
import { cut } from '../base/cut.ts';
import { SEVERITIES, type Severity } from '../contracts/check-words.ts';
import { isWaived } from '../findings/count.ts';
import type { CheckResult, Finding } from '../findings/finding.ts';
import { worstFirst } from '../findings/sort.ts';
import { helpText, oneLine, safeUrl } from './escape.ts';
import type { ReportModel } from './model.ts';
import { waivedWords } from './waiver-words.ts';
import { messageOf, plural } from './words.ts';

/** Where a finding stands that has no file: no path of a repository, so that nobody takes it for one. */
export const NO_FILE = 'terraform-plan';

const MAX_RESULTS = 25_000;
/** Unpacked; what is below it packs to less than GitHub's 10 MB whatever it holds. */
const MAX_BYTES = 9_500_000;
const MAX_MESSAGE = 1000;

export function toSarif(model: ReportModel): Log {
  const said = [...model.results.flatMap(findingsOf), ...model.results.filter(({ status }) => status === 'errored').map(toErrored)];
  const rules = new Rules();
  const fingerprints = new Map<string, number>();
  const results: Result[] = [];
  let bytes = 0;
  for (const one of sorted(said)) {
    const result = toResult(one, rules, fingerprints);
    bytes += Buffer.byteLength(JSON.stringify(result)) + rules.takeAddedBytes();
    if (results.length >= MAX_RESULTS || bytes > MAX_BYTES) break;
    results.push(result);
  }
  const { run, commit } = model;
  const leftOut = said.length - results.length;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'runtask', rules: rules.list } },
        // Several workspaces and stages judge one commit; without this the last upload would replace the others.
        automationDetails: { id: ['runtask', run.organization, run.workspace, run.stage, ''].map(oneLine).join('/') },
        invocations: [
          {
            executionSuccessful: model.results.every(({ status }) => status !== 'errored'),
            ...(leftOut === 0 ? {} : { toolExecutionNotifications: [toNotification(leftOut)] }),
          },
        ],
        ...provenance(run.vcs.repository_url, commit),
        results,
      },
    ],
  };
}

interface Said {
  readonly result: CheckResult;
  readonly finding: Finding;
}

const findingsOf = (result: CheckResult): Said[] => result.findings.map((finding) => ({ result, finding }));

/** A file without a result for it would tell code scanning that all its findings are repaired. */
function toErrored(result: CheckResult): Said {
  const finding: Finding = {
    check: result.check,
    ruleId: 'could not run',
    level: 'error',
    severity: 'high',
    message: `${result.check} could not run: ${result.reason ?? 'no reason given'}`,
    help: 'A check that does not come to its end counts as failed.',
    address: null,
    action: null,
    file: null,
    line: null,
    url: null,
  };
  return { result, finding };
}

/** Worst first: GitHub keeps the first, and so do we. What is waived comes last. */
function sorted(said: readonly Said[]): Said[] {
  const order = worstFirst(said.map((one) => ({ ...one, level: one.finding.level, severity: one.finding.severity })));
  return order.sort((a, b) => Number(isWaived(a.finding)) - Number(isWaived(b.finding)));
}

function toResult({ result, finding }: Said, rules: Rules, fingerprints: Map<string, number>): Result {
  const rule = rules.indexOf(result, finding);
  return {
    ruleId: rule.id,
    ruleIndex: rule.index,
    // Advisory checks are told and do not fail; a code scanning rule that fails on errors must see the same.
    level: finding.level === 'error' && result.enforcement === 'advisory' ? 'warning' : finding.level,
    message: { text: messageText(finding) },
    locations: [toLocation(finding)],
    partialFingerprints: { primaryLocationLineHash: fingerprint(rule.id, finding, fingerprints) },
    suppressions: isWaived(finding) ? [toSuppression(waivedWords(finding))] : [],
  };
}

function messageText(finding: Finding): string {
  const place = finding.address === null ? '' : `${oneLine(cut(finding.address, 500))}: `;
  // Brackets make links in a SARIF message (3.11.6), and the text is from outside.
  return `${place}${oneLine(cut(messageOf(finding), MAX_MESSAGE))}`.replace(/[\\[\]]/g, '\\$&');
}

function toLocation({ file, line, address }: Finding): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file), uriBaseId: '%SRCROOT%' },
      region: { startLine: line ?? 1 },
    },
    ...(address === null ? {} : { logicalLocations: [{ fullyQualifiedName: oneLine(address), kind: 'resource' }] }),
  };
}

const toUri = (file: string | null): string =>
  file === null || !file.isWellFormed() ? NO_FILE : file.split('/').map(encodeURIComponent).join('/');

/**
 * The same for the same finding in the next run, wherever its block has moved to: no line, no message (which may hold values) where there
 * is an address. The number keeps apart what is otherwise the same.
 */
function fingerprint(rule: string, finding: Finding, seen: Map<string, number>): string {
  const what = finding.address ?? `${finding.file ?? ''}\n${finding.message.replace(/\d+/g, '0')}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([rule, what]))
    .digest('hex')
    .slice(0, 32);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}

const toSuppression = (justification: string): Suppression => ({
  kind: 'external',
  status: 'accepted',
  justification: oneLine(justification),
});

const toNotification = (leftOut: number): Notification => ({
  level: 'warning',
  message: { text: `${plural(leftOut, 'result')} left out for length; the file of findings has all` },
});

function provenance(
  repositoryUrl: string | null,
  commit: string | null,
): { versionControlProvenance?: [{ repositoryUri: string; revisionId: string }] } {
  const uri = safeUrl(repositoryUrl);
  return uri === null || commit === null ? {} : { versionControlProvenance: [{ repositoryUri: uri, revisionId: commit }] };
}

// GitHub's bands: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, 0.1 to 3.9 low.
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.1' };

/** One rule for each rule of each check, in the order in which they come; the worst severity of its findings. */
class Rules {
  readonly list: ReportingDescriptor[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #severities: Severity[] = [];
  #added = 0;

  indexOf(result: CheckResult, finding: Finding): { readonly id: string; readonly index: number } {
    const id = oneLine(cut(finding.ruleId === null ? result.check : `${result.check}/${finding.ruleId}`, 255));
    const known = this.#indexes.get(id);
    if (known !== undefined) {
      this.#raise(known, finding.severity);
      return { id, index: known };
    }
    const index = this.list.length;
    const rule = toRule(id, result, finding);
    this.#indexes.set(id, index);
    this.#severities.push(finding.severity);
    this.#added += Buffer.byteLength(JSON.stringify(rule));
    this.list.push(rule);
    return { id, index };
  }

  takeAddedBytes(): number {
    const added = this.#added;
    this.#added = 0;
    return added;
  }

  #raise(index: number, severity: Severity): void {
    const [rule, known] = [this.list[index], this.#severities[index]];
    if (rule === undefined || known === undefined || SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(known)) return;
    this.#severities[index] = severity;
    this.list[index] = { ...rule, properties: { ...rule.properties, 'security-severity': SECURITY_SEVERITY[severity] } };
  }
}

function toRule(id: string, result: CheckResult, finding: Finding): ReportingDescriptor {
  const url = safeUrl(finding.url);
  const help = finding.help === null || finding.help.trim() === '' ? null : cut(finding.help, 2000);
  const from = result.origin === undefined ? '' : ` (from ${oneLine(cut(result.origin, 200))})`;
  const title = `${oneLine(cut(result.check, 200))}${finding.ruleId === null ? '' : `: ${oneLine(cut(finding.ruleId, 200))}`}${from}`;
  return {
    id,
    shortDescription: { text: title },
    ...(url === null ? {} : { helpUri: url }),
    ...(help === null ? {} : { help: { text: help, markdown: helpText(help) } }),
    properties: { 'tags': ['terraform', result.kind], 'security-severity': SECURITY_SEVERITY[finding.severity] },
  };
}
