// What the parts of the kind `limit` have in common: each is asked of every change that is selected, and once more at the end. Types only.
import type { ResourceChange } from '../../plan/model.ts';
import type { FindingDraft } from '../kind.ts';

export interface Tell {
  finding(draft: FindingDraft): void;
  /** Of a value that cannot be known before apply: what the author's policy makes of it. */
  unknown(draft: FindingDraft): void;
  explain(subject: string, saw: string): void;
}

export interface Finder {
  ask?(change: ResourceChange, tell: Tell): void;
  end?(tell: Tell): void;
}
