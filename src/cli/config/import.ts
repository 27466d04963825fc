// `runtask config import`: one object that is there already is looked at and taken over. Of one that the file does not declare, the lines
// that would declare it are printed.
import { hasErrors } from '../../base/diagnostics.ts';
import { typeOf } from '../../config/driver-yaml/deps.ts';
import { importConfig, type ImportedObject } from '../../config/driver-yaml/import-object.ts';
import { toResourceValues } from '../../config/driver-yaml/plan-json/resource-change.ts';
import { acquireLock } from '../../config/driver-yaml/record/lock.ts';
import { recordFileOf } from '../../config/driver-yaml/record/record-store.ts';
import { jsonText, logLine, logLines } from '../../report/escape.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './outcome.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

export async function runImport(what: { readonly type: string; readonly id: string }, context: CommandContext): Promise<ExitCode> {
  const { loaded, driver, screen, options } = context;
  const lock = await acquireLock(recordFileOf(loaded.file), context);
  if (!lock.ok) {
    tellDiagnostics([lock.error], screen);
    return EXIT.error;
  }
  try {
    const { object, diagnostics } = await importConfig(loaded, what, lock.value, driver());
    screen.status(null);
    tellDiagnostics(
      object === null || hasErrors(diagnostics) ? diagnostics : diagnostics.filter(({ severity }) => severity === 'error'),
      screen,
    );
    if (object === null) return EXIT.error;
    const { declared, declaration } = object;
    if (options.json) screen.print(jsonText(toJson(object)));
    else if (declared !== null) screen.print(`${toText(object, declared)}\n`);
    else {
      // The lines alone are the output: they may be appended to the file.
      screen.complain(
        `${nameOf(object)} is there, and ${logLine(loaded.file)} does not declare it. Nothing was taken over. These lines would:\n\n`,
      );
      screen.print(
        declaration === null
          ? ''
          : logLines(declaration.trimEnd())
              .map((line) => `${line}\n`)
              .join(''),
      );
    }
    return declared === null ? EXIT.error : EXIT.done;
  } finally {
    await lock.value.release();
  }
}

const NEXT: Readonly<Record<string, string>> = {
  'no-op': 'The next apply leaves it as it is.',
  'update': 'The next apply changes it: runtask config plan shows what.',
  'replace': 'The next apply replaces it: runtask config plan shows why.',
  'delete': 'The next apply destroys it: the file does not declare it.',
};

const nameOf = ({ resource, id }: ImportedObject): string => logLine(`${typeOf(resource)} ${id}`);

function toText(object: ImportedObject, { address, change, alreadyOurs }: NonNullable<ImportedObject['declared']>): string {
  const name = nameOf(object);
  return `${name} ${alreadyOurs ? 'was taken over before' : 'is taken over'}: ${logLine(address)}. ${NEXT[change.action] ?? ''}`;
}

/** `address` null: not declared. */
function toJson({ resource, id, state, declared, declaration }: ImportedObject): object {
  const { values, sensitive_values } = toResourceValues({ resource, address: '', name: '', index: null }, state);
  return {
    type: typeOf(resource),
    id,
    address: declared?.address ?? null,
    next_action: declared?.change.action ?? null,
    already_managed: declared?.alreadyOurs ?? false,
    declaration,
    values,
    sensitive_values,
  };
}
