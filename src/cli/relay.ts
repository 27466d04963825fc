// `runtask relay`: runs the relay of a relay.yml until it is told to end. The only place of the relay that reads the environment.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import pino from 'pino';
import { systemClock } from '../base/clock.ts';
import { formatDiagnostic } from '../base/diagnostics.ts';
import { describeThrown, Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import { readRelayConfig } from '../relay/config/read-relay-config.ts';
import type { ResolvedRelayConfig } from '../relay/config/resolved.ts';
import { createRelay } from '../relay/index.ts';
import { createRecorder } from '../relay/record.ts';
import { createCipher } from '../relay/store/encrypt.ts';
import { openSqliteStore } from '../relay/store/sqlite.ts';

const EXIT = { ended: 0, fault: 1, configuration: 2, store: 3, port: 4 } as const;

interface Options {
  readonly config: string;
  readonly record?: string;
  readonly checkConfig: boolean;
  readonly logLevel: string;
}

export function addRelayCommand(program: Command): void {
  program
    .command('relay')
    .description('run the relay: takes run tasks from HCP Terraform, starts workflows, brings verdicts back')
    .option('--config <file>', 'what the relay does', 'relay.yml')
    .option('--record <dir>', 'keep each verified post as a file in this folder, secrets replaced')
    .option('--check-config', 'read the configuration and its secrets, say what is wrong, and end', false)
    .addOption(new Option('--log-level <level>', 'what is told').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .addHelpText(
      'after',
      `
Logs JSON lines to standard output. SIGTERM and SIGINT end it: nothing new is taken, what is under way is finished.

Examples:
  runtask relay
  runtask relay --config /etc/runtask/relay.yml --record ./posts
  runtask relay --check-config

Exit codes: 0 ended as told, or the configuration is good · 1 a fault · 2 the configuration is wrong · 3 the store cannot be
opened · 4 the address cannot be listened on`,
    )
    .action(async (options: Options) => {
      process.exitCode = await runRelay(options);
    });
}

/** 1 read the configuration  2 open the store  3 listen  4 begin with what waits  5 until told to end: finish, close. */
async function runRelay(options: Options): Promise<number> {
  const config = readConfig(options.config);
  if (config === null) return EXIT.configuration;
  if (options.checkConfig) {
    console.log(`${options.config} is good: ${Object.keys(config.tasks).length} task(s)`);
    return EXIT.ended;
  }
  const logger = pino({
    level: options.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // "info" instead of 30: whoever reads this log, or alerts on it, need not know pino.
    formatters: { level: (label) => ({ level: label }) },
  });
  const log = toLog(logger);

  const folder = resolve(dirname(options.config), config.store);
  // Opening waits some seconds for another relay to let go of the store: not in silence.
  log.info('store opens', { store: folder });
  let store;
  try {
    store = openSqliteStore(folder, createCipher(config.encryptionKey));
  } catch (thrown) {
    log.error('store cannot be opened', {
      store: folder,
      error: describeThrown(thrown),
      ...(thrown instanceof Fault ? { code: thrown.code } : {}),
    });
    return EXIT.store;
  }
  const record = options.record === undefined ? null : await createFolderRecorder(options.record);
  const relay = createRelay({
    config,
    store,
    clock: systemClock,
    fetch,
    random: (bytes) => randomBytes(bytes),
    log,
    ...(record === null ? {} : { record }),
  });

  try {
    const admin = config.admin === null ? null : await relay.admin.listen(config.admin);
    const { url } = await relay.listen(config.listen);
    await relay.start();
    log.info('relay started', { ...describeStart(config, url, folder, options.record), admin: admin === null ? 'off' : admin.url });
  } catch (thrown) {
    log.error('address cannot be listened on', { listen: config.listen, admin: config.admin ?? 'off', error: describeThrown(thrown) });
    await relay.close();
    await store.close();
    return EXIT.port;
  }
  const signal = await nextSignal();
  log.info('relay ends', { signal });
  await relay.close();
  await store.close();
  log.info('relay ended', {});
  return EXIT.ended;
}

function readConfig(file: string): ResolvedRelayConfig | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    console.error(`error: the configuration cannot be read: ${describeThrown(thrown)}. Name it with --config`);
    return null;
  }
  const read = readRelayConfig(text, {
    file,
    env: process.env,
    readFile: (path) => readFileSync(resolve(dirname(file), path), 'utf8'),
  });
  if (read.ok) return read.value;
  for (const diagnostic of read.error) console.error(formatDiagnostic(diagnostic));
  return null;
}

const toLog = (logger: pino.Logger): Log => ({
  debug: (event, fields) => logger.debug(fields ?? {}, event),
  info: (event, fields) => logger.info(fields ?? {}, event),
  warn: (event, fields) => logger.warn(fields ?? {}, event),
  error: (event, fields) => logger.error(fields ?? {}, event),
});

async function createFolderRecorder(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return createRecorder({ clock: systemClock, write: (name, text) => writeFile(join(folder, name), text, { mode: 0o600 }) });
}

function describeStart(config: ResolvedRelayConfig, url: string, store: string, record: string | undefined) {
  const { identity, apiUrl } = config.github;
  return {
    listens: url,
    hooks: Object.keys(config.tasks).map((task) => `${config.publicUrl}/hooks/${task}`),
    store,
    github: `${identity.kind === 'app' ? `App ${identity.appId}` : 'personal access token'} at ${apiUrl}`,
    ...(record === undefined ? {} : { record }),
  };
}

const nextSignal = (): Promise<string> =>
  new Promise((resolveSignal) => {
    const take = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', take);
      process.off('SIGINT', take);
      resolveSignal(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
