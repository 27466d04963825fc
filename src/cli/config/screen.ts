// Where the commands of `runtask config` write: secrets taken out of every text, and on a terminal one line at the bottom that comes and
// goes while something is awaited.
import { createRedactor } from '../../base/redact.ts';
import { logLine } from '../../report/escape.ts';

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Screen {
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  /** Is standard output a terminal? */
  readonly isTerminal: boolean;
  /** Lines for standard output, each with its end. Their parts from outside are escaped already. */
  print(text: string): void;
  /** The same for standard error. */
  complain(text: string): void;
  /** The line at the bottom, of a terminal only. null: none. */
  status(text: string | null): void;
  /** Never to be shown from now on. */
  hide(secrets: readonly string[]): void;
  redact(text: string): string;
}

export interface ScreenOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly colour: boolean;
}

const CLEAR = '\u001b[2K\r';

export function createScreen({ stdout, stderr, colour }: ScreenOptions): Screen {
  const redactor = createRedactor();
  let line: string | null = null;
  const width = stdout.columns ?? 100;
  const show = (text: string): void => void stderr.write(text);
  const write = (stream: Stream, text: string): void => {
    if (line !== null) show(CLEAR);
    stream.write(redactor.redact(text));
    if (line !== null) show(line);
  };
  return {
    colour,
    width,
    isTerminal: stdout.isTTY === true,
    print: (text) => write(stdout, text),
    complain: (text) => write(stderr, text),
    status(text) {
      if (stderr.isTTY !== true) return;
      if (line !== null) show(CLEAR);
      // One line: what is longer would not be taken away again.
      line = text === null ? null : redactor.redact(logLine(text)).slice(0, (stderr.columns ?? 80) - 1);
      if (line !== null) show(line);
    },
    hide: (secrets) => secrets.forEach((secret) => redactor.add(secret)),
    redact: (text) => redactor.redact(text),
  };
}
