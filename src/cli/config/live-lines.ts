// What happens during an apply, line by line and in Terraform's words. Where very much happens, a terminal shows one line that counts, and
// only what fails stands.
import type { DriverEvent } from '../../config/driver-yaml/plan.ts';
import { logLine } from '../../report/escape.ts';
import { toPage } from '../../report/terminal/paint.ts';
import type { Screen } from './screen.ts';
import { diagnosticLine } from './tell-diagnostics.ts';

type Action = Extract<DriverEvent, { type: 'started' }>['action'];

interface Words {
  /** `Creating` */
  readonly doing: string;
  /** `Creation complete` */
  readonly done: string;
  /** `Creation failed` */
  readonly failed: string;
}

export const ACTION_WORDS: Readonly<Record<Action, Words>> = {
  'create': { doing: 'Creating', done: 'Creation complete', failed: 'Creation failed' },
  'update': { doing: 'Modifying', done: 'Modifications complete', failed: 'Modifications failed' },
  'replace': { doing: 'Replacing', done: 'Replacement complete', failed: 'Replacement failed' },
  'delete': { doing: 'Destroying', done: 'Destruction complete', failed: 'Destruction failed' },
  'import': { doing: 'Importing', done: 'Import complete', failed: 'Import failed' },
  'no-op': { doing: 'Looking', done: 'Nothing to do', failed: 'Looking failed' },
};

/** So many changes are told one by one on a terminal. */
const MANY = 50;

export const grouped = (count: number): string => count.toLocaleString('en-US');

/** `0s`, `59s`, `1m10s`. */
export function elapsedText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** One event as a line; null: it has none. */
export function eventLine(event: DriverEvent, colour: boolean): string | null {
  const { paint } = toPage(colour, 0);
  const at = (address: string, text: string): string => `${paint('bold', `${logLine(address)}:`)} ${logLine(text)}`;
  const idText = (id: string | null): string => (id === null ? '' : ` [id=${id}]`);
  switch (event.type) {
    case 'reading':
      return null;
    case 'started':
      return at(event.address, `${ACTION_WORDS[event.action].doing}…`);
    case 'progress':
      if (event.elapsedMs < 1000 && event.text !== '') return at(event.address, `${event.text}…`);
      return at(event.address, `Still working… [${elapsedText(event.elapsedMs)} elapsed]${event.text === '' ? '' : ` ${event.text}`}`);
    case 'done':
      return at(event.address, `${ACTION_WORDS[event.action].done} after ${elapsedText(event.elapsedMs)}${idText(event.id)}`);
    case 'failed':
      return [
        `${paint('bold', `${logLine(event.address)}:`)} ${paint('red', ACTION_WORDS[event.action].failed)}`,
        ...event.diagnostics.map((diagnostic) => `  ${diagnosticLine(diagnostic, colour)}`),
      ].join('\n');
    case 'waits':
      return at(event.address, `Waiting: ${event.reason}`);
    case 'skipped':
      return at(event.address, `Skipped: ${event.reason}`);
  }
}

/** The line at the bottom while things are read: `Reading… 400 of 1,000 run tasks`. */
export const readingText = ({ done, total, what }: Extract<DriverEvent, { type: 'reading' }>): string =>
  `Reading… ${grouped(done)}${total === null ? '' : ` of ${grouped(total)}`} ${what}`;

/** @param total  changes that are to be made; 0: only reading */
export function createLiveLines(screen: Screen, total: number): (event: DriverEvent) => void {
  const isCrowded = screen.isTerminal && total > MANY;
  const running = new Map<string, Action>();
  const count = { done: 0, failed: 0, skipped: 0, waits: 0 };

  function tally(event: DriverEvent): void {
    if (event.type === 'started') running.set(event.address, event.action);
    if (event.type === 'done' || event.type === 'failed' || event.type === 'skipped' || event.type === 'waits') {
      running.delete(event.address);
      count[event.type] += 1;
    }
  }

  return (event) => {
    if (event.type === 'reading') return screen.status(event.total !== null && event.done >= event.total ? null : readingText(event));
    tally(event);
    if (!isCrowded || event.type === 'failed') {
      const line = eventLine(event, screen.colour);
      if (line !== null) screen.print(`${line}\n`);
    }
    if (!isCrowded) return;
    const [now] = running;
    const doing = now === undefined ? '' : ` · ${ACTION_WORDS[now[1]].doing} ${now[0]}`;
    const bad = `${count.failed > 0 ? `, ${grouped(count.failed)} failed` : ''}${count.skipped > 0 ? `, ${grouped(count.skipped)} skipped` : ''}`;
    screen.status(`${grouped(count.done)} of ${grouped(total)} done${bad}${doing}`);
  };
}
