// Gives the processes of an emulated job the clock of the test, so that "twelve minutes later" is true for them too. Their Node is
// started through a small script that loads another Date and another setTimeout first; the product knows nothing of it.
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';

export interface JobClock {
  /** What the emulated runner starts as `node`. */
  readonly nodePath: string;
  /** After the clock was moved: tells the processes. */
  follow(clock: Clock): void;
}

/** Only long timers follow: short ones are retries and limits of libraries, about which no test says anything. */
const LONG_MS = 25_000;

export function createJobClock(folder: string): JobClock {
  mkdirSync(folder, { recursive: true });
  const [offsetFile, preload, nodePath] = ['offset', 'clock.mjs', 'job-node'].map((name) => join(folder, name)) as [string, string, string];
  const write = (offset: number): void => {
    writeFileSync(`${offsetFile}.new`, String(offset));
    renameSync(`${offsetFile}.new`, offsetFile);
  };
  write(0);
  writeFileSync(
    preload,
    `import { readFileSync } from 'node:fs';
const RealDate = Date;
const realSetTimeout = setTimeout;
const offset = () => Number(readFileSync(${JSON.stringify(offsetFile)}, 'utf8'));
const now = () => RealDate.now() + offset();
globalThis.Date = class extends RealDate {
  constructor(...args) { super(...(args.length === 0 ? [now()] : args)); }
  static now() { return now(); }
};
globalThis.setTimeout = Object.assign((fn, ms, ...args) => {
  if (!(ms >= ${LONG_MS})) return realSetTimeout(fn, ms, ...args);
  const due = now() + ms;
  const timer = setInterval(() => {
    if (now() < due) return;
    clearInterval(timer);
    fn(...args);
  }, 25);
  return timer;
}, realSetTimeout);
`,
  );
  // Not a shell script: a shell drops variables whose names have a dash, which is how the runner hands over inputs.
  writeFileSync(
    nodePath,
    `#!${process.execPath} --import=${preload}\nprocess.argv.splice(1, 1);\nimport(require('node:path').resolve(process.argv[1]));\n`,
  );
  chmodSync(nodePath, 0o755);
  // The folder comes onto the PATH of the job: its scripts get the real one.
  symlinkSync(process.execPath, join(folder, 'node'));
  return { nodePath, follow: (clock) => write(clock.now() - Date.now()) };
}
