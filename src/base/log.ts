// What a process says about itself. Rooms take a Log; only cli/ and relay/ decide where it goes (pino, the runner's log).

export type LogFields = Readonly<Record<string, unknown>>;

/** `event` is a fixed phrase ("dispatch accepted"); everything that varies is a field. Never a secret in either. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
