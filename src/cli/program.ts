// The commands of `runtask`: one file per command beside this one. Errors of usage end with 2 (of `config` with 1, because there 2 means
// that there are changes); what else a command may end with stands in its help.
import { readFileSync } from 'node:fs';
import { Command, Help } from 'commander';
import { describeThrown } from '../base/fault.ts';
import { addCheckCommand } from './check.ts';
import { addConfigCommand } from './config.ts';
import { addDeliveriesCommand } from './deliveries.ts';
import { addDemoCommand } from './demo.ts';
import { addEmulateCommand } from './emulate.ts';
import { addKeysCommand } from './keys.ts';
import { addRelayCommand } from './relay.ts';
import { addRenderCommand } from './render.ts';
import { addSendCommand } from './send.ts';
import { addTestCommand } from './test.ts';

const COMMANDS = [
  addDemoCommand,
  addRelayCommand,
  addSendCommand,
  addCheckCommand,
  addTestCommand,
  addRenderCommand,
  addConfigCommand,
  addDeliveriesCommand,
  addKeysCommand,
  addEmulateCommand,
];

export async function runProgram(argv: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('runtask')
    .description('HCP Terraform run tasks, written as a GitHub Actions workflow in your own repository.')
    .version(version)
    // That a switch is off unless given goes without saying.
    .configureHelp({
      optionDescription: (option) => (option.defaultValue === false ? option.description : new Help().optionDescription(option)),
    })
    .showHelpAfterError('(runtask help <command> tells more)')
    // All three must be set before commands are added: they inherit them. commander's own code for a usage error is 1, which is a verdict here.
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : error.exitCode === 1 ? 2 : error.exitCode));
  for (const add of COMMANDS) add(program);
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    process.stderr.write(`error: ${describeThrown(thrown)}\n`);
    process.exitCode = 2;
  }
}
