// `runtask send`: plays HCP Terraform against any relay, once, and shows what comes back. Arguments, help and exit codes; the
// play itself is in send/play.ts.
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { describeThrown } from '../base/fault.ts';
import { STAGES, type Stage } from '../contracts/run-facts.ts';
import { wantsColour } from './colour.ts';
import { play, type PlaySpec } from './send/play.ts';
import { createTimelinePrinter } from './send/timeline.ts';

interface SendOptions {
  readonly url: string;
  readonly keyEnv: string;
  readonly unsigned: boolean;
  readonly plan?: string;
  readonly configuration?: string;
  readonly stage: Stage;
  readonly workspace: string;
  readonly organization: string;
  readonly advisory: boolean;
  readonly speculative?: boolean;
  readonly message: string;
  readonly pullRequest?: string;
  readonly commit?: string;
  readonly repository?: string;
  readonly branch: string;
  readonly test: boolean;
  readonly beta: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly port: number;
  readonly storePort: number;
  readonly publicUrl?: string;
  readonly publicStoreUrl?: string;
}

export function addSendCommand(program: Command): void {
  program
    .command('send')
    .description('play HCP Terraform against a relay: one signed run task, and a timeline of what comes back')
    .requiredOption('--url <url>', "the run task's URL, e.g. http://127.0.0.1:8080/hooks/gate", toHttpUrl)
    .option('--key-env <name>', 'environment variable that holds the HMAC key', 'RUNTASK_HMAC_KEY')
    .option('--unsigned', 'send without a key, as HCP does for a task that has none', false)
    .option('--test', 'send the registration test only', false)
    .option('--plan <file>', 'plan in JSON (terraform show -json tfplan); an empty plan unless given')
    .option('--configuration <file>', 'configuration to offer for download, a .tar.gz')
    .addOption(new Option('--stage <stage>', 'stage of the run').choices(STAGES).default('post_plan'))
    .option('--organization <name>', 'organization', 'acme')
    .option('--workspace <name>', 'workspace', 'network-prod')
    .option('--advisory', 'enforcement level advisory instead of mandatory', false)
    .option('--speculative', 'a plan that cannot be applied (the default with --pull-request before the apply stages)')
    .option('--message <text>', "the run's message", 'Sent by runtask send')
    .option('--repository <url>', "the workspace's repository; from --pull-request unless given", toHttpUrl)
    .option('--branch <name>', "the workspace's branch", 'main')
    .option('--pull-request <url>', 'the pull request that caused the run', toHttpUrl)
    .option('--commit <sha>', 'the commit that was planned')
    .option('--beta', 'the payload as HCP posted it in 2021', false)
    .option('--timeout <minutes>', 'how long to wait for the verdict', toMinutes, 15)
    .option(
      '--port <n>',
      'port of the API that the relay and the runner call; its host must be among the hcp_hosts of the task',
      toPort,
      7080,
    )
    .option('--store-port <n>', 'port of the object store; any free one unless given', toPort, 0)
    .option('--public-url <url>', 'how the API is reached from outside, when a tunnel leads to --port', toHttpUrl)
    .option('--public-store-url <url>', 'how the object store is reached from outside', toHttpUrl)
    .option('--json', 'print one JSON document at the end instead of the timeline', false)
    .addHelpText(
      'after',
      `
Examples:
  runtask send --url http://127.0.0.1:8080/hooks/gate --test
  runtask send --url http://127.0.0.1:8080/hooks/gate --plan plan.json --workspace net-prod
  runtask send --url https://relay.example.com/hooks/gate --plan plan.json \\
    --pull-request https://github.com/acme/network/pull/7 --commit 4f1c…
  RUNTASK_HMAC_KEY=… runtask send --url … --json | jq .message

The task in relay.yml must allow the host of --port: hcp_hosts: ['127.0.0.1:7080']. Beside runtask emulate, which has port 7080,
choose another: --port 7085.

Exit codes: 0 passed · 1 failed, or the relay refused · 2 wrong usage · 3 no answer, errored, or not in time`,
    )
    .action(async (options: SendOptions, command: Command) => {
      const usageError = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
      const key = options.unsigned ? null : process.env[options.keyEnv];
      if (key === undefined || key === '')
        usageError(`the environment variable ${options.keyEnv} holds no key. Set it, name another with --key-env, or send --unsigned`);
      const read = (file: string): Promise<Uint8Array> =>
        readFile(file).catch((thrown: unknown) => usageError(`${file} cannot be read: ${describeThrown(thrown)}`));
      const plan = options.plan === undefined ? null : await read(options.plan);
      const configuration = options.configuration === undefined ? null : await read(options.configuration);

      const colour = wantsColour(process.stdout, process.env);
      const printer = createTimelinePrinter({ colour, write: (text) => process.stdout.write(text) });
      try {
        const outcome = await play(toSpec(options, key ?? null, plan, configuration), {
          clock: systemClock,
          onStep: options.json ? () => undefined : printer.step,
        });
        if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
        else printer.end(outcome);
        process.exitCode = outcome.exitCode;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
        usageError(`port ${options.port} is taken. Choose another with --port, and put it into hcp_hosts`);
      }
    });
}

function toSpec(options: SendOptions, hmacKey: string | null, plan: Uint8Array | null, configuration: Uint8Array | null): PlaySpec {
  const { pullRequest = null, commit = null } = options;
  // https://github.com/acme/network/pull/7 -> https://github.com/acme/network; GitLab's and Bitbucket's forms likewise.
  const repository = options.repository ?? pullRequest?.replace(/\/(-\/merge_requests|pull|pull-requests|pullrequest)\/\d+.*$/, '') ?? null;
  const beforeApply = options.stage === 'pre_plan' || options.stage === 'post_plan';
  return {
    url: options.url,
    hmacKey,
    testOnly: options.test,
    stage: options.beta ? 'post_plan' : options.stage,
    organization: options.organization,
    workspace: options.workspace,
    enforcementLevel: options.advisory ? 'advisory' : 'mandatory',
    speculative: beforeApply && (options.speculative ?? pullRequest !== null),
    message: options.message,
    vcs:
      repository === null && commit === null
        ? null
        : {
            repositoryUrl: repository,
            commitHash: commit,
            pullRequestUrl: pullRequest,
            branch: repository === null ? null : options.branch,
          },
    plan,
    configuration,
    beta: options.beta,
    timeoutMs: options.timeout * 60_000,
    port: options.port,
    storePort: options.storePort,
    publicUrl: options.publicUrl,
    publicStoreUrl: options.publicStoreUrl,
  };
}

export function toHttpUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('Give an http(s) URL.');
  return text.replace(/\/$/, '');
}

export function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Give a port from 0 (any) to 65535.');
  return port;
}

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes <= 0 || minutes > 60) throw new InvalidArgumentError('Give minutes, up to 60.');
  return minutes;
}
