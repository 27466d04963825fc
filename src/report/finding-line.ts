// One finding in one line of Markdown: where, what, by which rule, how bad. And the link to its line in the configuration.
import { cut } from '../base/cut.ts';
import type { Finding } from '../findings/finding.ts';
import { code, link, prose } from './escape.ts';
import type { ReportModel } from './model.ts';
import { messageOf } from './words.ts';

// A message is one paragraph; a tool that puts a page into it must not push the other findings out.
export const MAX_MESSAGE = 1000;

export function findingLine(finding: Finding, model: ReportModel): string {
  const place =
    finding.address === null
      ? ''
      : `${code(cut(finding.address, 500))}${finding.action === null ? '' : ` (${prose(cut(finding.action, 100))})`}: `;
  const file = finding.file === null ? '' : ` · ${link(code(`${cut(finding.file, 500)}${lineOf(finding)}`), sourceUrl(finding, model))}`;
  const rule = finding.ruleId === null ? '' : ` · ${link(code(cut(finding.ruleId, 200)), finding.url)}`;
  const more = finding.ruleId === null && finding.url !== null ? ` · ${link('more', finding.url)}` : '';
  const severity = finding.severity === 'critical' || finding.severity === 'high' ? ` · **${finding.severity}**` : ` · ${finding.severity}`;
  return `${place}${prose(cut(messageOf(finding), MAX_MESSAGE))}${file}${rule}${more}${severity}`;
}

const lineOf = ({ line }: Finding): string => (line === null ? '' : `:${line}`);

/**
 * The line in the commit that was planned: GitHub's and GitLab's commit pages end in `/commit/<hash>`, their files stand under
 * `/blob/<hash>/`. null: the run is of no commit, or of a host whose pages we do not know.
 */
export function sourceUrl({ file, line }: Finding, { run, commit }: ReportModel): string | null {
  const base = run.vcs.commit_url;
  if (file === null || commit === null || base === null || !base.endsWith(`/commit/${commit}`)) return null;
  const parts = file.split('/');
  // Half a character has no encoding; dots would be resolved by a browser, and the link would lead out of the commit.
  if (!file.isWellFormed() || parts.some((part) => part === '' || part === '.' || part === '..')) return null;
  const path = parts.map(encodeURIComponent).join('/');
  return `${base.slice(0, -`/commit/${commit}`.length)}/blob/${commit}/${path}${line === null ? '' : `#L${line}`}`;
}
