// Whether a pull request of the demo ended as it should: verdicts, one comment and what it says, the steps that were seen. Pure.
import { encodings } from '../../base/redact.ts';
import type { Played } from './play-run.ts';
import { STEPS, type Step } from './timeline.ts';

/** @returns what is not as it should be, in sentences; empty when all is well */
export function judge({ play, runs, comments }: Played, seen: ReadonlySet<Step>): string[] {
  const problems: string[] = [];
  for (const { workspace, result } of runs) {
    const name = workspace.workspace;
    if (result.status !== workspace.expected)
      problems.push(`HCP Terraform shows ${result.status} for ${name}, expected ${workspace.expected}: ${result.message ?? 'no message'}`);
    if (result.terminalCount !== 1) problems.push(`HCP Terraform got ${result.terminalCount} verdicts for ${name}, expected 1`);
  }
  if (comments.length !== 1) problems.push(`there are ${comments.length} comments on the pull request, expected 1`);
  const body = comments[0]?.body ?? '';
  for (const words of play.commentSays) if (!words.test(body)) problems.push(`the comment does not say ${words}`);
  const missing = STEPS.filter((step) => !seen.has(step));
  if (missing.length > 0) problems.push(`these steps were not seen: ${missing.join(', ')}`);
  return problems.map((problem) => `${play.folder}: ${problem}`);
}

/** Nothing that a visitor may publish holds a secret, in any of the usual encodings. */
export function leaks(written: ReadonlyMap<string, string>, secrets: readonly string[]): string[] {
  const found: string[] = [];
  for (const [path, text] of written) {
    for (const [index, secret] of secrets.entries()) {
      if (encodings(secret).some((form) => text.includes(form))) found.push(`${path} holds secret ${index + 1} of ${secrets.length}`);
    }
  }
  return found;
}
