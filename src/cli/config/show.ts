// `runtask config show`: what this configuration manages, as it is now. Reads, and changes nothing.
import type { Json } from '../../contracts/json.ts';
import { toResourceValues } from '../../config/driver-yaml/plan-json/resource-change.ts';
import { showConfig, type ShownObject } from '../../config/driver-yaml/show.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { isMap } from '../../plan/json-tree.ts';
import { jsonText, logLine, logLines } from '../../report/escape.ts';
import { toPage } from '../../report/terminal/paint.ts';
import { plural } from '../../report/words.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './outcome.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

export async function runShow(address: string | null, context: CommandContext): Promise<ExitCode> {
  const { loaded, driver, screen, interrupts, version, options } = context;
  const { objects, diagnostics } = await showConfig(loaded, driver());
  screen.status(null);
  interrupts.signal.throwIfAborted();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  tellDiagnostics(errors, screen);
  const shown = objects.filter((object) => (address === null ? object.ours : object.address === address));
  if (address !== null && shown.length === 0) {
    screen.complain(`${logLine(absence(address, objects))}\n`);
    return EXIT.error;
  }
  if (options.json) {
    const resources = shown.map((object) => toResourceValues(object, object.state));
    screen.print(jsonText({ format_version: '1.0', runtask_version: version, values: { root_module: { resources } } }));
  } else {
    screen.print(toText(shown, { colour: screen.colour, whole: address !== null }));
    const others = objects.length - shown.length;
    const more = others > 0 ? `, ${others} declared and there, and not taken over yet` : '';
    if (address === null) screen.print(`${plural(shown.length, 'object')} managed${more}.\n`);
  }
  return errors.length > 0 ? EXIT.error : EXIT.done;
}

function absence(address: string, objects: readonly ShownObject[]): string {
  const near = didYouMean(
    address,
    objects.map((object) => object.address),
  );
  return `error: there is no ${address}. ${near === null ? 'runtask config show lists what is there' : `Did you mean ${near}?`}`;
}

function toText(objects: readonly ShownObject[], { colour, whole }: { readonly colour: boolean; readonly whole: boolean }): string {
  const { paint } = toPage(colour, 0);
  const lines = objects.flatMap((object) => {
    const { address, id, ours, declared, pending, state } = object;
    const notes = [
      id,
      ...(ours ? [] : ['not taken over yet']),
      ...(declared ? [] : ['no longer declared']),
      ...(pending === null ? [] : [pending]),
    ];
    const { values, sensitive_values: marks } = toResourceValues(object, state);
    const entries = isMap(values) ? Object.entries(values) : [];
    const known = entries.filter(([name, value]) => value !== null || isMarked(marks, name));
    const padding = Math.max(0, ...known.map(([name]) => name.length));
    return [
      `${paint('bold', logLine(address))} · ${logLine(notes.join(' · '))}`,
      ...known.flatMap(([name, value]) => valueLines(name.padEnd(padding), isMarked(marks, name) ? HIDDEN : value, whole)),
      '',
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

const HIDDEN = Symbol('sensitive');
const isMarked = (marks: Json | undefined, name: string): boolean => marks !== undefined && isMap(marks) && marks[name] === true;

function valueLines(name: string, value: Json | typeof HIDDEN, whole: boolean): string[] {
  if (value === HIDDEN) return [`    ${name} = (sensitive value)`];
  if (typeof value !== 'string' || !value.trimEnd().includes('\n')) return [`    ${logLine(`${name} = ${JSON.stringify(value)}`)}`];
  const text = logLines(value.trimEnd());
  if (!whole) return [`    ${name} = (${text.length} lines; named by its address, it is shown)`];
  return [`    ${name} = <<-EOT`, ...text.map((line) => `        ${line}`), '    EOT'];
}
