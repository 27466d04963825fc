// `runtask deliveries`: what a relay has of its run tasks, asked of its admin listener. `export` keeps one as a file, which
// `runtask check --replay` runs again.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { describeFetchFailure } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import {
  deliveryListSchema,
  recordedDeliverySchema,
  type DeliverySummary,
  type RecordedDelivery,
  type Recording,
} from '../contracts/deliveries.ts';
import { relayErrorSchema } from '../contracts/relay-api.ts';
import { jsonText, logLine } from '../report/escape.ts';

interface Options {
  readonly admin: string;
  readonly json: boolean;
}

const DEFAULT_ADMIN = 'http://127.0.0.1:8081';
const TIMEOUT_MS = 10_000;

export function addDeliveriesCommand(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description("what a relay has of its run tasks; asks the relay's admin listener (`admin:` in relay.yml)")
    .addHelpText(
      'after',
      `\nExamples:\n  runtask deliveries list\n  runtask deliveries show 8c1f…\n  runtask deliveries export 8c1f… --output run.json\n${EXIT_CODES}`,
    );
  deliveries
    .command('list')
    .description('the newest run tasks and what became of them')
    .option('--admin <url>', 'the admin listener', DEFAULT_ADMIN)
    .option('--limit <n>', 'how many', '20')
    .option('--before <id>', 'those before this one')
    .option('--json', 'print as JSON', false)
    .addHelpText(
      'after',
      `\nExamples:\n  runtask deliveries list\n  runtask deliveries list --limit 100 --json | jq '.[] | select(.verdict.status == "failed")'\n${EXIT_CODES}`,
    )
    .action(async (options: Options & { readonly limit: string; readonly before?: string }) => {
      const query = new URLSearchParams({ limit: options.limit, ...(options.before === undefined ? {} : { before: options.before }) });
      tell(await ask(options.admin, `/v1/deliveries?${query}`, deliveryListSchema), ({ deliveries: found }) =>
        options.json ? jsonText(found) : toTable(found),
      );
    });
  deliveries
    .command('show')
    .description('one run task')
    .argument('<id>', 'its id, as `list` shows it')
    .option('--admin <url>', 'the admin listener', DEFAULT_ADMIN)
    .option('--json', 'print as JSON', false)
    .addHelpText('after', `\nExamples:\n  runtask deliveries show 8c1f…\n${EXIT_CODES}`)
    .action(async (id: string, options: Options) => {
      tell(await fetchDelivery(options.admin, id), (found) => (options.json ? jsonText(found) : toText(found)));
    });
  deliveries
    .command('export')
    .description('write one run task to a file, to be run again: runtask check --replay FILE --plan plan.json')
    .argument('<id>', 'its id, as `list` shows it')
    .option('--admin <url>', 'the admin listener', DEFAULT_ADMIN)
    .option('--output <file>', 'write there instead of standard output; must not exist')
    .addHelpText(
      'after',
      `\nExamples:\n  runtask deliveries export 8c1f… --output run.json\n  runtask check --replay run.json --plan plan.json\n\nIt holds no token and no plan.\n${EXIT_CODES}`,
    )
    .action(async (id: string, options: Options & { readonly output?: string }) => {
      const found = await fetchDelivery(options.admin, id);
      if (!found.ok || options.output === undefined) return tell(found, (delivery) => jsonText(toRecording(delivery)));
      // Names of workspaces and people are the operator's business.
      await writeFile(options.output, jsonText(toRecording(found.value)), { flag: 'wx', mode: 0o600 });
    });
}

const EXIT_CODES = '\nExit codes: 0 told · 2 not found, or wrong usage · 3 the relay does not answer';

const fetchDelivery = (admin: string, id: string): Promise<Result<RecordedDelivery, Refused>> =>
  ask(admin, `/v1/deliveries/${encodeURIComponent(id)}`, recordedDeliverySchema);

const toRecording = (delivery: RecordedDelivery): Recording => ({ version: 1, exported_at: new Date().toISOString(), delivery });

interface Refused {
  readonly exit: 2 | 3;
  readonly message: string;
}

async function ask<T>(admin: string, path: string, schema: z.ZodType<T>): Promise<Result<T, Refused>> {
  if (!URL.canParse(path, admin)) return err({ exit: 2, message: `--admin is not a URL: ${admin}` });
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(new URL(path, admin), { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    body = await response.json();
  } catch (thrown) {
    const remedy = 'Is it running, with `admin:` in its relay.yml? Ask on its machine, or name it with --admin';
    return err({ exit: 3, message: `No relay answers at ${admin} (${describeFetchFailure(thrown)}). ${remedy}` });
  }
  if (!response.ok) {
    const refusal = relayErrorSchema.safeParse(body);
    const exit = response.status >= 500 ? 3 : 2;
    return err({ exit, message: refusal.success ? refusal.data.error.message : `The relay answered ${response.status}` });
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? ok(parsed.data) : err({ exit: 3, message: `What answers at ${admin} is not a relay of this version` });
}

function tell<T>(found: Result<T, Refused>, show: (value: T) => string): void {
  if (found.ok) process.stdout.write(show(found.value));
  else {
    process.stderr.write(`${logLine(found.error.message)}\n`);
    process.exitCode = found.error.exit;
  }
}

function toTable(deliveries: readonly DeliverySummary[]): string {
  if (deliveries.length === 0) return 'No run tasks.\n';
  const rows = deliveries.map((one) => [
    one.id,
    one.accepted_at.slice(0, 19).replace('T', ' '),
    `${one.organization}/${one.workspace}`,
    one.stage,
    one.verdict === null ? one.state : one.verdict.status === 'passed' ? 'passed' : `failed (${one.verdict.decided_by})`,
  ]);
  const table = [['ID', 'ACCEPTED (UTC)', 'WORKSPACE', 'STAGE', 'STATE'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map((row) => `${row.map((cell, column) => logLine(cell).padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

function toText(one: RecordedDelivery): string {
  const lines: readonly (readonly [string, string | null])[] = [
    ['id', one.id],
    ['run task', one.task],
    ['workspace', `${one.organization}/${one.workspace}`],
    ['run', one.facts?.run_url ?? one.run],
    ['stage', one.stage],
    ['state', one.state],
    ['accepted', one.accepted_at],
    ['deadline', one.deadline_at],
    ['done', one.done_at],
    ['judged by', one.repository === null ? null : `${one.repository}, ${one.workflow ?? ''}`],
    ['workflow run', one.workflow_url],
    ['verdict', one.verdict === null ? null : `${one.verdict.status}, decided by ${one.verdict.decided_by} at ${one.verdict.at}`],
    ['', one.verdict?.message ?? null],
    ['observe', one.observe ? 'yes: recorded as passed whatever the checks say' : null],
    ['problem', one.problem],
  ];
  return lines.flatMap(([name, text]) => (text === null || text === '' ? [] : [`${name.padEnd(13)} ${logLine(text)}\n`])).join('');
}
