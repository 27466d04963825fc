// The order of sections in a combined comment: the same on every machine, in every store. Pure.
import type { WorkspaceName } from './comment.ts';

/** By organization and workspace, in the order of code points: bytes of UTF-8 have it, UTF-16 has not. */
export const byWorkspace = (a: WorkspaceName, b: WorkspaceName): number =>
  Buffer.compare(Buffer.from(a.organization), Buffer.from(b.organization)) ||
  Buffer.compare(Buffer.from(a.workspace), Buffer.from(b.workspace));
