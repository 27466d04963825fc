// What the combined comment needs from a database: port.ts says what holds for every method. Here too a store for many relays must
// pass the same suite (test/relay/comment-store-suite.ts).
import type {
  CombinedComment,
  CommentPlace,
  Reviewed,
  SectionEntry,
  SectionHead,
  SectionLength,
  SectionTexts,
  WorkspaceName,
} from '../comment/comment.ts';

/** What is kept of a pull request, as one of its workspaces sees it. */
export interface Kept {
  /** null: nothing, or nothing that can be read. */
  readonly comment: CombinedComment | null;
  /** Of the workspace's own section; null: there is none, or it cannot be read. */
  readonly head: SectionHead | null;
  /** How many workspaces have a section. */
  readonly workspaces: number;
}

export interface KeptSection {
  readonly head: SectionHead;
  readonly texts: SectionTexts;
  /** Absent: what is there stays. */
  readonly reviewed?: Reviewed | null;
}

/** What a decision comes to. Without `comment` nothing is written. */
export interface CommentChange<R> {
  readonly comment?: CombinedComment;
  /** Of the workspace. */
  readonly section?: KeptSection;
  readonly answer: R;
}

export interface Sections {
  /** By organization and workspace, in the order of code points. */
  readonly entries: readonly SectionEntry[];
  /** How many were left out because they cannot be read: one damaged cell must not stop the others. */
  readonly unreadable: number;
}

export interface CommentStore {
  /** Locks the pull request, lets `decide` look at it, writes what it returns. `decide` is pure and synchronous; it may be called again. */
  change<R>(place: CommentPlace, workspace: WorkspaceName, decide: (kept: Kept) => CommentChange<R>): Promise<R>;
  /** @param lengthFor  from the number of different digests */
  sections(place: CommentPlace, lengthFor: (digests: number) => SectionLength): Promise<Sections>;
  /** What was reviewed of this workspace; null: nothing, or it cannot be read. */
  reviewed(place: CommentPlace, workspace: WorkspaceName): Promise<Reviewed | null>;
  /** For metrics. */
  count(): Promise<CommentCount>;
  /**
   * Forgets pull requests that nobody has written to since `idleBefore`, and then, the longest idle first, as many as it takes to keep
   * no more than `mostSections`. @returns how many pull requests, for each reason
   */
  prune(idleBefore: number, mostSections: number): Promise<{ readonly idle: number; readonly crowded: number }>;
}

export interface CommentCount {
  readonly pullRequests: number;
  readonly sections: number;
}
