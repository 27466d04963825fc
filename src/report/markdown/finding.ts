// One finding in one line of Markdown: where, what, by which rule, how bad.
import { code, link, prose } from '../escape.ts';
import type { SectionFinding } from '../section/data.ts';

export function findingLine({ address, action, message, file, source, rule, url, severity }: SectionFinding): string {
  const place = address === undefined ? '' : `${code(address)}${action === undefined ? '' : ` (${prose(action)})`}: `;
  const parts = [
    `${place}${prose(message)}`,
    ...(file === undefined ? [] : [link(code(file), source)]),
    ...(rule === undefined ? [] : [link(code(rule), url)]),
    ...(rule === undefined && url !== undefined ? [link('more', url)] : []),
    severity === 'critical' || severity === 'high' ? `**${severity}**` : prose(severity),
  ];
  return parts.join(' · ');
}
