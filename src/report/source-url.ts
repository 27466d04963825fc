// The page of a finding's line in the commit that was planned.
import type { Finding } from '../findings/finding.ts';
import type { ReportModel } from './model.ts';

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
