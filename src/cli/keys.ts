// `runtask keys`: makes the keys that a relay and a sealed workflow need, as files, and says where each belongs.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createRelayKey, createSealKey } from '../sealed/keys.ts';

interface KeyFile {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
  readonly belongs: string;
}

export function addKeysCommand(program: Command): void {
  program
    .command('keys')
    .description('make the keys of a relay, and of a sealed workflow')
    .argument('[what]', 'relay: encryption key and HMAC key · sealed: the two key pairs of the sealed transport', 'relay')
    .option('--output <dir>', 'folder for the files, made if need be', '.')
    .option('--force', 'overwrite files that exist', false)
    .option('--json', 'print the paths as JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  runtask keys relay --output ./secrets\n  runtask keys sealed --output ./secrets\n\nExit codes: 0 written · 2 wrong usage, or a file exists',
    )
    .action(async (what: string, options: { output: string; force: boolean; json: boolean }, command: Command) => {
      if (what !== 'relay' && what !== 'sealed')
        command.error(`error: make keys for what? Use relay or sealed. Found: ${what}`, { exitCode: 2 });
      const files = what === 'relay' ? relayKeys() : await sealedKeys();
      await mkdir(options.output, { recursive: true, mode: 0o700 });
      const taken = options.force ? [] : files.map((file) => join(options.output, file.name)).filter((path) => existsSync(path));
      // All or nothing: half of a new set beside half of an old one fits nowhere.
      if (taken.length > 0)
        command.error(`error: ${taken.join(', ')} exists. Choose another --output, or --force to overwrite`, { exitCode: 2 });
      for (const file of files) await write(join(options.output, file.name), file, options.force, command);
      const paths = files.map((file) => ({ path: join(options.output, file.name), secret: file.secret, belongs: file.belongs }));
      if (options.json) console.log(JSON.stringify(paths, null, 2));
      else for (const { path, secret, belongs } of paths) console.log(`${path}${secret ? '  (secret)' : ''}\n    ${belongs}`);
    });
}

/** Never over a key that is in use: what it has encrypted or signed would be lost. */
async function write(path: string, file: KeyFile, force: boolean, command: Command): Promise<void> {
  try {
    await writeFile(path, file.text, { mode: file.secret ? 0o600 : 0o644, flag: force ? 'w' : 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    command.error(`error: ${path} exists. Choose another --output, or --force to overwrite it`, { exitCode: 2 });
  }
}

function relayKeys(): KeyFile[] {
  return [
    {
      name: 'relay-encryption-key',
      text: randomBytes(32).toString('base64'),
      secret: true,
      belongs: 'relay.yml: encryption_key: { file: … }. Encrypts what the relay keeps.',
    },
    {
      name: 'hmac-key',
      text: randomBytes(32).toString('hex'),
      secret: true,
      belongs: 'relay.yml: tasks.<name>.hmac_keys: [{ file: … }], and the HMAC key of the run task in HCP Terraform.',
    },
  ];
}

async function sealedKeys(): Promise<KeyFile[]> {
  const [relay, seal] = [await createRelayKey(), await createSealKey()];
  const file = (name: string, jwk: object, secret: boolean, belongs: string): KeyFile => ({
    name,
    text: JSON.stringify(jwk),
    secret,
    belongs,
  });
  return [
    file('relay-signing-key.json', relay.privateJwk, true, 'relay.yml: signing_key: { file: … }'),
    file('relay-public-key.json', relay.publicJwk, false, "the workflow's input relay-key (a repository variable)"),
    file(
      'seal-private-key.json',
      seal.privateJwk,
      true,
      "the workflow's input seal-key: a secret of an environment whose branch policy allows the default branch only",
    ),
    file('seal-public-key.json', seal.publicJwk, false, 'relay.yml: tasks.<name>.seal_public_key: { file: … }'),
  ];
}
