// Findings from the JSON of `opa eval` and `opa exec`: values of rules, which mean something only by the rule's name. Shapes: OPA 1.x,
// read 2026-11. Pure.
import { err, ok, type Result } from '../../base/result.ts';
import { listOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { parseReportJson } from './parse-json.ts';
import { toPolicyFinding } from './policy-finding.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';

export const opa: ReportFormat = {
  looksLike: (text) =>
    /"result"\s*:\s*\[/.test(text) && /"expressions"\s*:|"path"\s*:/.test(text)
      ? true
      : // Undefined: `opa eval` prints an empty object. Compile errors: a list of them.
        /^\s*\{\s*\}\s*$/.test(text) || /"code"\s*:\s*"(rego|eval)_/.test(text),
  read: readOpa,
};

function readOpa(text: string, context: ReportContext): Result<Report, string> {
  const parsed = parseReportJson(text);
  if (!parsed.ok) return parsed;
  const root = objectOf(parsed.value);
  if (root === null) return err("The report is JSON but not OPA's: it is no object");
  const errors = listOf(root['errors'])?.length ?? 0;
  if (errors > 0) return err(`OPA could not evaluate the policies: ${codesOf(root)}`);
  const entries = listOf(root['result'])?.map(objectOf) ?? [];
  // `{}` says that the query is undefined: no rule of that name, or none that applies. A gate cannot tell the two apart.
  if (entries.length === 0) return err('OPA says that the query is undefined. Ask a rule that always has a value, such as a set `deny`');

  const findings: ReportFinding[] = [];
  for (const entry of entries) {
    const read = entry === null ? null : readEntry(entry, context);
    if (read === null) return err("The report holds a result that is not OPA's");
    if (!read.ok) return read;
    findings.push(...read.value);
  }
  return ok({ findings, suppressed: 0, looked: entries.length, problem: null });
}

function codesOf(root: Dict): string {
  const codes = (listOf(root['errors']) ?? [])
    .map((item) => textOf(objectOf(item)?.['code']))
    .filter((code) => /^\w{1,60}$/.test(code ?? ''));
  return codes.length === 0 ? 'it gives no reason' : [...new Set(codes)].slice(0, 3).join(', ');
}

type Found = Result<readonly ReportFinding[], string>;

function readEntry(entry: Dict, context: ReportContext): Found | null {
  const expressions = listOf(entry['expressions']);
  if (expressions !== null) {
    if (expressions.length === 0) return null;
    const all = expressions.map((item) => {
      const expression = objectOf(item);
      return expression === null || !Object.hasOwn(expression, 'value')
        ? err('The report holds a result without a value')
        : readRule(ruleIn(textOf(expression['text']) ?? ''), expression['value'], context);
    });
    return all.find((found) => !found.ok) ?? ok(all.flatMap((found) => (found.ok ? found.value : [])));
  }
  if (textOf(entry['path']) === null) return null;
  if (!Object.hasOwn(entry, 'result')) return err('OPA could not decide about a file: the decision is undefined, or the input is broken');
  // `opa exec` does not tell which decision it was asked for. Lists and packages speak for themselves, true and false do not.
  return readRule(null, entry['result'], context);
}

/** The last name of `data.main.deny`, `data.main["deny"]`, `data.main.deny[_]`. null: some other expression. */
function ruleIn(text: string): string | null {
  const path = /^data((?:\.[A-Za-z_]\w*|\["[^"\]]+"\])+)(?:\[(?:_|\w+)\])?$/.exec(text.trim());
  return path?.[1]?.match(/[A-Za-z_][\w-]*/g)?.at(-1) ?? null;
}

const DENY = /^(deny|violation|violations|fail|failures|errors?)(_|$)/;
const WARN = /^(warn|warning|warnings)(_|$)/;
const ALLOW = /^(allow|allowed|pass|passed|valid|compliant|authorized)(_|$)/;

function readRule(name: string | null, value: unknown, context: ReportContext): Found {
  if (name !== null && ALLOW.test(name) && typeof value === 'boolean')
    return ok(value ? [] : [toPolicyFinding(`The policy does not ${name} this`, 'error', context)]);
  const speaks = name !== null && (DENY.test(name) || WARN.test(name));
  const level = name !== null && WARN.test(name) ? 'warning' : 'error';
  if (speaks && typeof value === 'boolean') return ok(value ? [toPolicyFinding(`The policy says ${name}`, level, context)] : []);
  if (speaks && typeof value === 'string') return ok([toPolicyFinding(value, level, context)]);
  const list = listOf(value);
  if (list !== null) return ok(list.map((item) => toPolicyFinding(item, level, context)));
  const object = objectOf(value);
  if (object !== null) return speaks ? ok(keyed(object, level, context)) : readPackage(object, context);
  return err(
    'What OPA was asked has no value that says yes or no. Ask a rule named deny, violation, warn or allow, by its whole path (`data.main.deny`)',
  );
}

/** A rule with keys, `deny[id] := message`. */
const keyed = (object: Dict, level: 'error' | 'warning', context: ReportContext): ReportFinding[] =>
  Object.entries(object).flatMap(([key, value]) =>
    value === false ? [] : [toPolicyFinding(value === true ? key : value, level, context)],
  );

/** A whole package, `data.main`: its rules by their names, and the packages in it; lists and values of other names are its helpers. */
function readPackage(object: Dict, context: ReportContext): Found {
  const found: Found[] = [];
  const open: { rules: Dict; depth: number }[] = [{ rules: object, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, value] of Object.entries(next.rules)) {
      const inner = objectOf(value);
      if (DENY.test(name) || WARN.test(name) || ALLOW.test(name)) found.push(readRule(name, value, context));
      else if (inner !== null && next.depth < MAX_PACKAGE_DEPTH) open.push({ rules: inner, depth: next.depth + 1 });
      else if (inner !== null) return err('What OPA was asked for is nested too deeply to be packages of rules');
    }
  }
  if (found.length === 0) return err('The package that OPA was asked for has no rule named deny, violation, warn or allow');
  return found.find((rule) => !rule.ok) ?? ok(found.flatMap((rule) => (rule.ok ? rule.value : [])));
}
const MAX_PACKAGE_DEPTH = 20;
