// Workflow commands in a step's output: `::name key=value::data`, and the older `##[name key=value]data`, which the runner still
// obeys anywhere in a line. Source: actions/runner 2.336.0, ActionCommand. Pure.

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const KNOWN = new Set([
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice', 'remove-matcher'],
  ...['save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
]);

/** @param token  while commands are stopped: the one name that is still heard */
export function parseCommand(line: string, token: string | null): WorkflowCommand | null {
  const known = (name: string): boolean => (token === null ? KNOWN.has(name.toLowerCase()) : name === token);
  const text = line.trimStart();
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  if (end >= 0) {
    const [name, properties] = split(text.slice(2, end), ',', unescapeProperty);
    if (known(name)) return { name, properties, data: unescapeData(text.slice(end + 2)) };
  }
  const start = line.indexOf('##[');
  const close = start < 0 ? -1 : line.indexOf(']', start);
  if (close < 0) return null;
  const [name, properties] = split(line.slice(start + 3, close), ';', unescapeOld);
  return known(name) ? { name, properties, data: unescapeOld(line.slice(close + 1)) } : null;
}

function split(info: string, separator: string, unescape: (text: string) => string): [string, Record<string, string>] {
  const space = info.indexOf(' ');
  if (space < 0) return [info.trim(), {}];
  const pairs = info.slice(space + 1).split(separator);
  const properties = pairs.flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 1 || equals === pair.length - 1
      ? []
      : [[pair.slice(0, equals).trim(), unescape(pair.slice(equals + 1).trim())] as const];
  });
  return [info.slice(0, space).trim(), Object.fromEntries(properties)];
}

const unescapeData = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
const unescapeProperty = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
const unescapeOld = (text: string): string =>
  text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%5D', ']').replaceAll('%25', '%');
