// How many findings of one check are kept, and how the rest is told. Pure.
import type { FindingDraft } from './kind.ts';

// A comment shows dozens and HCP takes 250 outcomes; a scanner on a large plan gives 50,000, which would only fill memory.
export const MAX_FINDINGS = 1000;

/** Stands for `count` findings that are not listed. Of level error unless all of those are below. */
export const toUnlisted = (count: number, level: FindingDraft['level'] = 'error'): FindingDraft => ({
  message: `${count} more ${count === 1 ? 'finding is' : 'findings are'} not listed`,
  level,
  standsFor: count,
});

/** Keeps the first findings and counts the rest. */
export function createFindings(): { add(draft: FindingDraft): void; all(): FindingDraft[] } {
  const kept: FindingDraft[] = [];
  let errors = 0;
  let others = 0;
  return {
    add(draft) {
      if (kept.length < MAX_FINDINGS) kept.push(draft);
      else if ((draft.level ?? 'error') === 'error') errors++;
      else others++;
    },
    all: () => (errors + others === 0 ? kept : [...kept, toUnlisted(errors + others, errors > 0 ? 'error' : 'warning')]),
  };
}
