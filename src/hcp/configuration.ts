// Getting the configuration (.tar.gz) that a run was made from.
//
// Source: HashiCorp, "Configuration versions API", download: 302 to a temporary URL; 404 when archived (VCS configurations are
// discarded once the runs that were made at once are complete), not uploaded, or not permitted (2025-11-19).
import type { DownloadTarget, Stream, Unavailable } from './plan.ts';
import { openPresigned, resolvePlan } from './plan.ts';
import type { HcpDeps } from './request.ts';

export type OpenedConfiguration = Stream | Unavailable<'not-found' | 'token-expired' | 'unreachable'>;

export async function openConfiguration(target: DownloadTarget, deps: HcpDeps): Promise<OpenedConfiguration> {
  // The exchange is the plan's: a redirect to a presigned URL, or the bytes themselves on some Terraform Enterprise.
  const resolved = await resolvePlan(target, deps, 'configuration');
  const opened = resolved.kind === 'presigned' ? await openPresigned(resolved.url, deps) : resolved;
  if (opened.kind === 'stream') return opened;
  const reason = opened.reason === 'token-expired' || opened.reason === 'unreachable' ? opened.reason : 'not-found';
  const detail =
    reason === 'not-found'
      ? 'HCP Terraform no longer has this configuration; it discards the files of VCS runs when they are complete'
      : opened.detail;
  return { kind: 'unavailable', reason, detail };
}
