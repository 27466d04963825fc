// Findings from a JUnit report: test cases that failed. There is no standard; what is read here is what the tools have in common. Pure.
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { err, ok, type Result } from '../../base/result.ts';
import { countOf } from '../loose-json.ts';
import { addressInSource, addressOf, fileOfPath, isPlanFile, lineOf } from './location.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';
import { severityOfWord, usualSeverity } from './severity.ts';
import { SKIPPED_IN_SOURCE } from './skipped.ts';

export const junit: ReportFormat = {
  looksLike: (text) => /<testsuites?[\s/>]/.test(text),
  read: readJunit,
};

function readJunit(text: string, context: ReportContext): Result<Report, string> {
  const root = parse(text);
  if (!root.ok) return root;
  if (!['testsuites', 'testsuite'].includes(root.value.name)) return err('The report is XML but not JUnit: it has no `testsuites`');
  const all = elementsIn(root.value);
  const cases = all.filter(({ name }) => name === 'testcase');
  // A suite that broke before its first case says so itself.
  const broken = all.filter(({ name, parent }) => isFailure(name) && parent instanceof XmlElement && parent.name !== 'testcase');
  const findings = [...cases.flatMap((test) => readCase(test, context)), ...broken.map((element) => toFinding(element, null, context))];
  const failing = findings.filter(({ level }) => level === 'error').length;
  // Suites count in one another: the outermost that counts at all must not count more than is listed.
  const counted = Math.max(0, ...all.filter(({ name }) => name.startsWith('testsuite')).map(failuresCounted));
  return ok({
    findings,
    suppressed: 0,
    looked: cases.length + broken.length,
    problem: counted > failing ? `The report counts ${counted} failures and lists ${failing}` : null,
  });
}

function parse(text: string): Result<XmlElement, string> {
  try {
    // The parser takes quadratic time on carriage returns (4.2.3: 5 s for 200 kB of them); XML 1.0, 2.11, makes them line feeds anyway.
    const { root } = parseXml(text.replace(/\r\n?/g, '\n').trimStart());
    return root === null ? err('The report is XML without an element') : ok(root);
  } catch (error) {
    if (error instanceof RangeError) return err('The report is XML that is nested too deeply');
    // Its message quotes the text, which may hold values of the plan.
    const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? ` (line ${error.line})` : '';
    return err(
      `The report is not well-formed XML${line}: the tool may have been ended while it wrote, or printed something else beside it`,
    );
  }
}

/** All elements below, in their order; without recursion, though the parser itself gives up some thousand levels down. */
function elementsIn(root: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  const open: XmlElement[] = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    found.push(element);
    for (const child of [...element.children].reverse()) if (child instanceof XmlElement) open.push(child);
  }
  return found;
}

const isFailure = (name: string): boolean => name === 'failure' || name === 'error';
const failuresCounted = ({ attributes }: XmlElement): number =>
  (countOf(attributes['failures']) ?? 0) + (countOf(attributes['errors']) ?? 0);

function readCase(test: XmlElement, context: ReportContext): ReportFinding[] {
  const children = test.children.filter((child) => child instanceof XmlElement);
  const failures = children.filter(({ name }) => isFailure(name)).map((element) => toFinding(element, test, context));
  const skipped = children.filter(({ name }) => name === 'skipped').map((element) => toSkipped(element, test, context));
  // Some writers have no element, only a word.
  const status = (test.attributes['status'] ?? test.attributes['result'] ?? '').toLowerCase();
  const byWord = failures.length === 0 && ['failed', 'failure', 'error'].includes(status) ? [toFinding(null, test, context)] : [];
  return failures.length + byWord.length > 0 ? [...failures, ...byWord] : skipped;
}

function toFinding(element: XmlElement | null, test: XmlElement | null, context: ReportContext): ReportFinding {
  const { title, ruleId, severity } = readName(test?.attributes['name'] ?? '');
  const words = [element?.attributes['message']?.trim() ?? '', firstLine(element?.text ?? '')];
  const said = words.find((text) => text !== '' && !SAYS_NOTHING.test(text)) ?? '';
  const file = fileOf(test, context);
  return {
    message: inOneText(title, said),
    level: 'error',
    severity: severity ?? usualSeverity('error', context),
    ruleId,
    ...(isPlanFile(test?.attributes['file'] ?? '', context) ? addressOf : addressInSource)([resourceIn(test)], context),
    file,
    line: file === null ? null : lineOf(countOf(test?.attributes['line'])),
  };
}

function inOneText(title: string, said: string): string {
  if (said === '' || title.includes(said)) return title || 'A test failed';
  return title === '' || said.startsWith(title) ? said : `${title}: ${said}`;
}

/** conftest writes this into `message`, and what its policy says into the text. */
const SAYS_NOTHING = /^(failed|failure|error|skipped)$/i;

/**
 * What was skipped was not judged: that is told. Checkov's skips are comments in the judged source, and count; elsewhere a skip is how a
 * test says that it does not concern this plan.
 */
function toSkipped(element: XmlElement, test: XmlElement, context: ReportContext): ReportFinding {
  const finding = toFinding(element, test, context);
  const { title } = readName(test.attributes['name'] ?? '');
  if (/^CKV2?_/.test(finding.ruleId ?? '')) return { ...finding, message: `${title} ${SKIPPED_IN_SOURCE}` };
  return { ...finding, message: `Skipped: ${finding.message}`, level: 'warning', severity: 'medium' };
}

/** `[HIGH][CKV_AWS_20] S3 is public` (Checkov), `[HIGH] AVD-AWS-0086` (Trivy's template): a severity and a rule in front of the title. */
function readName(name: string): { title: string; ruleId: string | null; severity: ReportFinding['severity'] | null } {
  const words = /^((?:\[[^\]]{1,60}\])*)\s*([\s\S]*)$/.exec(name.trim());
  const bracketed = [...(words?.[1] ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, word = '']) => word);
  const title = words?.[2]?.trim() ?? '';
  const isRule = (word: string): boolean => /^[A-Z][A-Z0-9]*([_-][A-Z0-9]+)+$/.test(word);
  return {
    title,
    ruleId: bracketed.find(isRule) ?? (isRule(title) ? title : null),
    severity: bracketed.map(severityOfWord).find((severity) => severity !== null) ?? null,
  };
}

/**
 * Checkov's class is `FILE.RESOURCE`. Only the whole rest behind the file counts: the end of `module.a.aws_x.b` would be the address of
 * another resource, with that one's exceptions.
 */
function resourceIn(test: XmlElement | null): string | null {
  const { classname = '', file = '' } = test?.attributes ?? {};
  return file !== '' && classname.startsWith(`${file}.`) ? classname.slice(file.length + 1) : null;
}

function fileOf(test: XmlElement | null, context: ReportContext): string | null {
  const path = test?.attributes['file'];
  return path === undefined ? null : (fileOfPath(path, context) ?? fileOfPath(path.replace(/^[/\\]+/, ''), context));
}

const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '') ?? '';
