// A rule that a comment in the judged code skips. One rule for all formats: the finding stays, because whoever can open a pull request
// can write that comment.

export const SKIPPED_IN_SOURCE = '(A comment in the source skips this. That does not count here: write a waiver in the checks file.)';
