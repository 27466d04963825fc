// What all commands of `runtask config` share: the screen, Ctrl-C, the file, and how they end when something is thrown.
import { readFileSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { systemClock } from '../../base/clock.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import type { DriverDeps } from '../../config/driver-yaml/deps.ts';
import type { LoadedConfig } from '../../config/driver-yaml/loaded-config.ts';
import { toPlanJson, type PlanDocument } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import type { DriverEvent } from '../../config/driver-yaml/plan.ts';
import { jsonText, logLine } from '../../report/escape.ts';
import { wantsColour } from '../colour.ts';
import type { Asker } from './confirm.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { createJsonLines } from './json-lines.ts';
import { createLiveLines } from './live-lines.ts';
import { listenForLostOutput } from './lost-output.ts';
import { createDriverDeps, openConfig } from './open-config.ts';
import { EXIT, type ExitCode } from './outcome.ts';
import { createScreen, type Screen } from './screen.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly config: string;
  readonly parallelism: number;
  /** commander's spelling of `--no-color`. */
  readonly color: boolean;
  readonly json: boolean;
}

export interface CommandContext {
  readonly options: CommonOptions;
  readonly screen: Screen;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly interrupts: Interrupts;
  readonly loaded: LoadedConfig;
  /** Of this package. */
  readonly version: string;
  /** Clients that have read nothing yet. Unless told otherwise, only reading is shown. */
  driver(on?: (event: DriverEvent) => void): DriverDeps;
}

/**
 * Runs a command and sets the exit code of the process.
 * @param json  what a script reads with `--json`: one document, or one object a line
 */
export async function runConfigCommand(
  options: CommonOptions,
  json: 'document' | 'lines',
  run: (context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  const screen = createScreen({ stdout, stderr, colour: options.color && wantsColour(stdout, env) });
  const interrupts = listenForInterrupts(screen);
  const say = (text: string): void => screen.complain(`${logLine(text)}\n`);
  const output = listenForLostOutput([stdout, stderr], (why) => {
    if (why !== null) {
      say(why);
      process.exitCode = EXIT.error;
    }
    interrupts.stop();
  });
  try {
    const loaded = await openConfig(options.config, env);
    if (!loaded.ok) {
      if (!options.json) tellDiagnostics(loaded.error, screen);
      else if (json === 'lines') createJsonLines(screen, { clock: systemClock }).diagnostics(loaded.error);
      else screen.print(jsonText(unreadPlan(loaded.error)));
      process.exitCode = EXIT.error;
      return;
    }
    screen.hide(loaded.value.secrets);
    const reading = createLiveLines(screen, 0);
    process.exitCode = await run({
      ...{ options, screen, interrupts, clock: systemClock, loaded: loaded.value, version: readVersion() },
      asker: { input: stdin.isTTY ? stdin : null, output: stdout },
      driver: (on = reading) =>
        createDriverDeps(loaded.value, {
          ...{ clock: systemClock, signal: interrupts.signal, fetch: globalThis.fetch, parallelism: options.parallelism, on },
          onWait: say,
        }),
    });
  } catch (thrown) {
    screen.status(null);
    // What an abort throws is whatever stood in its way.
    if (interrupts.signal.aborted) say('Interrupted. Nothing was changed.');
    else say(`error: ${describeThrown(thrown)}`);
    process.exitCode = interrupts.signal.aborted ? EXIT.interrupted : EXIT.error;
  } finally {
    screen.status(null);
    interrupts.end();
    if (output.failed()) process.exitCode = EXIT.error;
  }
}

/** A plan of nothing, with what is wrong: `errored`, so that nobody takes it for one without changes. */
const unreadPlan = (diagnostics: readonly Diagnostic[]): PlanDocument =>
  toPlanJson({ items: [], forgotten: [], diagnostics }, { version: readVersion(), now: systemClock.now() });

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
