#!/usr/bin/env node
// The command `runtask`: one file per command beside this one. Errors of usage end with 2; what else a command may end with stands
// in its help.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describeThrown } from '../base/fault.ts';
import { addCheckCommand } from './check.ts';
import { addDemoCommand } from './demo.ts';
import { addEmulateCommand } from './emulate.ts';
import { addKeysCommand } from './keys.ts';
import { addRelayCommand } from './relay.ts';
import { addRenderCommand } from './render.ts';
import { addSendCommand } from './send.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('runtask')
  .description('HCP Terraform run tasks, written as a GitHub Actions workflow in your own repository.')
  .version(version)
  .showHelpAfterError('(runtask help <command> tells more)')
  // Must be set before commands are added: they inherit it. commander's own code for a usage error is 1, which is a verdict here.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : error.exitCode === 1 ? 2 : error.exitCode));

for (const add of [addDemoCommand, addRelayCommand, addSendCommand, addCheckCommand, addRenderCommand, addKeysCommand, addEmulateCommand])
  add(program);

try {
  await program.parseAsync();
} catch (thrown) {
  process.stderr.write(`error: ${describeThrown(thrown)}\n`);
  process.exitCode = 2;
}
