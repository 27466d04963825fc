// A job's log: each line masked with what is known when it is written, and, for tests only, as it came. No I/O.
import type { Masks } from './masks.ts';

export interface JobLog {
  write(line: string): void;
  readonly masked: string;
  readonly raw: string;
}

export function createJobLog(masks: Masks): JobLog {
  const masked: string[] = [];
  const raw: string[] = [];
  return {
    write(text) {
      for (const line of text.split('\n')) {
        raw.push(line);
        masked.push(masks.apply(line));
      }
    },
    get masked() {
      return masked.join('\n');
    },
    get raw() {
      return raw.join('\n');
    },
  };
}
