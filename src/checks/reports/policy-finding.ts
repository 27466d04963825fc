// One finding from what a Rego rule says: a text, or an object with a message and whatever its author put beside it. Pure.
import { objectOf, textOf, type Dict } from '../loose-json.ts';
import { addressOf, webUrl } from './location.ts';
import type { ReportContext, ReportFinding } from './report.ts';
import { severityOfWord, usualSeverity } from './severity.ts';

const MESSAGE = ['msg', 'message', 'reason', 'title', 'description'];
const ADDRESS = ['address', 'resource_address', 'resource'];
const RULE = ['rule_id', 'ruleId', 'id', 'code', 'rule', 'policy'];
const URL_KEYS = ['url', 'link', 'help_uri', 'documentation'];

/** Whatever a deny rule holds is a finding, also what cannot be read: that a policy spoke is what counts. */
export function toPolicyFinding(item: unknown, level: 'error' | 'warning', context: ReportContext): ReportFinding {
  const plain = textOf(item);
  if (plain !== null) return { message: plain, level, severity: usualSeverity(level, context) };
  const object = objectOf(item);
  // conftest puts the author's own keys under `metadata`, and those of `violation` rules under `details` in there.
  const metadata = objectOf(object?.['metadata']);
  const places = [object, objectOf(object?.['details']), metadata, objectOf(metadata?.['details'])].filter((place) => place !== null);
  return {
    message: first(places, MESSAGE) ?? 'A policy refuses this without a message',
    level,
    severity: severityOfWord(first(places, ['severity'])) ?? usualSeverity(level, context),
    ruleId: first(places, RULE),
    help: first(places, ['help', 'remediation']),
    url: webUrl(first(places, URL_KEYS)),
    ...addressOf(
      places.flatMap((place) => ADDRESS.map((key) => textOf(place[key]))),
      context,
    ),
  };
}

function first(places: readonly Dict[], keys: readonly string[]): string | null {
  for (const place of places) {
    for (const key of keys) {
      const text = textOf(place[key]);
      if (text !== null && text.trim() !== '') return text;
    }
  }
  return null;
}
