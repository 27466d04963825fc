// `runtask emulate`: both emulators as a process of their own, with a relay configuration that fits and the commands to try it.
// Arguments and help; what is started and told is in emulate/.
import { once } from 'node:events';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { formatHowTo } from './emulate/how-to.ts';
import { startEmulators } from './emulate/start.ts';
import { toHttpUrl, toPort } from './send.ts';

interface EmulateOptions {
  readonly hcpPort: number;
  readonly hcpStorePort: number;
  readonly githubPort: number;
  readonly relayUrl: string;
  readonly organization: string;
  readonly workspace?: readonly string[];
  readonly repository: string;
  readonly files?: string;
  readonly output: string;
  readonly tokenLife: 'fixed-10m' | 'sliding-10m' | 'fixed-60m';
  readonly edition?: 'free' | 'premium';
  readonly tfeVersion?: string;
  readonly rateLimit?: number;
  readonly json: boolean;
}

export function addEmulateCommand(program: Command): void {
  program
    .command('emulate')
    .description('an HCP Terraform and a GitHub on loopback, to try a relay and a workflow against; Ctrl-C ends them')
    .option('--hcp-port <n>', 'port of HCP Terraform', toPort, 7080)
    .option('--hcp-store-port <n>', "port of HCP Terraform's object store", toPort, 7081)
    .option('--github-port <n>', 'port of GitHub', toPort, 7090)
    .option('--relay-url <url>', 'where the relay will listen', toHttpUrl, 'http://127.0.0.1:8080')
    .option('--organization <name>', 'organization in HCP Terraform', 'acme')
    .option('--workspace <name>', 'workspace in HCP Terraform; again for each more (default: "network-prod")', addWorkspace)
    .option('--repository <owner/name>', 'repository on GitHub', toRepository, 'acme/network')
    .option('--files <dir>', "the repository's files: workflow and checks; our examples unless given")
    .option('--output <dir>', 'folder for relay.yml, its secrets and the bodies to post', './emulated')
    .addOption(
      new Option('--token-life <life>', 'how long access tokens of run tasks live')
        .choices(['fixed-10m', 'sliding-10m', 'fixed-60m'])
        .default('fixed-10m'),
    )
    .addOption(
      new Option('--edition <name>', 'what the organization may do; no limits, but no global and private run tasks, unless given').choices([
        'free',
        'premium',
      ]),
    )
    .option('--tfe-version <release>', 'Terraform Enterprise of this release instead of HCP Terraform, as in v202309-1', toRelease)
    .option('--rate-limit <n>', 'requests that a token may make in a second; HCP Terraform has 30 (default: no limit)', toRateLimit)
    .option('--json', 'print addresses and tokens as one line of JSON, and nothing else', false)
    .addHelpText(
      'after',
      `
Examples:
  runtask emulate
  runtask emulate --workspace net-dev --workspace net-prod       # one comment for both
  runtask emulate --files ./my-gate-repository --repository acme/terraform-gate
  runtask emulate --edition free --rate-limit 30                  # as HCP Terraform's free edition
  runtask emulate --hcp-port 0 --hcp-store-port 0 --github-port 0 --json

Exit codes: 0 ended by Ctrl-C · 2 wrong usage, or a port is taken`,
    )
    .action(async (options: EmulateOptions, command: Command) => {
      const write = (text: string): void => void process.stdout.write(text);
      const { workspace: workspaces = ['network-prod'], ...rest } = options;
      const emulators = await startEmulators(
        { ...rest, workspaces: [...new Set(workspaces)] },
        {
          clock: systemClock,
          log: options.json ? () => undefined : (line) => write(`${line}\n`),
        },
      ).catch((thrown: unknown) => {
        if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
        const { port } = thrown as { port?: number };
        return command.error(`error: port ${port} is taken. Choose others with --hcp-port, --hcp-store-port, --github-port`, {
          exitCode: 2,
        });
      });
      const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      write(options.json ? `${JSON.stringify(emulators.addresses)}\n` : formatHowTo(emulators.addresses));
      await ended;
      await emulators.close();
    });
}

/** What HCP Terraform allows; it is a part of a file's name, too. */
function addWorkspace(text: string, before: readonly string[] = []): string[] {
  if (!/^[A-Za-z0-9_-]{1,90}$/.test(text)) throw new InvalidArgumentError('Letters, digits, "-" and "_".');
  return [...before, text];
}

function toRelease(text: string): string {
  if (!/^(v\d{6}-\d+|\d+\.\d+\.\d+)$/.test(text)) throw new InvalidArgumentError('Give a release as in v202309-1 or 1.0.0.');
  return text;
}

function toRateLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Give a number, 1 or more.');
  return Number(text);
}

function toRepository(text: string): string {
  if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(text)) throw new InvalidArgumentError('Give owner/name.');
  return text;
}
