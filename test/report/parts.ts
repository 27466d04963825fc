// Builders for the comment over all workspaces: what the relay hands out of each.
import type { CombinedPart } from '../../src/report/combined.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { readSection, toSection, withOwn, writeSection } from '../../src/report/section.ts';

export type Length = 'large' | 'medium' | 'small';

/** As it comes back from the relay, at one of its lengths. */
export function aPart(workspace: string, model: ReportModel, change: Partial<CombinedPart> = {}, length: Length = 'large'): CombinedPart {
  const written = writeSection(toSection(model));
  const read = readSection(written[length]);
  return {
    organization: 'acme',
    workspace,
    run_id: `run-${workspace}`,
    run_url: `https://app.terraform.io/app/acme/${encodeURIComponent(workspace)}/runs/run-1`,
    run_created_at: '2026-11-22T09:59:00.000Z',
    digest: written.digest,
    section: read === null ? null : withOwn(read, written.own),
    ...change,
  };
}
