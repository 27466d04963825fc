// The comment on a pull request for all of its workspaces: a table, what is dangerous and what failed, and a fold for each workspace.
import { Fault } from '../base/fault.ts';
import type { CombinedMarker } from '../contracts/comment-marker.ts';
import type { Section } from './section.ts';

export interface CombinedPart {
  readonly organization: string;
  readonly workspace: string;
  readonly run_id: string;
  readonly run_url: string;
  /** Equal digests: the sections say the same. */
  readonly digest: string;
  /** null: written by another version; the workspace is named all the same. */
  readonly section: Section | null;
}

/** At most MAX_COMMENT characters, whatever the number of parts. The same parts give the same bytes. */
export function renderCombined(_parts: readonly CombinedPart[], _marker: CombinedMarker): string {
  throw new Fault('E_NOT_BUILT', 'The combined comment is not built yet', { retryable: false });
}
