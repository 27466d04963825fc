// How an apply ended: the words, and the exit code that a script goes by. Pure.
import { hasErrors, type Diagnostic } from '../../base/diagnostics.ts';
import type { ApplyResult, ConfigPlan } from '../../config/driver-yaml/plan.ts';
import { logLine } from '../../report/escape.ts';
import { toPage } from '../../report/terminal/paint.ts';
import { plural } from '../../report/words.ts';
import { diagnosticLine } from './tell-diagnostics.ts';

/** What the commands end with. Listed in docs/config.md. */
export const EXIT = {
  done: 0,
  /** Wrong usage, a plan that cannot be made, an apply of which something failed. */
  error: 1,
  /** Only `plan --detailed-exitcode`. */
  changes: 2,
  /** Done, except what waits for somebody: a pull request to be merged. */
  pending: 3,
  /** As a shell counts a process that Ctrl-C ended. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As Terraform counts: a replacement adds and removes. */
export function countOf({ items }: Pick<ConfigPlan, 'items'>): Readonly<Record<'add' | 'change' | 'remove' | 'import' | 'total', number>> {
  const count = { add: 0, change: 0, remove: 0, import: 0, total: 0 };
  for (const { change, importing } of items) {
    if (importing) count.import += 1;
    if (importing || change.action !== 'no-op') count.total += 1;
    if (change.action === 'create' || change.action === 'replace') count.add += 1;
    if (change.action === 'delete' || change.action === 'replace') count.remove += 1;
    if (change.action === 'update') count.change += 1;
  }
  return count;
}

export function exitCodeOf(result: ApplyResult): ExitCode {
  if (result.interrupted) return EXIT.interrupted;
  if (result.failed.length > 0 || hasErrors(result.diagnostics)) return EXIT.error;
  // What was skipped without a failure waits for what is pending.
  return result.pending.length > 0 || result.skipped.length > 0 ? EXIT.pending : EXIT.done;
}

export interface OutcomeOptions {
  readonly colour: boolean;
  readonly destroy: boolean;
  /** `runtask config apply`, with the options that say which file: to be typed again. */
  readonly again: string;
}

/** So many of what was left out for the same reason are named. */
const NAMED = 5;

/** @returns lines, each with its end */
export function outcomeText(result: ApplyResult, { colour, destroy, again }: OutcomeOptions): string {
  const { paint } = toPage(colour, 0);
  const verb = destroy ? 'Destroy' : 'Apply';
  const counts = [
    ...(result.imported > 0 ? [`${result.imported} imported`] : []),
    ...(destroy ? [] : [`${result.added} added`, `${result.changed} changed`]),
    `${result.destroyed} destroyed`,
  ].join(', ');
  const code = exitCodeOf(result);
  const lines: string[] = result.diagnostics.map((diagnostic) => diagnosticLine(diagnostic, colour));
  if (result.failed.length > 0) {
    lines.push('', paint('bold', `Failed (${result.failed.length})`));
    for (const { addresses, diagnostics } of byFailure(result.failed)) {
      lines.push(`  ${logLine(someOf(addresses))}`, ...diagnostics.map((diagnostic) => `    ${diagnosticLine(diagnostic, colour)}`));
    }
  }
  if (result.pending.length > 0) {
    lines.push('', paint('bold', `Waiting (${result.pending.length})`));
    for (const { address, reason } of result.pending) lines.push(`  ${logLine(`${address}: ${reason}`)}`);
  }
  if (result.skipped.length > 0) {
    // Of an interrupted one it may not be known whether it had begun.
    lines.push('', paint('bold', `${result.interrupted ? 'Not done' : 'Not begun'} (${result.skipped.length})`));
    for (const [reason, addresses] of byReason(result.skipped)) {
      lines.push(`  ${logLine(`${someOf(addresses)}: ${reason}`)}`);
    }
  }
  lines.push('');
  switch (code) {
    case EXIT.interrupted:
      lines.push(paint('yellow', `Interrupted. Done and on record: ${counts}.`), `Go on with: ${again}`);
      break;
    case EXIT.error: {
      const what = result.failed.length > 0 ? `${plural(result.failed.length, 'object')} failed` : 'there was an error';
      lines.push(paint('red', `${verb} did not finish: ${what}. Done: ${counts}.`));
      lines.push(`Nothing of what was done is lost. Mend the cause, then go on with: ${again}`);
      break;
    }
    case EXIT.pending:
      lines.push(paint('yellow', `${verb} is done as far as it can be now. Resources: ${counts}.`));
      lines.push(`When what it waits for has happened, finish with: ${again}`);
      break;
    default:
      lines.push(paint('green', `${verb} complete! Resources: ${counts}.`));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function someOf(addresses: readonly string[]): string {
  const more = addresses.length > NAMED ? ` and ${addresses.length - NAMED} more` : '';
  return `${addresses.slice(0, NAMED).join(', ')}${more}`;
}

interface Failure {
  readonly addresses: string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A token that expires fails a thousand objects: that is one thing to mend, and is told once. */
function byFailure(failed: ApplyResult['failed']): Iterable<Failure> {
  const groups = new Map<string, Failure>();
  for (const { address, diagnostics } of failed) {
    // The address stands above them.
    const plain = diagnostics.map((one) => ({ ...one, detail: one.detail.replace(` This is about ${address}.`, () => '') }));
    const key = JSON.stringify(plain);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { addresses: [address], diagnostics: plain });
    else group.addresses.push(address);
  }
  return groups.values();
}

function byReason(skipped: ApplyResult['skipped']): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { address, reason } of skipped) groups.set(reason, [...(groups.get(reason) ?? []), address]);
  return groups;
}
